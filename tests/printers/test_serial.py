import os
import pty
import threading
import tty

import pytest

from printers import deliver, encode
from tests.printers.fakes import PtyPrinter, TcpPrinter
from tests.printers.samples import ARABIC, FRENCH, device, nothing


@pytest.mark.parametrize("flow", ["rtscts", "xonxoff", "none"])
def test_it_prints_over_a_serial_line(flow: str) -> None:
    with PtyPrinter() as printer:
        opened = device("serial", device=printer.path, flow=flow)
        assert deliver(opened, encode(ARABIC, opened.profile), nothing).kind == "confirmed"
        assert len(printer.tickets) == 1
        opened.close()


def test_it_sets_the_flow_control_and_the_time_limit_that_are_asked_for() -> None:
    with PtyPrinter() as printer:
        for flow, expected in {"rtscts": (True, False), "xonxoff": (False, True), "none": (False, False)}.items():
            opened = device("serial", device=printer.path, flow=flow)
            opened.status()
            line = opened.link._device  # type: ignore[attr-defined]
            assert (line.rtscts, line.xonxoff) == expected
            assert line.write_timeout == 2.0
            opened.close()


def test_it_gives_up_a_printer_that_takes_nothing_and_closes_at_once() -> None:
    with PtyPrinter(reads=False) as printer:
        opened = device("serial", device=printer.path, timeout=0.3, answer_timeout=0.1)
        outcome = deliver(opened, b"\0" * 100_000, nothing)
        assert outcome.kind == "unknown"
        assert "took nothing" in str(outcome.reason)
        opened.close()


def test_it_says_that_the_cable_was_pulled() -> None:
    with PtyPrinter() as printer:
        opened = device("serial", device=printer.path)
        assert opened.status().state == "ready"
        printer.pull()
        outcome = deliver(opened, encode(FRENCH, opened.profile), nothing)
        assert outcome.kind == "failed"
        assert printer.path in str(outcome.reason)


def test_it_prints_through_a_socket_address() -> None:
    with TcpPrinter() as printer:
        opened = device("serial", device=f"socket://127.0.0.1:{printer.port}")
        assert deliver(opened, encode(FRENCH, opened.profile), nothing).kind == "confirmed"
        assert len(printer.tickets) == 1
        opened.close()


@pytest.mark.parametrize("address", ["/dev/ttyUSB99", "rfc2217://127.0.0.1:1", "gopher://x"])
def test_it_says_why_a_line_cannot_be_opened(address: str) -> None:
    outcome = deliver(device("serial", device=address, answer_timeout=0.2), b"x", nothing)
    assert outcome.kind == "failed"
    assert address in str(outcome.reason)


def test_it_says_that_a_device_may_not_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    from printers.devices.serial import _why

    assert "dialout" in str(_why(PermissionError(13, "Permission denied")))
    assert "another program" in str(_why(BlockingIOError(11, "locked")))


def test_it_will_not_share_a_line_with_another_program() -> None:
    with PtyPrinter() as printer:
        first, second = (device("serial", device=printer.path) for _ in range(2))
        assert first.status().state == "ready"
        assert "another program" in str(second.status().detail)
        first.close()
        assert second.status().state == "ready"
        second.close()


def test_it_waits_for_a_slow_line_as_long_as_it_moves() -> None:
    """9,600 baud: the time limit is shorter than the ticket takes."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    received = bytearray()
    pause = threading.Event()

    def read_slowly() -> None:
        while len(received) < 60_000:
            received.extend(os.read(master, 2000))
            pause.wait(0.02)

    reader = threading.Thread(target=read_slowly, daemon=True)
    reader.start()
    opened = device("serial", device=os.ttyname(slave), answers="no", timeout=0.3)
    assert deliver(opened, b"\0" * 60_000, nothing).kind == "confirmed"
    reader.join(10)
    assert len(received) == 60_000
    opened.close()
    os.close(master)
    os.close(slave)
