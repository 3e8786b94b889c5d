"""A job cut in the middle, by a crash or a power cut, must not swallow the next ticket."""

import io

import pytest
from PIL import Image, ImageChops

from printers import deliver, encode
from printers.compose import compose
from printers.drawing import paint
from printers.profiles import load
from printers.receiver.printer import SoftwarePrinter
from printers.spool import recovery
from tests.printers.fakes import PAGE, PtyPrinter
from tests.printers.samples import ARABIC, FRENCH, device, nothing

PROFILE = load("default", 576)


@pytest.mark.parametrize("profile", [PROFILE, PROFILE.raster()], ids=["native", "raster"])
def test_it_prints_the_next_ticket_whole_wherever_the_last_was_cut(profile: object) -> None:
    assert isinstance(profile, type(PROFILE))
    cut, whole = encode(ARABIC, profile), encode(FRENCH, profile)
    shown = paint(compose(FRENCH, profile), 576)
    for length in range(1, len(cut), 97):
        printer = SoftwarePrinter(576, PAGE)
        printer.receive(cut[:length] + recovery(profile) + whole)
        assert ImageChops.difference(printer.tickets[-1].picture.convert("L"), shown.convert("L")).getbbox() is None, length


def test_without_recovery_the_next_ticket_would_be_lost() -> None:
    raster = PROFILE.raster()
    printer = SoftwarePrinter(576, PAGE)
    printer.receive(encode(ARABIC, raster)[:3000] + encode(FRENCH, PROFILE))
    assert not printer.tickets or printer.tickets[0].picture.height != paint(compose(FRENCH, PROFILE), 576).height


def test_a_device_that_saw_a_job_cut_recovers_by_itself() -> None:
    with PtyPrinter() as printer:
        opened = device("serial", device=printer.path, timeout=0.5, answer_timeout=0.5)
        assert opened.status().state == "ready"
        data = encode(ARABIC, opened.profile.raster())
        opened.send(data[:5000])
        opened.cut_short = True
        assert printer.wait(lambda: printer.printer.waiting > 0)
        opened.close()
        # Questions would fall into the open picture, so it is filled first.
        assert deliver(opened, encode(FRENCH, opened.profile), nothing).kind == "confirmed"
        assert printer.tickets[-1].picture.height == paint(compose(FRENCH, opened.profile), 576).height
        opened.close()


def test_a_caller_that_found_a_cut_job_says_so() -> None:
    printer = device("virtual")
    printer.send(encode(ARABIC, printer.profile.raster())[:5000])
    assert deliver(printer, encode(FRENCH, printer.profile), nothing, after_cut=True).kind == "confirmed"
    picture = Image.open(io.BytesIO(printer.pictures()[0][1]))
    assert picture.height == paint(compose(FRENCH, printer.profile), 576).height
