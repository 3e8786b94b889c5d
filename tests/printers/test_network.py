import socket
import subprocess
import sys

import pytest

from printers import deliver, encode
from tests.printers.fakes import TcpPrinter
from tests.printers.samples import ARABIC, FRENCH, device, nothing


def test_it_prints_over_tcp_and_keeps_the_connection() -> None:
    with TcpPrinter() as printer:
        opened = device("network", host="127.0.0.1", port=printer.port)
        for slip in (ARABIC, FRENCH, ARABIC):
            assert deliver(opened, encode(slip, opened.profile), nothing).kind == "confirmed"
        assert printer.wait(lambda: len(printer.tickets) == 3)
        assert printer.connections == 1
        opened.close()


def test_it_reconnects_by_itself() -> None:
    with TcpPrinter() as printer:
        opened = device("network", host="127.0.0.1", port=printer.port)
        data = encode(FRENCH, opened.profile)
        assert deliver(opened, data, nothing).kind == "confirmed"
        printer.reset()
        assert deliver(opened, data, nothing).kind == "confirmed"
        opened.close()
        assert deliver(opened, data, nothing).kind == "confirmed"
        assert printer.connections == 3
        assert len(printer.tickets) == 3
        opened.close()


def test_it_notices_a_pulled_cable() -> None:
    with TcpPrinter() as printer:
        opened = device("network", host="127.0.0.1", port=printer.port, timeout=7)
        opened.status()
        line = opened.link._device  # type: ignore[attr-defined]
        assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 7000
        assert line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
        opened.close()


def test_it_gives_up_a_printer_that_never_reads() -> None:
    with TcpPrinter(reads=False) as printer:
        opened = device("network", host="127.0.0.1", port=printer.port, answer_timeout=0.1, timeout=0.3)
        outcome = deliver(opened, b"\0" * 20_000_000, nothing)
        assert outcome.kind == "unknown"
        assert "took nothing for 0.3 s" in str(outcome.reason)


@pytest.mark.parametrize("host", ["printer.invalid", "127.0.0.1"])
def test_it_says_that_there_is_no_printer(host: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        outcome = deliver(device("network", host=host, port=free.getsockname()[1]), b"x", nothing)
    assert outcome.kind == "failed"
    assert host in str(outcome.reason)


def test_it_leaves_the_logging_of_the_program_alone() -> None:
    code = "import logging; import printers.devices.network; print(len(logging.root.handlers))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"
