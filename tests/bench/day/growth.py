"""What one ticket and one call cost in halls of different sizes: more counters, more screens, more history."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from server.operations.making import make_unit
from server.store.database import connect
from tests.bench import years
from tests.bench.clients import Displays
from tests.bench.day.figures import processor_s, spread
from tests.bench.day.line import Line
from tests.bench.reports import pack_all
from tests.running import Running

HEAD = (
    "| counters | screens | visits before | ticket p50 / p99 | its processor time | call p50 / p99 |"
    " processor time, no-show included |\n"
    "| --- | --- | --- | --- | --- | --- | --- |"
)
TRIES, PAUSE_S = 300, 0.01
WARM_UP = 30
VISITS_A_YEAR = 300_000


@dataclass(frozen=True, slots=True)
class Hall:
    """The one in the middle; one thing of it is changed at a time."""

    counters: int = 40
    screens: int = 10
    history: int = 0


def halls(small: bool) -> list[Hall]:
    """All that are measured, each once; those of a small try have little history."""
    middle = Hall()
    found = [replace(middle, counters=count) for count in (1, 10, 40, 100)]
    found += [replace(middle, screens=count) for count in (0, 30, 100)]
    return found + [replace(middle, history=count) for count in ((1_000,) if small else (100_000, 1_000_000))]


def measure(small: bool, say: Callable[[str], None]) -> None:
    say("")
    say(HEAD)
    for hall in halls(small):
        with tempfile.TemporaryDirectory(prefix="istiqbal-growth-") as name:
            say(_measure(Path(name) / "unit", hall, TRIES // 10 if small else TRIES))


def set_counters(folder: Path, count: int) -> None:
    """A new unit's counters, 1 to `count`."""
    conn = connect(folder / "unit.db")
    conn.execute("BEGIN IMMEDIATE")
    conn.execute("UPDATE counters SET removed_at = 0 WHERE number > ?", (count,))
    conn.executemany("INSERT OR IGNORE INTO counters(id, number) VALUES (?, ?)", [(n, n) for n in range(1, count + 1)])
    conn.execute("COMMIT")
    conn.close()


def _measure(folder: Path, hall: Hall, tries: int) -> str:
    if hall.history:
        years.fill(folder, hall.history, max(1, round(hall.history / VISITS_A_YEAR)))
        pack_all(folder / "unit.db")
    else:
        make_unit(folder, "annexe")
    set_counters(folder, hall.counters)
    running = Running(folder)
    running.unlimited()
    running.start()
    try:
        screens = _Screens(running, hall.screens)
        tickets, calls = asyncio.run(_use(running, hall.counters, tries))
        screens.leave()
    finally:
        running.stop()
    cells = (hall.counters, hall.screens, f"{hall.history:,}", spread(tickets[0]), _ms(tickets[1]), spread(calls[0]), _ms(calls[1]))
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


Cost = tuple[list[float], float]
"""Milliseconds of each, and the server's seconds of processor time for one."""


async def _use(running: Running, counters: int, tries: int) -> tuple[Cost, Cost]:
    """Tickets one after another, then calls at all counters in turn, nobody coming to any."""
    assert running.process is not None
    pid = running.process.pid
    kiosk, desk = (Line(running.port, running.token(role, f"{role}-1")) for role in ("kiosk", "clerk"))

    async def ticket(number: int) -> float:
        return await _press(kiosk, "/tickets", {"service": "etat-civil", "language": "ar"}, 201, number)

    async def call(number: int) -> float:
        counter = f"/counters/{number % counters + 1}"
        took = await _press(desk, f"{counter}/call-next", {}, 200, number)
        await _press(desk, f"{counter}/no-show", {}, 200, number)
        return took

    for number in range(WARM_UP):
        await ticket(-number)
    given = await _each(pid, ticket, tries)
    for number in range(counters):
        await _press(desk, f"/counters/{number + 1}/open", {}, 200, number)
    called = await _each(pid, call, tries)
    kiosk.close()
    desk.close()
    return given, called


async def _press(line: Line, path: str, body: dict[str, object], expected: int, number: int) -> float:
    """Milliseconds until the answer; raises AssertionError for another than the one expected."""
    answer = await line.post(f"/api/v1{path}", json.dumps(body).encode(), f"{path}-{number}")
    assert answer.status == expected, answer
    return answer.ms


async def _each(pid: int, one: Callable[[int], Awaitable[float]], tries: int) -> Cost:
    used, times = processor_s(pid), []
    for number in range(1, tries + 1):
        times.append(await one(number))
        await asyncio.sleep(PAUSE_S)
    return times, (processor_s(pid) - used) / tries


class _Screens:
    """Displays in a process of their own, so that they don't slow who presses."""

    def __init__(self, running: Running, count: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._here, there = context.Pipe()
        token = running.token("display", "displays")
        self._process = context.Process(target=_hold, args=(there, running.port, token, count), daemon=True)
        self._process.start()
        assert self._here.poll(60), "the screens do not come in"
        self._here.recv()

    def leave(self) -> None:
        self._here.send("leave")
        self._process.join(30)


def _hold(pipe: Any, port: int, token: str, count: int) -> None:
    """The life of the displays' process: join, say so, take what comes until told to leave."""
    asyncio.run(_hold_all(pipe, port, token, count))


async def _hold_all(pipe: Any, port: int, token: str, count: int) -> None:
    displays = Displays(port, token, count)
    tasks = await displays.join()
    pipe.send("joined")
    while not pipe.poll():
        await asyncio.sleep(0.1)
    await displays.leave()
    await asyncio.gather(*tasks, return_exceptions=True)
