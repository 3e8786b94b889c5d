"""`make bench`: how fast the unit is, beside what this machine can do at all. A benchmark, not a test."""

from __future__ import annotations

import asyncio
import multiprocessing
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from server.operations.making import make_unit
from server.store.database import connect
from tests.bench import calls, estimates
from tests.bench.clients import HttpClient, watch
from tests.bench.floors import bare_broadcast, bare_commits, summary
from tests.running import Paper, Running, free_port

TICKETS = "/api/v1/tickets"
ORDER: dict[str, object] = {"service": "etat-civil", "language": "ar"}
PRINTERS = """
[[printers]]
name = "hall-1"
transport = "network"
host = "127.0.0.1"
port = {port}

[[kiosks]]
name = "kiosk-1"

[[kiosks]]
name = "kiosk-2"
printer = "hall-1"
"""
PRINTED = 100
SEQUENTIAL = 1500
PARALLEL, EACH = 16, 100
ROUNDS = 150


def main() -> None:
    print(f"| {'what':58} | {'median':>9} | {'p99':>9} | {'longest':>9} | {'rate':>8} |")
    print(f"|{'-' * 60}|{'-' * 11}|{'-' * 11}|{'-' * 11}|{'-' * 10}|")
    for what, times, rate in calls.measure():
        row(what, times, rate)
    row(f"one estimate, of {estimates.WAITING} who wait (may take 1 ms)", estimates.measure())
    row("floor: BEGIN IMMEDIATE + insert + COMMIT, FULL", bare_commits(1000))
    paper = Paper(free_port())
    with tempfile.TemporaryDirectory(prefix="istiqbal-bench-") as name:
        running = Running(_unit(Path(name), paper))
        running.unlimited()
        started = time.perf_counter()
        running.start()
        print(f"server start to first answer: {time.perf_counter() - started:.2f} s; idle memory: {_memory(running):.0f} MB (PSS)")
        try:
            _measure(running, paper)
        finally:
            running.stop()
            paper.close()


def _measure(running: Running, paper: Paper) -> None:
    token = running.token("kiosk", "kiosk-1")
    asyncio.run(_tickets(running.port, token, 1, 200))
    times, took = asyncio.run(_tickets(running.port, token, 1, SEQUENTIAL))
    row("ticket over HTTP, durable, one client", times, len(times) / took)
    row("floor again", bare_commits(1000))
    times, took = asyncio.run(_tickets(running.port, token, PARALLEL, EACH))
    row(f"the same, {PARALLEL} clients", times, len(times) / took)
    _check_numbers(running.folder)
    row("commit → last byte at a network printer", _printed(running, running.token("kiosk", "kiosk-2"), paper))
    display = running.token("display", "bench")
    size = 2600
    for count in (20, 200):
        row(f"floor: bare websockets broadcast to {count}", bare_broadcast(count, size, ROUNDS))
        row(f"commit → snapshot at the last of {count} displays", _displays(running.port, display, token, count))


def _unit(folder: Path, paper: Paper) -> Path:
    """`kiosk-1` prints nothing, `kiosk-2` on a software printer over TCP."""
    make_unit(folder / "unit", "annexe", printers=PRINTERS.format(port=paper.port))
    return folder / "unit"


def _printed(running: Running, token: str, paper: Paper) -> list[float]:
    """Milliseconds from the commit of a ticket (its `issued_at`) to its last byte at the printer."""
    lags = []
    for number in range(PRINTED):
        before = paper.cut_times()
        answer = running.post(token, TICKETS.removeprefix("/api/v1"), ORDER).json()
        paper.cuts(len(before) + 1)
        committed = datetime.fromisoformat(answer["issued_at"]).timestamp()
        lags.append((paper.cut_times()[-1] - committed) * 1000)
        if number % 10 == 9:
            time.sleep(0.2)
    return lags


async def _tickets(port: int, token: str, clients: int, each: int) -> tuple[list[float], float]:
    """Milliseconds of each ticket, and seconds for all."""
    times: list[float] = []

    async def work(name: int) -> None:
        client = HttpClient(port, token)
        await client.open()
        for number in range(each):
            start = time.perf_counter()
            status, answer = await client.post(TICKETS, ORDER, f"{name}-{number}-{start}")
            times.append((time.perf_counter() - start) * 1000)
            assert status == 201, answer
        client.close()

    start = time.perf_counter()
    await asyncio.gather(*(work(name) for name in range(clients)))
    return times, time.perf_counter() - start


def _displays(port: int, token: str, kiosk: str, count: int) -> list[float]:
    """The displays live in a process of their own, so that the one that gives tickets doesn't slow them."""
    context = multiprocessing.get_context("spawn")
    outbox: Any = context.Queue()
    process = context.Process(target=watch, args=(outbox, port, token, count, ROUNDS))
    process.start()
    assert outbox.get(timeout=60) == "joined"
    asyncio.run(_paced_tickets(port, kiosk))
    lags: list[float] = outbox.get(timeout=60)
    process.join(30)
    assert len(lags) >= ROUNDS - 5, f"only {len(lags)} of {ROUNDS} snapshots reached all {count} displays"
    return lags


async def _paced_tickets(port: int, token: str) -> None:
    client = HttpClient(port, token)
    await client.open()
    for number in range(ROUNDS):
        await client.post(TICKETS, ORDER, f"paced-{number}-{time.time()}")
        await asyncio.sleep(0.05)
    client.close()


def _check_numbers(folder: Path) -> None:
    conn = connect(folder / "unit.db", read_only=True)
    count, different, last = conn.execute("SELECT COUNT(*), COUNT(DISTINCT number), MAX(number) FROM visits").fetchone()
    conn.close()
    assert count == different == last == 200 + SEQUENTIAL + PARALLEL * EACH, (count, different, last)
    print(f"numbers: {count} given, none twice, none missing")


def _memory(running: Running) -> float:
    """Proportional memory of master and worker, in MB."""
    assert running.process is not None
    children = Path(f"/proc/{running.process.pid}/task/{running.process.pid}/children").read_text().split()
    total = 0
    for pid in (str(running.process.pid), *children):
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        total += next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total / 1024


def row(what: str, times: list[float], rate: float | None = None) -> None:
    median, p99, longest = summary(times)
    shown = f"{rate:.0f}/s" if rate else ""
    print(f"| {what:58} | {median:6.2f} ms | {p99:6.2f} ms | {longest:6.1f} ms | {shown:>8} |", flush=True)


if __name__ == "__main__":
    main()
