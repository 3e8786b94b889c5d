import os
from pathlib import Path

import pytest

from printers import deliver, encode
from printers.receiver.printer import SoftwarePrinter
from tests.printers.fakes import PAGE, PtyPrinter
from tests.printers.samples import FRENCH, device, nothing


def test_it_prints_to_a_device_node(tmp_path: Path) -> None:
    node = tmp_path / "lp0"
    node.touch()
    opened = device("file", device=str(node))
    outcome = deliver(opened, encode(FRENCH, opened.profile), nothing)
    assert (outcome.kind, outcome.evidence) == ("confirmed", "written")
    printer = SoftwarePrinter(576, PAGE)
    printer.receive(node.read_bytes())
    assert len(printer.tickets) == 1
    opened.close()


def test_it_asks_a_device_node_that_can_answer() -> None:
    with PtyPrinter() as printer:
        opened = device("file", device=printer.path, answers="yes")
        printer.fault("paper-out")
        assert deliver(opened, b"x", nothing).status.state == "paper-out"
        printer.fault("paper-out", False)
        outcome = deliver(opened, encode(FRENCH, opened.profile), nothing)
        assert (outcome.kind, outcome.evidence) == ("confirmed", "status")
        opened.close()


def test_it_makes_no_file_where_a_device_is_missing(tmp_path: Path) -> None:
    outcome = deliver(device("file", device=str(tmp_path / "lp0")), b"x", nothing)
    assert outcome.kind == "failed"
    assert "no such device" in str(outcome.reason)
    assert not (tmp_path / "lp0").exists()


def test_it_gives_up_a_device_that_takes_nothing(tmp_path: Path) -> None:
    pipe = tmp_path / "lp0"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    opened = device("file", device=str(pipe), timeout=0.2)
    outcome = deliver(opened, b"\0" * 1_000_000, nothing)
    os.close(reader)
    assert outcome.kind == "unknown"
    assert "took nothing" in str(outcome.reason)
    assert deliver(opened, b"x", nothing).kind == "failed"


@pytest.mark.parametrize(("number", "words"), [(13, "group lp"), (16, "another program"), (19, "no such device")])
def test_it_says_what_to_do(number: int, words: str) -> None:
    from printers.devices.file import _why

    assert words in str(_why(OSError(number, os.strerror(number))))
