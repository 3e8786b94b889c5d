"""Who uses the hall: kiosks that give tickets, clerks who call, telephones that follow their visit."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.bench.day.figures import Hour
from tests.bench.day.line import Answer, Line
from tests.bench.day.plan import HOUR_S, PER_HOUR, Arrival, Size
from tests.bench.day.screens import Screens
from tests.faults.hall import Ticket

PHONE_EVERY_S = 10.0
"""A telephone asks so often in real time, however fast the day goes (kiosk/visit_page.py)."""
LOOKS_AGAIN_S = 0.05
WALK_S = (15.0, 60.0)
NO_SHOW = 0.05


@dataclass
class Pressed:
    """A call that was answered: when the clerk pressed, seconds since 1970."""

    hour: int
    ticket: str
    counter: int
    at: float


@dataclass
class Day:
    """The hall of one day as its players share it."""

    size: Size
    port: int
    screens: Screens
    chance: random.Random
    hours: list[Hour] = field(default_factory=lambda: [Hour() for _ in range(len(PER_HOUR) + 1)])
    """The last one is what is left after closing."""
    given: dict[str, Ticket] = field(default_factory=dict)
    ended: int = 0
    pressed: list[Pressed] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    """Milliseconds by which the players themselves came late: what their own process adds to each figure."""
    unexpected: Counter[str] = field(default_factory=Counter)
    keys: itertools.count[int] = field(default_factory=itertools.count)
    started: float = field(default_factory=time.perf_counter)
    inside: list[str] = field(default_factory=list)
    """The visits that a telephone may follow."""

    @property
    def now(self) -> float:
        """Seconds of the simulated day."""
        return (time.perf_counter() - self.started) * self.size.speed

    @property
    def hour(self) -> Hour:
        return self.hours[self.number]

    @property
    def number(self) -> int:
        return min(int(self.now / HOUR_S), len(PER_HOUR))

    async def pause(self, seconds: float) -> None:
        """So many seconds of the day."""
        await asyncio.sleep(seconds / self.size.speed)

    async def post(self, line: Line, path: str, body: dict[str, object], *expected: int) -> Answer:
        """A press; an answer that is none of those expected is noted."""
        answer = await line.post(f"/api/v1{path}", json.dumps(body).encode(), f"day-{next(self.keys)}")
        self.hour.requests += 1
        if answer.status not in expected:
            self.unexpected[f"{answer.status} at {path.rsplit('/', 1)[-1]}"] += 1
        return answer


async def kiosk(day: Day, token: str, coming: Sequence[Arrival]) -> None:
    """Gives each of these visitors a ticket when they come; who finds somebody before the kiosk waits."""
    line = Line(day.port, token)
    for one in coming:
        await day.pause(max(0.0, one.at - day.now))
        body = {"service": one.service, "language": one.language, **({"priority": one.priority} if one.priority else {})}
        answer = await day.post(line, "/tickets", body, 201)
        day.hour.tickets.append(answer.ms)
        if answer.status == 201:
            told = json.loads(answer.body)
            day.given[told["visit"]] = Ticket(told["visit"], told["ticket"], time.monotonic_ns())
            day.inside.append(told["visit"])
    line.close()


async def clerk(day: Day, token: str, counter: int) -> None:
    """Calls as long as somebody comes or waits."""
    line, path = Line(day.port, token), f"/counters/{counter}"
    await day.post(line, f"{path}/open", {}, 200)
    while day.ended < len(day.given) or day.now < day.size.day_s:
        if not day.screens.waiting or not await _serve(day, line, counter, path):
            await asyncio.sleep(LOOKS_AGAIN_S)
    await day.post(line, f"{path}/close", {}, 200)
    line.close()


async def _serve(day: Day, line: Line, counter: int, path: str) -> bool:
    """One visitor from the call to the end; whether there was one."""
    number, at = day.number, time.time()
    answer = await day.post(line, f"{path}/call-next", {}, 200, 204)
    if answer.status != 200:
        return False
    day.hours[number].calls.append(answer.ms)
    told = json.loads(answer.body)
    day.pressed.append(Pressed(number, told["ticket"], counter, at))
    await day.pause(day.chance.uniform(*WALK_S))
    if day.chance.random() < NO_SHOW:
        await day.post(line, f"{path}/recall", {}, 200)
        await day.pause(30)
        await day.post(line, f"{path}/no-show", {}, 200)
    else:
        await day.post(line, f"{path}/start", {}, 200)
        await day.pause(max(20.0, day.chance.gammavariate(2.2, (day.size.stay_s - sum(WALK_S) / 2) / 2.2)))
        await day.post(line, f"{path}/finish", {}, 200)
    day.ended += 1
    day.inside.remove(told["visit"])
    return True


async def phone(day: Day, number: int) -> None:
    """Follows a visit until it has ended, then another one; asks as the visit's page does."""
    await asyncio.sleep(PHONE_EVERY_S * number / day.size.phones)
    line, visit, etag = Line(day.port), "", ""
    while True:
        if visit not in day.inside:
            visit, etag = (day.chance.choice(day.inside) if day.inside else ""), ""
        if visit:
            answer = await line.get(f"/t/{visit}/state", etag)
            _looked(day, answer)
            if answer.status == 200:
                etag = answer.etag
                _looked(day, await line.get(f"/t/{visit}"))
        await asyncio.sleep(PHONE_EVERY_S)


async def punctual(day: Day) -> None:
    """Notes how late this process is."""
    while True:
        wanted = time.perf_counter() + LOOKS_AGAIN_S
        await asyncio.sleep(LOOKS_AGAIN_S)
        day.late.append((time.perf_counter() - wanted) * 1000)


def _looked(day: Day, answer: Answer) -> None:
    day.hour.phones.append(answer.ms)
    day.hour.requests += 1
    if answer.status not in (200, 304):
        day.unexpected[f"{answer.status} at a telephone"] += 1
