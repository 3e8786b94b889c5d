import io
from pathlib import Path

from PIL import Image

from printers import deliver, encode
from printers.devices.virtual import KEPT
from tests.printers.samples import FRENCH, device, nothing


def test_it_keeps_the_last_tickets_as_pictures(tmp_path: Path) -> None:
    printer = device("virtual", folder=str(tmp_path / "tickets"))
    data = encode(FRENCH, printer.profile)
    for _ in range(KEPT + 3):
        assert deliver(printer, data, nothing).kind == "confirmed"
    names = [name for name, _ in printer.pictures()]
    assert names == [f"{number:06d}" for number in range(KEPT + 3, 3, -1)]
    assert sorted(path.stem for path in (tmp_path / "tickets").iterdir()) == sorted(names)
    assert Image.open(io.BytesIO(printer.pictures()[0][1])).width == 576


def test_it_goes_on_where_an_earlier_start_ended(tmp_path: Path) -> None:
    for expected in (["000001"], ["000002", "000001"]):
        printer = device("virtual", folder=str(tmp_path))
        deliver(printer, encode(FRENCH, printer.profile), nothing)
        assert [name for name, _ in printer.pictures()] == expected


def test_it_says_that_its_folder_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    printer = device("virtual", folder=str(tmp_path / "taken"))
    outcome = deliver(printer, encode(FRENCH, printer.profile), nothing)
    assert outcome.kind == "failed"
    assert "taken" in str(outcome.reason)


def test_it_prints_nothing_without_paper() -> None:
    printer = device("virtual")
    printer.link.printer.faults.add("paper-out")  # type: ignore[attr-defined]
    assert deliver(printer, encode(FRENCH, printer.profile), nothing).status.state == "paper-out"
    assert printer.pictures() == []
