"""A day of a very large hall at many times its speed, against a real server in a process of its own.

python -m tests.bench.day [--visits 3000] [--speed 60] [--no-growth] [--write docs/performance.md]
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from server.operations.making import make_unit
from server.store.database import connect
from tests.bench.day import growth
from tests.bench.day.figures import HEAD, Hour, line, memory_mb, processor_s, spread
from tests.bench.day.paper import Printers
from tests.bench.day.plan import HOUR_S, PER_HOUR, Size, arrivals
from tests.bench.day.players import Day, clerk, kiosk, phone, punctual
from tests.bench.day.screens import Screens
from tests.faults.hall import left
from tests.running import Running

BEGIN, END = "<!-- a large hall's day: begin -->", "<!-- a large hall's day: end -->"
OPENS = 8
PATIENCE_S = 300.0
PRINTER = '[[printers]]\nname = "hall-{n}"\ntransport = "network"\nhost = "127.0.0.1"\nport = {port}\n'
KIOSK = '[[kiosks]]\nname = "kiosk-{n}"\nprinter = "hall-{n}"\n'


class Table:
    """Lines that are said as they come and kept for a document."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, text: str) -> None:
        print(text, flush=True)
        self.lines.append(text)


async def play(folder: Path, size: Size, table: Table) -> bool:
    """The whole day; whether nothing was lost."""
    printers = Printers()
    await printers.open(size.kiosks)
    running = _hall(folder, size, printers.ports)
    running.start()
    try:
        screens = Screens(running.port, size.displays)
        day = Day(size, running.port, screens, random.Random(11))
        await _open(day, running)
        await _hours(day, running, table)
        await screens.leave()
        waiting = _undelivered(folder)
    finally:
        running.stop()
        printers.close()
    return _judge(folder, day, printers.cuts, waiting, table)


def _hall(folder: Path, size: Size, ports: list[int]) -> Running:
    devices = [PRINTER.format(n=n, port=port) for n, port in enumerate(ports, 1)]
    devices += [KIOSK.format(n=n) for n in range(1, len(ports) + 1)]
    make_unit(folder, "annexe", printers="\n".join(devices))
    growth.set_counters(folder, size.counters)
    running = Running(folder)
    running.unlimited()
    return running


async def _open(day: Day, running: Running) -> None:
    """Every screen of the hall, then its people."""
    size = day.size
    await day.screens.join("/display", running.token("display", "displays"), size.displays)
    for number in range(1, size.kiosks + 1):
        await day.screens.join("/kiosk", running.token("kiosk", f"kiosk-{number}"), 1)
    await day.screens.join("/counter", running.token("clerk", "screens"), size.counters)
    await day.screens.join("/manager", running.token("manager", "manager"), 1)


async def _hours(day: Day, running: Running, table: Table) -> None:
    """Everybody plays; a line an hour."""
    size = day.size
    coming = arrivals(size, day.chance)
    kiosks = [(running.token("kiosk", f"kiosk-{n + 1}"), coming[n :: size.kiosks]) for n in range(size.kiosks)]
    clerks = [running.token("clerk", f"clerk-{number}") for number in range(1, size.counters + 1)]
    day.started = time.perf_counter()
    jobs = [asyncio.create_task(kiosk(day, token, theirs)) for token, theirs in kiosks]
    jobs += [asyncio.create_task(clerk(day, token, number)) for number, token in enumerate(clerks, 1)]
    phones = [asyncio.create_task(phone(day, number)) for number in range(size.phones)]
    phones.append(asyncio.create_task(punctual(day)))
    everybody = asyncio.gather(*jobs)
    for number, hour in enumerate(day.hours):
        last = number == len(PER_HOUR)
        await _watch(day, running, hour, number, everybody if last else None)
        table.say(line("after closing" if last else f"{OPENS + number}–{OPENS + number + 1} h", hour))
    for one in phones:
        one.cancel()
    await asyncio.gather(*phones, return_exceptions=True)
    await everybody


