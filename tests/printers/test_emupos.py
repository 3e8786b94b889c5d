"""An independent decoder reads our tickets: it must know every command and see the picture that the preview shows."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from printers import Slip, deliver, encode
from printers.compose import compose
from printers.drawing import paint
from printers.pieces import Code, Dots, Feed, Native, Piece
from tests.printers import emupos
from tests.printers.emupos import Emupos
from tests.printers.samples import ADDRESS, ARABIC, FRENCH, SLIPS, WIDTHS, device, nothing

pytestmark = pytest.mark.skipif(
    emupos.python() is None, reason="emupos needs a Python 3.13 or newer, and there is none on this machine"
)


@pytest.fixture(scope="module", params=WIDTHS)
def printer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Emupos, int]]:
    folder: Path = tmp_path_factory.mktemp(f"emupos-{request.param}")
    with Emupos(folder, request.param) as running:
        yield running, request.param


def without_letters(picture: Image.Image, pieces: tuple[Piece, ...]) -> Image.Image:
    """The picture with the printer's own letters left white: every printer draws those in its own way."""
    picture = picture.convert("L")
    top = 0
    for piece in pieces:
        height = {Feed: lambda p: p.dots, Dots: lambda p: p.image.height, Native: lambda p: 24 * p.high}.get(type(piece))
        if isinstance(piece, Code):
            from printers.pieces import qr_image

            rows = qr_image(piece.data, piece.module).height
        else:
            assert height is not None
            rows = height(piece)
        if isinstance(piece, Native):
            picture.paste(255, (0, top, picture.width, top + rows))
        top += rows
    return picture


@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.parametrize("native_text", [True, False])
@pytest.mark.parametrize("line", ["network", "serial"])
def test_it_sees_what_the_preview_shows(printer: tuple[Emupos, int], slip: Slip, native_text: bool, line: str) -> None:
    running, width = printer
    place = {"host": "127.0.0.1", "port": running.port} if line == "network" else {"device": running.pty, "flow": "none"}
    opened = device(line, width_dots=width, native_text=native_text, **place)
    before = len(running.receipts())
    assert deliver(opened, encode(slip, opened.profile), nothing).kind == "confirmed"
    assert len(running.receipts()) == before + 1
    pieces = compose(slip, opened.profile)
    seen = without_letters(Image.open(io.BytesIO(running.picture())), pieces)
    shown = without_letters(paint(pieces, width), pieces)
    assert ImageChops.difference(seen, shown).getbbox() is None
    assert f"[qr {ADDRESS}]" in running.text()
    for piece in pieces:
        if isinstance(piece, Native):
            assert piece.text.strip() in running.text()
    assert running.complaints() == []
    opened.close()


@pytest.mark.parametrize(("fault", "state"), [("paper-out", "paper-out"), ("cover-open", "cover-open"), ("offline", "offline")])
def test_it_sends_nothing_while_its_fault_shows(printer: tuple[Emupos, int], fault: str, state: str) -> None:
    running, width = printer
    opened = device("network", width_dots=width, host="127.0.0.1", port=running.port)
    before = len(running.receipts())
    running.fault(fault)
    assert deliver(opened, encode(FRENCH, opened.profile), nothing).status.state == state
    running.fault(fault, False)
    assert deliver(opened, encode(FRENCH, opened.profile), nothing).kind == "confirmed"
    assert len(running.receipts()) == before + 1
    opened.close()


def test_it_doubles_nothing_when_the_paper_ends_while_it_prints(printer: tuple[Emupos, int]) -> None:
    running, width = printer
    opened = device("network", width_dots=width, host="127.0.0.1", port=running.port, timeout=0.5)
    before = len(running.receipts())
    outcome = deliver(opened, encode(ARABIC, opened.profile), lambda: running.fault("paper-out"))
    assert (outcome.kind, outcome.status.state) == ("unknown", "paper-out")
    running.fault("paper-out", False)
    assert len(running.receipts()) == before + 1
    opened.close()


def test_it_hears_a_fault_that_comes_between_two_tickets(printer: tuple[Emupos, int]) -> None:
    running, width = printer
    opened = device("network", width_dots=width, host="127.0.0.1", port=running.port)
    assert deliver(opened, encode(FRENCH, opened.profile), nothing).kind == "confirmed"
    running.fault("paper-near-end")
    assert opened.listen(5).state == "near-end"
    running.fault("paper-near-end", False)
    assert opened.listen(5).state == "ready"
    opened.close()
