"""Every fault of a printer that was tried, over TCP and over a pty, and what happened to the tickets.

    python -m tests.printers.faults [--write docs/printing.md]

In each case three tickets are owed, the fault strikes around the second one, and it is mended. A case holds when
every ticket was printed exactly once, or is known to be unknown and was printed at most once, and the queue went on.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from printers import Device
from printers.receiver.printer import Fault
from tests.printers import cable
from tests.printers.fakes import PtyPrinter, TcpPrinter
from tests.printers.hall import Hall
from tests.printers.samples import device

Printer = TcpPrinter | PtyPrinter
LINES = ("TCP", "pty")
NUMBERS = ("A001", "A002", "A003")
BEGIN, END = "<!-- fault table: begin -->", "<!-- fault table: end -->"


@dataclass
class Case:
    """One fault on one line, with a queue, a device and the printer at its other end."""

    line: str
    folder: Path
    printer: Printer
    device: Device
    hall: Hall
    numbers: tuple[str, ...] = NUMBERS

    def first(self) -> None:
        """The ticket before the fault."""
        assert self.hall.print_next(self.device) == "confirmed"

    def rest(self, mend: Callable[[], None]) -> None:
        """All others, mending the fault when a ticket could not be sent."""
        self.hall.print_all(self.device, mend)

    def at(self, size: int, strike: Callable[[], None]) -> None:
        """Lets the fault strike once when so many bytes of the coming ticket have arrived."""
        start = len(self.printer.received)
        self.printer.chunk = 256

        def look(total: int) -> None:
            if total >= start + size:
                self.printer.on_bytes = lambda _: None
                strike()

        self.printer.on_bytes = look


@dataclass(frozen=True)
class Result:
    """One line of the table."""

    fault: str
    line: str
    states: str
    paper: str
    holds: bool
    ordered: int
    lost: int
    """Neither on paper nor known as unknown."""
    twice: int


Trial = Callable[[Case], None]
TRIALS: dict[str, tuple[Trial, tuple[str, ...]]] = {}


def trial(name: str, *lines: str) -> Callable[[Trial], Trial]:
    """A fault to try, on these lines."""

    def add(run: Trial) -> Trial:
        TRIALS[name] = (run, lines or LINES)
        return run

    return add


def _fault_before(fault: Fault) -> Trial:
    def run(case: Case) -> None:
        case.first()
        case.printer.fault(fault)
        case.rest(lambda: case.printer.fault(fault, False))

    return run


def _fault_during(fault: Fault) -> Trial:
    def run(case: Case) -> None:
        case.first()
        case.at(2500, lambda: _later(case, fault))
        case.hall.print_next(case.device)
        case.printer.fault(fault, False)
        case.rest(lambda: None)

    return run


def _later(case: Case, fault: Fault) -> None:
    case.printer.printer.faults.add(fault)


_STOPPING: tuple[Fault, ...] = ("paper-out", "cover-open", "offline", "error")
for _fault in _STOPPING:
    _words = _fault.replace("-", " ").replace("error", "cutter jam")
    trial(f"{_words} before a ticket")(_fault_before(_fault))
    trial(f"{_words} during a ticket")(_fault_during(_fault))


@trial("paper out after a ticket")
def _after(case: Case) -> None:
    case.first()
    case.hall.print_next(case.device)
    case.printer.fault("paper-out")
    assert case.device.listen(2).state == "paper-out"
    case.rest(lambda: case.printer.fault("paper-out", False))


@trial("cable pulled between tickets")
def _pulled(case: Case) -> None:
    case.first()
    case.printer.pull()
    case.rest(case.printer.plug)


@trial("cable pulled during a ticket", "pty")
def _pulled_during(case: Case) -> None:
    case.first()
    case.at(2500, case.printer.pull)
    case.hall.print_next(case.device)
    case.printer.printer.switch_off()
    case.rest(case.printer.plug)


@trial("reader stalls during a ticket")
def _stalls(case: Case) -> None:
    case.first()
    case.at(2500, lambda: setattr(case.printer, "reads", False))
    case.hall.print_next(case.device)
    case.printer.resume()
    case.rest(lambda: None)


@trial("connection reset during a ticket", "TCP")
def _reset(case: Case) -> None:
    assert isinstance(case.printer, TcpPrinter)
    case.first()
    case.at(2500, case.printer.reset)
    case.hall.print_next(case.device)
    case.rest(lambda: None)


@trial("power cut during a ticket")
def _power(case: Case) -> None:
    def cut() -> None:
        case.printer.printer.switch_off()
        case.printer.answers = False

    case.first()
    case.at(2500, cut)
    case.hall.print_next(case.device)
    case.printer.printer.switch_off()
    case.printer.answers = True
    case.rest(lambda: None)


@trial("slow line of 9,600 baud", "pty")
def _slow(case: Case) -> None:
    """960 bytes a second; the limit to standing still is 2 s, and a ticket takes longer."""
    pause = threading.Event()
    case.device.close()
    case.device = device(**{**_place(case.printer), "baudrate": 9600})
    case.printer.chunk = 96

    def slowly(_: int) -> None:
        pause.wait(0.1)

    case.printer.on_bytes = slowly
    case.first()
    case.printer.on_bytes = lambda _: None


@trial("full spool: 60 tickets wait for paper")
def _full(case: Case) -> None:
    more = tuple(f"B{number:03d}" for number in range(57))
    case.hall.order(*more)
    case.numbers = NUMBERS + more
    case.printer.fault("paper-out")
    case.rest(lambda: case.printer.fault("paper-out", False))


@trial("answers garbage (wrong baud rate)")
def _garbage(case: Case) -> None:
    case.first()
    case.printer.babble = b"\xfe\xff\x81\x9c\xe0"

    def mend() -> None:
        assert "nonsense" in str(case.device.last_status.detail)
        case.printer.babble = None

    case.rest(mend)


@trial("never answers")
def _silent(case: Case) -> None:
    case.printer.answers = False
    case.rest(lambda: None)
    case.printer.wait(lambda: len(case.printer.tickets) == 3)


def _killed(at_byte: int) -> Trial:
    """kill -9 of the printing program when so many bytes have reached the printer; then it starts again."""

    def run(case: Case) -> None:
        database = case.folder / "hall.db"
        case.hall.close()
        case.device.close()
        settings = {"name": "hall-1", "timeout": 2.0, "answer_timeout": 1.0, **_place(case.printer)}
        command = [sys.executable, "-m", "tests.printers.hall", str(database), json.dumps(settings)]
        process = subprocess.Popen(command)
        case.at(at_byte, lambda: os.kill(process.pid, signal.SIGKILL))
        process.wait(30)
        case.printer.chunk = 4096
        subprocess.run(command, check=True, timeout=60)
        case.hall = Hall(database)

    return run


for _at, _step in (
    (1, "while it is checked"),
    (13, "before its first byte is taken"),
    (3000, "while it is sent"),
    (14_000, "later"),
):
    trial(f"kill -9 of the server {_step}")(_killed(_at))


def _place(printer: Printer) -> dict[str, Any]:
    if isinstance(printer, TcpPrinter):
        return {"transport": "network", "host": "127.0.0.1", "port": printer.port}
    return {"transport": "serial", "device": printer.path, "baudrate": 115_200}


@contextmanager
def _case(line: str) -> Iterator[Case]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with TcpPrinter() if line == "TCP" else PtyPrinter(link=folder / "printer") as printer:
            hall = Hall(folder / "hall.db")
            hall.order(*NUMBERS)
            opened = device(**_place(printer), timeout=1.0)
            case = Case(line, folder, printer, opened, hall)
            yield case
            case.device.close()
            case.hall.close()


def try_fault(name: str, line: str) -> Result:
    """Tries one fault on one line."""
    run, _ = TRIALS[name]
    with _case(line) as case:
        run(case)
        case.rest(lambda: None)
        case.printer.wait(lambda: not case.printer.printer.waiting)
        return _judged(name, case)


def _judged(name: str, case: Case) -> Result:
    texts = [ticket.text for ticket in case.printer.tickets]
    return judged(name, case.line, case.numbers, case.hall.jobs(), texts)


def judged(name: str, line: str, numbers: tuple[str, ...], all_jobs: list[tuple[str, str, str]], texts: list[str]) -> Result:
    """Whether each ticket is on paper as often as its state allows."""
    printed = {number: sum(number in text for text in texts) for number in numbers}
    jobs = [(number, state) for number, state, _ in all_jobs if number in numbers]
    holds = len(jobs) == len(numbers)
    for number, state in jobs:
        allowed = (1,) if state == "confirmed" else (0, 1) if state == "unknown" else ()
        holds = holds and printed[number] in allowed
    counts = {state: sum(job[1] == state for job in jobs) for state in ("confirmed", "unknown", "queued", "sending")}
    states = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
    paper = f"{sum(count == 1 for count in printed.values())} once, {sum(count > 1 for count in printed.values())} twice"
    missing = sum(count == 0 for count in printed.values())
    unknown = {number for number, state in jobs if state == "unknown"}
    lost = sum(count == 0 and number not in unknown for number, count in printed.items())
    twice = sum(count > 1 for count in printed.values())
    paper += f", {missing} not (unknown)" if missing else ""
    return Result(name, line, states, paper, holds, len(numbers), lost, twice)


def try_cable(when: str) -> Result:
    """A network cable that is really pulled, in network namespaces."""
    found: Any = cable.try_cable(when)
    jobs = [tuple(job) for job in found["jobs"]]
    name = f"cable pulled {when} tickets" if when == "between" else "cable pulled during a ticket"
    result = judged(name, "TCP, network namespace", NUMBERS, jobs, found["texts"])
    return replace(result, states=f"{result.states}; noticed after {found['noticed']:.1f} s (limit 2 s)")


def results() -> Iterator[Result]:
    """Every fault on every line."""
    for name, (_, where) in TRIALS.items():
        for line in where:
            yield try_fault(name, line)
    if cable.possible():
        yield try_cable("between")
        yield try_cable("during")


def table() -> tuple[list[str], bool]:
    """The lines of the table, and whether every case holds."""
    lines = ["| fault | line | tickets | on paper | held |", "| --- | --- | --- | --- | --- |"]
    all_hold = True
    for result in results():
        all_hold = all_hold and result.holds
        held = "yes" if result.holds else "NO"
        lines.append(f"| {result.fault} | {result.line} | {result.states} | {result.paper} | {held} |")
        print(lines[-1], flush=True)
    return lines, all_hold


def main() -> int:
    """Prints the table, and writes it into a document where asked to."""
    parser = argparse.ArgumentParser(description="Tries every printer fault and prints what happened.")
    parser.add_argument("--write", type=Path, help="a document with a place for the table")
    chosen = parser.parse_args()
    lines, all_hold = table()
    if chosen.write:
        text = chosen.write.read_text(encoding="utf-8")
        before, rest = text.split(BEGIN)
        after = rest.split(END)[1]
        chosen.write.write_text(f"{before}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{after}", encoding="utf-8")
    return 0 if all_hold else 1


if __name__ == "__main__":
    sys.exit(main())
