"""Printers on another machine's USB or serial line, through the programs that Debian has for it."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from printers import deliver, encode
from tests.printers.fakes import PtyPrinter
from tests.printers.samples import ARABIC, FRENCH, device, nothing
from tests.running import free_port

Start = Callable[[list[str], int], None]


def program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/bin")
    assert found, f"{name} is missing: apt-get install {name}"
    return found


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a bridge and waits until it listens."""
    running: list[subprocess.Popen[bytes]] = []

    def run(command: list[str], port: int) -> None:
        running.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        for _ in range(200):
            if _listens(port):
                return
            with pytest.raises(subprocess.TimeoutExpired):  # it is still running, so it may yet listen
                running[-1].wait(0.05)
        pytest.fail(f"{command[0]} does not listen on {port}")

    yield run
    for process in running:
        process.terminate()
        process.wait(10)


def _listens(port: int) -> bool:
    """Whether somebody listens, found out without connecting: a bridge serves one connection at a time."""
    rows = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return any(row.split()[1].endswith(f":{port:04X}") and row.split()[3] == "0A" for row in rows)


def p910nd_number() -> int:
    """p910nd listens on 9100, 9101 … only: the first that is free. Debian's start script makes its lock's folder."""
    Path("/var/lock/p910nd").mkdir(exist_ok=True)
    return next(number for number in range(9) if not _listens(9100 + number))


def test_it_prints_through_p910nd(start: Start) -> None:
    with PtyPrinter() as printer:
        number = p910nd_number()
        start([program("p910nd"), "-d", "-b", "-f", printer.path, "-i", "127.0.0.1", str(number)], 9100 + number)
        opened = device("network", host="127.0.0.1", port=9100 + number)
        for slip in (ARABIC, FRENCH):
            outcome = deliver(opened, encode(slip, opened.profile), nothing)
            assert (outcome.kind, outcome.evidence) == ("confirmed", "status")
        assert printer.wait(lambda: len(printer.tickets) == 2)
        printer.fault("paper-out")
        assert deliver(opened, b"x", nothing).status.state == "paper-out"
        opened.close()


def test_it_prints_through_p910nd_without_answers(start: Start) -> None:
    with PtyPrinter() as printer:
        number = p910nd_number()
        start([program("p910nd"), "-d", "-f", printer.path, "-i", "127.0.0.1", str(number)], 9100 + number)
        opened = device("network", host="127.0.0.1", port=9100 + number, answer_timeout=0.3)
        assert deliver(opened, encode(FRENCH, opened.profile), nothing).kind == "unknown"
        assert printer.wait(lambda: len(printer.tickets) == 1)
        opened.close()


@pytest.mark.filterwarnings("ignore:set(Daemon|Name):DeprecationWarning")  # pyserial calls them
@pytest.mark.parametrize("address", ["network", "socket", "rfc2217"])
def test_it_prints_through_ser2net(start: Start, tmp_path: Path, address: str) -> None:
    with PtyPrinter() as printer:
        port = free_port()
        accepter = f"telnet(rfc2217),tcp,127.0.0.1,{port}" if address == "rfc2217" else f"tcp,127.0.0.1,{port}"
        config = tmp_path / "ser2net.yaml"
        config.write_text(
            "connection: &hall\n"
            f"  accepter: {accepter}\n"
            f"  connector: serialdev,{printer.path},9600n81,local\n"
            "  options:\n"
            "    kickolduser: true\n"
        )
        start([program("ser2net"), "-n", "-c", str(config), "-P", str(tmp_path / "pid")], port)
        if address == "network":
            opened = device("network", host="127.0.0.1", port=port)
        else:
            # A pty has no DTR and RTS to be set, which a real line behind ser2net has.
            ignore = "?ign_set_control" if address == "rfc2217" else ""
            opened = device("serial", device=f"{address}://127.0.0.1:{port}{ignore}", flow="none")
        outcome = deliver(opened, encode(ARABIC, opened.profile), nothing)
        assert (outcome.kind, outcome.evidence) == ("confirmed", "status")
        assert printer.wait(lambda: len(printer.tickets) == 1)
        printer.fault("cover-open")
        assert opened.status().state == "cover-open"
        opened.close()
