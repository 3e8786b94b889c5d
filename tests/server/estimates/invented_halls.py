"""Halls that never were: visitors come as the day wants it, several services share counters, some lose patience."""

from __future__ import annotations

import heapq
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta


@dataclass(frozen=True)
class Stay:
    """One visitor, in seconds since 1970; without `call` they lost patience and left at `end`."""

    arrival: float
    call: float | None
    start: float | None
    end: float
    service: str
    counter: int | None
    priority: str


@dataclass(frozen=True)
class Hall:
    """How a hall works: `counters` open by hour, arrivals an hour by hour, minutes at a counter by service."""

    opens: int = 8
    counters: Sequence[int] = (2, 3, 4, 4, 2, 3, 3, 2)
    arrivals: Sequence[float] = (20, 30, 34, 26, 14, 20, 18, 6)
    minutes: Sequence[float] = (4.0, 8.0, 6.0)
    patience_min: float = 90.0
    priority_share: float = 0.05


BANK = Hall()
QUIET = Hall(counters=(2,) * 8, arrivals=(10, 14, 16, 12, 6, 8, 8, 2), minutes=(5.0, 7.0))
CALL_CENTRE = Hall(opens=7, counters=(6,) * 14, arrivals=(70,) * 14, minutes=(4.0, 5.5, 3.0, 6.0), patience_min=15.0)


def visitors(hall: Hall, days: int, seed: int, first: date = date(2026, 3, 2)) -> list[Stay]:
    """What happened on so many working days, in order of arrival."""
    dice = random.Random(seed)
    found: list[Stay] = []
    day = first
    for _ in range(days):
        while day.weekday() >= 5:
            day += timedelta(days=1)
        found += _day(hall, dice, datetime.combine(day, time(hall.opens), UTC).timestamp())
        day += timedelta(days=1)
    return found


def _day(hall: Hall, dice: random.Random, opening: float) -> list[Stay]:
    busy = dice.lognormvariate(0, 0.15)
    waiting: list[tuple[bool, float, float, int]] = []
    freed = [(opening, counter) for counter in range(1, max(hall.counters) + 1)]
    heapq.heapify(freed)
    coming = list(_arrivals(hall, dice, opening, busy))
    stays: list[Stay] = []
    while coming or waiting:
        at, counter = heapq.heappop(freed)
        if not waiting and coming:
            at = max(at, coming[0][0])
        while coming and coming[0][0] <= at:
            arrival, service, priority = coming.pop(0)
            heapq.heappush(waiting, (not priority, arrival, arrival + dice.expovariate(1 / (60 * hall.patience_min)), service))
        open_now = hall.counters[min(len(hall.counters) - 1, int((at - opening) // 3600))]
        if counter > open_now:
            heapq.heappush(freed, (opening + 3600 * (1 + (at - opening) // 3600), counter))
            continue
        stays += _call(hall, dice, at, counter, waiting, freed)
    return sorted(stays, key=lambda stay: stay.arrival)


def _call(
    hall: Hall,
    dice: random.Random,
    at: float,
    counter: int,
    waiting: list[tuple[bool, float, float, int]],
    freed: list[tuple[float, int]],
) -> Iterator[Stay]:
    """The counter calls the first who has not lost patience."""
    while waiting:
        ordinary, arrival, patience, service = heapq.heappop(waiting)
        priority = "" if ordinary else "elderly"
        if patience < at:
            yield Stay(arrival, None, None, patience, f"s{service}", None, priority)
            continue
        at = max(at, arrival)
        start = at + dice.uniform(5, 40)
        end = start + 60 * hall.minutes[service] * dice.lognormvariate(-0.18, 0.6)
        yield Stay(arrival, at, start, end, f"s{service}", counter, priority)
        heapq.heappush(freed, (end, counter))
        return
    heapq.heappush(freed, (at, counter))


def _arrivals(hall: Hall, dice: random.Random, opening: float, busy: float) -> Iterator[tuple[float, int, bool]]:
    for hour, rate in enumerate(hall.arrivals):
        at = opening + 3600 * hour
        while (at := at + dice.expovariate(rate * busy / 3600)) < opening + 3600 * (hour + 1):
            yield at, dice.randrange(len(hall.minutes)), dice.random() < hall.priority_share
