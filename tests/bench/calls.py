"""Many counters calling from one queue at once: no visitor called twice, no call lost, and what a call costs."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from pathlib import Path

from server import settings
from server.operations.making import make_unit
from server.unit import Unit
from server.visits import Order
from tests.bench.clients import HttpClient
from tests.conftest import KIOSK
from tests.running import Running

COUNTERS, AT_ONCE = 60, 4
ROUNDS = int(os.environ.get("ROUNDS", "500"))
SINGLE_ROUNDS = 50
FEW, MANY, COMPARED = 100, 10_000, 300
DAY = 24 * 60

Table = list[tuple[str, list[float], float | None]]


def measure() -> Table:
    """What was measured, in milliseconds, with calls a second where it makes sense; asserts that no call is lost or doubled."""
    with tempfile.TemporaryDirectory(prefix="istiqbal-calls-") as name:
        running = Running(unit_with(Path(name) / "unit", COUNTERS * (2 * ROUNDS + SINGLE_ROUNDS + 1)))
        running.start()
        try:
            rows = asyncio.run(_hall(running))
        finally:
            running.stop()
    return rows + _lengths()


def unit_with(folder: Path, waiting: int, counters: int = COUNTERS, convened_every: int = 0) -> Path:
    """A unit with so many counters and so many visitors who wait; each so manieth convened, every five minutes of the day."""
    make_unit(folder, "annexe")
    unit = Unit(folder, settings.load(folder))
    try:
        unit.writer.run(
            lambda conn: conn.executemany(
                "INSERT OR IGNORE INTO counters(id, number) VALUES (?, ?)", [(n, n) for n in range(1, counters + 1)]
            )
        )
        unit.writer.run(lambda conn: conn.execute("UPDATE services SET range_last = ?", (waiting,)))
        for number in range(waiting):
            slot = number // convened_every * 5 % DAY if convened_every and number % convened_every == 0 else None
            appointment = None if slot is None else f"{slot // 60:02}:{slot % 60:02}"
            unit.visits.issue(Order("etat-civil", "ar", appointment=appointment), KIOSK)
    finally:
        unit.close()
    return folder


async def _hall(running: Running) -> Table:
    desks = [Desk(running, counter) for counter in range(1, COUNTERS + 1)]
    for desk in desks:
        await desk.open()
    everybody = [client for desk in desks for client in desk.clients]
    floor = [time for _ in range(20) for time in await asyncio.gather(*(client.timed_get("/healthz") for client in everybody))]
    called: list[str] = []
    burst: list[float] = []
    started = time.perf_counter()
    for _ in range(ROUNDS):
        burst += await _round(desks, called)
    took = time.perf_counter() - started
    single_floor = [
        time for _ in range(20) for time in await asyncio.gather(*(desk.clients[0].timed_get("/healthz") for desk in desks))
    ]
    single: list[float] = []
    for _ in range(SINGLE_ROUNDS):
        single += [time for time, _ in await asyncio.gather(*(desk.call(called) for desk in desks))]
        await asyncio.gather(*(desk.send("no-show") for desk in desks))
    calm_floor = await _by_fours(everybody)
    calm: list[float] = []
    for _ in range(ROUNDS):
        for first in range(0, COUNTERS, AT_ONCE):
            calm += [time for time, _ in await asyncio.gather(*(desk.call(called) for desk in desks[first : first + AT_ONCE]))]
        await asyncio.gather(*(desk.send("no-show") for desk in desks))
    assert len(called) == len(set(called)) == COUNTERS * (2 * ROUNDS + SINGLE_ROUNDS), (
        "a visitor was called twice, or a call was lost"
    )
    print(f"calls: {len(called)} visitors called, none twice, none lost ({ROUNDS} rounds of {COUNTERS} × {AT_ONCE})")
    for desk in desks:
        desk.close()
    together = COUNTERS * AT_ONCE
    return [
        (f"floor: GET /healthz, {together} at once", floor, None),
        (f"call-next, {together} at once ({COUNTERS} counters × {AT_ONCE})", burst, ROUNDS * together / took),
        (f"floor: GET /healthz, {COUNTERS} at once", single_floor, None),
        (f"call-next of {COUNTERS} counters, all at once", single, None),
        (f"floor: GET /healthz, {AT_ONCE} at once", calm_floor, None),
        (f"call-next of {COUNTERS} counters, {AT_ONCE} at once", calm, None),
    ]


async def _by_fours(clients: list[HttpClient]) -> list[float]:
    times: list[float] = []
    for first in range(0, len(clients), AT_ONCE):
        times += await asyncio.gather(*(client.timed_get("/healthz") for client in clients[first : first + AT_ONCE]))
    return times


async def _round(desks: list[Desk], called: list[str]) -> list[float]:
    """All counters press at once, each four times; one press of each gets a visitor, the others a 409."""
    answers = await asyncio.gather(*(desk.call(called, client) for desk in desks for client in desk.clients))
    statuses = [status for _, status in answers]
    assert (statuses.count(200), statuses.count(409)) == (len(desks), len(desks) * (AT_ONCE - 1)), statuses
    await asyncio.gather(*(desk.send("no-show") for desk in desks))
    return [time for time, _ in answers]


class Desk:
    """A counter with a token of its own and several connections."""

    def __init__(self, running: Running, counter: int) -> None:
        token = running.token("clerk", f"clerk-{counter}")
        self.clients = [HttpClient(running.port, token) for _ in range(AT_ONCE)]
        self._path = f"/api/v1/counters/{counter}"
        self._presses = 0

    async def open(self) -> None:
        for client in self.clients:
            await client.open()
        await self.send("open")

    async def send(self, action: str, client: HttpClient | None = None) -> tuple[int, bytes]:
        self._presses += 1
        return await (client or self.clients[0]).post(f"{self._path}/{action}", {}, f"{self._path}-{self._presses}")

    async def call(self, called: list[str], client: HttpClient | None = None) -> tuple[float, int]:
        """Milliseconds and status; a called visitor's id is added to `called`."""
        start = time.perf_counter()
        status, answer = await self.send("call-next", client)
        took = (time.perf_counter() - start) * 1000
        if status == 200:
            called.append(answer.decode().split('"visit":"')[1].split('"')[0])
        return took, status

    def close(self) -> None:
        for client in self.clients:
            client.close()


