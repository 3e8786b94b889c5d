"""Cases of the report: how long each counter was open, paused and busy in each hour, from the journal.

The day's events are walked in order, and the time between two of them is given to what each counter was then. Time
between two starts of the server, when nobody knows what happened, is given to nothing; a counter that was left open counts
until the last event of its day.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from server.lifecycle import Desk
from server.reports.counting.source import QUARTER_MS, Day, Source

STATES = {"counter_opened": Desk.OPEN, "counter_paused": Desk.PAUSED, "counter_closed": Desk.CLOSED}
ARRIVES = ("called", "walked_in")
LEAVES = ("served", "no_show", "parked", "transferred")
COLUMNS = "e.seq, e.id, e.epoch, e.type, e.at, e.steady, e.visit, e.actor, e.data"
DESK_TYPES = ", ".join(f"'{type}'" for type in STATES)
STEPS = ", ".join(f"'{type}'" for type in (*ARRIVES, *LEAVES, "undone"))
QUERY = f"""SELECT {COLUMNS} FROM events e WHERE e.type IN ({DESK_TYPES}) AND e.at >= ? AND e.at < ?
    UNION ALL SELECT {COLUMNS} FROM visits v CROSS JOIN events e ON e.visit = v.visit WHERE v.day = ? AND e.type IN ({STEPS})
    ORDER BY 1"""

Key = tuple[int, str | None, int]


@dataclass
class _Counter:
    """What a counter is at this point of the day."""

    state: Desk = Desk.CLOSED
    clerk: str | None = None
    visitor: str | None = None


@dataclass
class _Times:
    open: int = 0
    paused: int = 0
    busy: int = 0


@dataclass
class _Walk:
    """A walk through a day's events; `times` by counter, clerk and hour, milliseconds."""

    day: Day
    counters: dict[int, _Counter] = field(default_factory=lambda: defaultdict(_Counter))
    at_counter: dict[str, tuple[str, int]] = field(default_factory=dict)
    times: dict[Key, _Times] = field(default_factory=lambda: defaultdict(_Times))

    def pass_by(self, at: int, ms: int) -> None:
        """Give the `ms` milliseconds from the instant `at` to what each counter is now."""
        working = [(number, one) for number, one in self.counters.items() if one.state is not Desk.CLOSED]
        for hour, part in _by_hour(self.day, at, ms) if working else ():
            for number, one in working:
                times = self.times[number, one.clerk, hour]
                if one.state is Desk.PAUSED:
                    times.paused += part
                else:
                    times.open += part
                    times.busy += part if one.visitor else 0

    def step(self, id: str, type: str, visit: str, actor: str, data: Any) -> None:
        """What one event changes."""
        if type in STATES:
            counter = self.counters[data["counter"]]
            counter.state = STATES[type]
            counter.clerk = actor if counter.state is not Desk.CLOSED else None
        elif type in ARRIVES:
            self._sit(id, visit, data["counter"])
        elif type in LEAVES:
            for number, one in self.counters.items():
                if one.visitor == visit:
                    one.visitor = None
                    self.at_counter[id] = ("left", number)
        elif (taken_back := self.at_counter.get(data["of"])) is not None:
            what, number = taken_back
            self.counters[number].visitor = visit if what == "left" else None

    def _sit(self, id: str, visit: str, number: int) -> None:
        self.counters[number].visitor = visit
        self.at_counter[id] = ("came", number)


def _by_hour(day: Day, at: int, ms: int) -> Iterator[tuple[int, int]]:
    """Milliseconds split by the hours of the local clock (which begin at a quarter of UTC's in every zone)."""
    while ms > 0:
        part = min(ms, QUARTER_MS - at % QUARTER_MS)
        yield day.hour(at), part
        at, ms = at + part, ms - part


def read(conn: Any, day: Day) -> Iterable[tuple[Any, ...]]:
    """A day's counters by clerk and hour: open (busy included), paused and busy milliseconds."""
    walk = _Walk(day)
    before: tuple[str, int, int] | None = None
    for _, id, epoch, type, at, steady, visit, actor, data in conn.execute(QUERY, (day.start, day.end, day.date)):
        if before is not None and before[0] == epoch and day.start <= before[1] < day.end:
            walk.pass_by(before[1], min(steady - before[2], day.end - before[1]))
        walk.step(id, type, visit, actor, json.loads(data))
        before = (epoch, at, steady)
    return [
        (None, counter, clerk, hour, None, None, times.open, times.paused, times.busy)
        for (counter, clerk, hour), times in sorted(walk.times.items(), key=str)
    ]


DESKS = Source("desks", ("open", "paused", "busy"), (), read)
