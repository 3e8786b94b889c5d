import io
from dataclasses import replace

import pytest
from PIL import Image, ImageChops

from printers import PrinterError, deliver, encode
from printers.compose import compose
from printers.drawing import paint
from printers.profiles import load
from printers.stored import fixed_pictures, plan
from tests.printers.fakes import TcpPrinter
from tests.printers.samples import ARABIC, SLIPS, device, nothing

PROFILE = load("default", 576)


def test_it_prints_the_same_ticket_from_kept_pictures() -> None:
    printer = device("virtual", graphics="stored")
    printer.keep(SLIPS)
    for slip in SLIPS:
        data = encode(slip, printer.profile, printer.stored)
        assert len(data) <= len(encode(slip, printer.profile))
        assert deliver(printer, data, nothing).kind == "confirmed"
        picture = Image.open(io.BytesIO(printer.pictures()[0][1]))
        shown = paint(compose(slip, printer.profile), 576)
        assert ImageChops.difference(picture.convert("L"), shown.convert("L")).getbbox() is None


def test_it_writes_a_picture_only_when_it_changed() -> None:
    printer = device("virtual", graphics="stored")
    assert printer.keep([ARABIC]) > 5
    assert printer.keep([ARABIC]) == 0
    assert printer.keep([replace(ARABIC, footer="شكرا")]) == 1
    assert printer.keep([replace(ARABIC, footer=None)]) == 0


def test_it_keeps_no_picture_that_is_no_longer_wanted() -> None:
    printer = device("virtual", graphics="stored")
    printer.keep(SLIPS)
    printer.keep([ARABIC])
    stored = printer.link.printer.paper.stored  # type: ignore[attr-defined]
    assert len(stored) == 2 * len(fixed_pictures([ARABIC], PROFILE))


def test_it_writes_anew_what_has_no_proof() -> None:
    """A namesake with other content, or a write cut in the middle."""
    wanted = fixed_pictures([ARABIC], PROFILE)
    first = plan(wanted, frozenset())
    assert first.written == len(wanted)
    assert plan(wanted, frozenset(first.names.values())).written == len(wanted)


def test_it_asks_for_more_names_than_fit_in_one_answer() -> None:
    with TcpPrinter() as printer:
        opened = device("network", host="127.0.0.1", port=printer.port, graphics="stored")
        many = [replace(ARABIC, service=f"مصلحة {number}") for number in range(60)]
        assert opened.keep(many) > 60
        assert opened.keep(many) == 0
        opened.close()


def test_it_prints_without_kept_pictures_where_there_is_no_room_for_them() -> None:
    with TcpPrinter(answers=False) as printer:
        opened = device("network", host="127.0.0.1", port=printer.port, graphics="stored", answer_timeout=0.2)
        with pytest.raises(PrinterError, match="graphics = 'raster'"):
            opened.keep([ARABIC])
        assert opened.stored == {}
        deliver(opened, encode(ARABIC, opened.profile, opened.stored), nothing)
        assert printer.wait(lambda: len(printer.tickets) == 1)
        assert printer.tickets[0].picture.height == paint(compose(ARABIC, opened.profile), 576).height
        opened.close()


def test_it_trusts_no_kept_picture_behind_a_new_connection() -> None:
    with TcpPrinter() as printer:
        opened = device("network", host="127.0.0.1", port=printer.port, graphics="stored")
        opened.keep([ARABIC])
        data = encode(ARABIC, opened.profile, opened.stored)
        printer.reset()
        assert deliver(opened, data, nothing).kind == "failed"
        assert deliver(opened, encode(ARABIC, opened.profile, opened.stored), nothing).kind == "confirmed"
        opened.close()