def _lengths() -> Table:
    """One call at a time with few and with many waiting, the last with appointments, in turn, on servers of their own."""
    kinds = ((FEW, 0), (MANY, 0), (FEW, 2), (MANY, 2))
    with tempfile.TemporaryDirectory(prefix="istiqbal-calls-") as name:
        halls = [Running(unit_with(Path(name) / str(number), kind[0] + COMPARED, 1, kind[1])) for number, kind in enumerate(kinds)]
        for running in halls:
            running.start()
        try:
            times = asyncio.run(_in_turn(halls))
        finally:
            for running in halls:
                running.stop()
    names = (
        f"call-next with {FEW} waiting, one at a time",
        f"the same with {MANY:,} waiting",
        f"the same with {FEW} waiting, half of them convened",
        f"the same with {MANY:,} waiting, half of them convened",
    )
    return [(name, kept, None) for name, kept in zip(names, times, strict=True)]


async def _in_turn(halls: list[Running]) -> list[list[float]]:
    desks = [Desk(running, 1) for running in halls]
    times: list[list[float]] = [[] for _ in halls]
    for desk in desks:
        await desk.open()
    for _ in range(COMPARED):
        for desk, kept in zip(desks, times, strict=True):
            took, status = await desk.call([])
            assert status == 200
            kept.append(took)
            await desk.send("no-show")
    for desk in desks:
        desk.close()
    return times