async def _watch(day: Day, running: Running, hour: Hour, number: int, until: asyncio.Future[list[None]] | None) -> None:
    """Look at the server and the queue until the hour is over, or until everybody has gone home."""
    assert running.process is not None
    pid = running.process.pid
    used, begun, snapshots = processor_s(pid), time.perf_counter(), day.screens.snapshots
    while not until.done() if until else day.now < (number + 1) * HOUR_S:
        hour.most_waiting = max(hour.most_waiting, day.screens.waiting)
        await asyncio.sleep(0.1)
        if until and time.perf_counter() - begun > PATIENCE_S:
            until.cancel()
    hour.took_s = time.perf_counter() - begun
    hour.processor_s = processor_s(pid) - used
    hour.snapshots = day.screens.snapshots - snapshots
    hour.memory_mb = memory_mb(pid)
    await asyncio.sleep(0.3)
    for one in [one for one in day.pressed if one.hour == number]:
        shown = day.screens.shown_ms(one.ticket, one.counter, one.at)
        if shown is not None:
            hour.shown.append(shown)


def _undelivered(folder: Path) -> int:
    """Waits until every ticket is printed or given up; how many are not by then."""
    conn = connect(folder / "unit.db", read_only=True)
    end = time.monotonic() + 20
    count = 1
    while count and time.monotonic() < end:
        (count,) = conn.execute("SELECT COUNT(*) FROM deliveries WHERE kind = 'print' AND state = 'pending'").fetchone()
        time.sleep(0.1)
    conn.close()
    return int(count)


def _judge(folder: Path, day: Day, printed: int, undelivered: int, table: Table) -> bool:
    found = left(folder / "unit.db", day.given)
    called, shown = len(day.pressed), sum(len(hour.shown) for hour in day.hours)
    table.say("")
    table.say(
        f"Tickets acknowledged: {len(day.given)} of {day.size.visits}; lost: {found.lost}; numbers given twice: {found.twice};"
        f" printed: {printed}, still owed: {undelivered}. Calls: {called}, shown on all {day.size.displays} displays: {shown}."
        f" Visits ended: {day.ended}. Screens that lost their connection: {day.screens.lost}. Answers nobody expected:"
        f" {dict(day.unexpected) or 'none'}. The journal {'replays' if found.replays else 'DOES NOT REPLAY'}, the file is"
        f" {'whole' if found.intact else 'DAMAGED'}."
    )
    everything = [time for hour in day.hours for time in hour.tickets], [time for hour in day.hours for time in hour.calls]
    table.say(
        f"Of the whole day: ticket {spread(everything[0])}, call {spread(everything[1])} (p50 / p99). The one process of all"
        f" clients, which shares the processors with the server, came late itself by {spread(day.late)}."
    )
    complete = len(day.given) == day.ended == called == shown == day.size.visits and not undelivered
    return found.good and complete and not day.unexpected and not day.screens.lost


def write(document: Path, lines: list[str]) -> None:
    """Put the tables between the document's marks."""
    before, rest = document.read_text(encoding="utf-8").split(BEGIN)
    document.write_text(f"{before}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{rest.split(END)[1]}", encoding="utf-8")


def main() -> int:
    usual = Size()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visits", type=int, default=usual.visits)
    parser.add_argument("--speed", type=float, default=usual.speed, help="seconds of the day in one second")
    parser.add_argument("--phones", type=int, default=usual.phones)
    parser.add_argument("--no-day", action="store_true", help="how the cost grows, alone")
    parser.add_argument("--no-growth", action="store_true", help="the day alone")
    parser.add_argument("--write", type=Path, help="a document with a place for the tables")
    asked = parser.parse_args()
    size, table, good = Size(visits=asked.visits, speed=asked.speed, phones=asked.phones), Table(), True
    if not asked.no_day:
        table.say(
            f"{size.visits} visits, {size.counters} counters, {size.displays} displays, {size.kiosks} kiosks with a printer each,"
            f" {size.phones} telephones that ask every ten seconds, at {size.speed:.0f} times the speed:\n\n{HEAD}"
        )
        with tempfile.TemporaryDirectory(prefix="istiqbal-day-") as name:
            good = asyncio.run(play(Path(name) / "unit", size, table))
    if not asked.no_growth:
        growth.measure(size.visits < usual.visits, table.say)
    if asked.write:
        write(asked.write, table.lines)
    return 0 if good else 1


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main())
