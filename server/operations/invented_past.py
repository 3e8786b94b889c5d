"""The past of a unit for a first look: six weeks of invented days, written into the journal at once.

So that reports, the live hall's usual day, ratings and estimates have something to show from the first minute. Each event is one
that the hall could have written, and the journal gives the tables; what was told of a wait is invented beside what came true.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from heapq import heapify, heapreplace
from math import exp
from operator import attrgetter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from server import journal, lifecycle, setup
from server.calling import ARRIVAL
from server.clock import MS, Moment
from server.estimates import promises
from server.estimates.estimator import QUEUE_LENGTH, Guess
from server.estimates.rounding import rounded
from server.feedback import ratings
from server.journal import Journal, random_id
from server.lifecycle import DESK_EVENT_OF, Desk, Leg, State
from server.visits import Caller

WEEKS = 6
PER_DAY = (75, 105)
HALF_HOURS = (6, 12, 15, 15, 12, 10, 8, 6, 5, 4, 4, 5, 5, 4, 3)
"""How many of a hundred or so come in each half hour from half past eight."""
LANGUAGES = ("ar", "ar", "ar", "zgh", "fr", "fr")
SCORES = (4, 4, 4, 3, 3, 3, 2, 1)
CHANNELS = ("phone", "phone", "kiosk", "tablet")
OPENS_H, CLOSES_H = 8.5, 16.0
MINUTE_S = 60.0
PATIENCE_S = 45 * MINUTE_S
KIOSK = "device:0"
TOLD_OFF = 0.35
"""How far off, on a scale of ratios, an invented estimate usually is."""


class _Step(NamedTuple):
    """Something that happens: seconds since 1970, who does it, the event and its data."""

    at: float
    actor: str
    visit: str | None
    type: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Past:
    """What past days are invented from."""

    services: Sequence[setup.Service]
    weights: Sequence[int]
    clerks: Mapping[int, Caller]
    zone: ZoneInfo
    dice: random.Random


def invent_past(
    conn: Any, written: Journal, today: date, zone: ZoneInfo, clerks: Mapping[int, Caller], weights: Sequence[int]
) -> None:
    """Write the weeks before yesterday, inside one transaction. `clerks` by their counters; `weights` in the order of services."""
    services = [service for service in setup.services(conn) if service.open]
    shares = [*weights, *[1] * len(services)][: len(services)]
    past = _Past(services, shares, clerks, zone, random.Random(today.toordinal()))
    first = today - timedelta(weeks=WEEKS)
    for day in (first + timedelta(days=after) for after in range((today - first).days - 1)):
        if day.weekday() < 5 or day.weekday() == today.weekday():
            _write(conn, written, day, sorted(_day(past, day), key=attrgetter("at")), past)


def _day(past: _Past, day: date) -> Iterator[_Step]:
    """Everything of one day: counters that open at half past eight, who comes, who is called, and when all go home."""
    opens, closes = (_at(day, hour, past.zone) for hour in (OPENS_H, CLOSES_H))
    free = [(opens + number * MINUTE_S, number) for number in past.clerks]
    yield from (_desk(past, at, number, Desk.OPEN) for at, number in free)
    heapify(free)
    given: Counter[str] = Counter()
    for arrival in sorted(_arrivals(past, day)):
        visit = random_id()
        yield _Step(arrival, KIOSK, visit, "issued", _ticket(past, day, given))
        idle, number = free[0]
        called = max(idle, arrival) + past.dice.uniform(2, 20)
        if called - arrival > PATIENCE_S and past.dice.random() < 0.5:
            yield _Step(arrival + past.dice.uniform(0.5, 1) * PATIENCE_S, KIOSK, visit, "cancelled", {})
            continue
        *steps, gone = _at_counter(past, called, number, visit)
        yield from steps
        yield gone
        heapreplace(free, (gone.at + past.dice.uniform(10, 80), number))
    end = max(closes, *(at for at, _ in free))
    yield from (_desk(past, end + 1, number, Desk.CLOSED) for _, number in free)


def _ticket(past: _Past, day: date, given: Counter[str]) -> dict[str, Any]:
    """What is known of a visitor who takes a ticket."""
    service = past.dice.choices(past.services, past.weights)[0]
    given[service.series] += 1
    number = service.range_first - 1 + given[service.series]
    return {
        "day": day.isoformat(),
        "series": service.series,
        "number": number,
        "lap": 0,
        "ticket": setup.ticket(service.prefix, number),
        "service": service.id,
        "language": past.dice.choice(LANGUAGES),
        "priority": "elderly" if past.dice.random() < 0.05 else None,
        "due_at": None,
        "origin": KIOSK,
    }


def _at_counter(past: _Past, called: float, number: int, visit: str) -> Iterator[_Step]:
    """Called, and then served or absent."""
    clerk = past.clerks[number].id
    yield _Step(called, clerk, visit, "called", {"counter": number, "rule": ARRIVAL})
    begun = called + past.dice.uniform(10, 50)
    if past.dice.random() < 0.05:
        yield _Step(begun + 40, clerk, visit, "no_show", {})
        return
    yield _Step(begun, clerk, visit, "started", {})
    yield _Step(begun + past.dice.gammavariate(3, 1.7 * MINUTE_S), clerk, visit, "served", {})


def _desk(past: _Past, at: float, number: int, state: Desk) -> _Step:
    clerk = past.clerks[number]
    name = None if state is Desk.CLOSED else clerk.name
    data = {"counter": number, "state": str(state), "reason": None, "clerk_name": name}
    return _Step(at, clerk.id, None, DESK_EVENT_OF[state], data)


def _arrivals(past: _Past, day: date) -> Iterator[float]:
    places = range(len(HALF_HOURS))
    for place in past.dice.choices(places, HALF_HOURS, k=past.dice.randint(*PER_DAY)):
        yield _at(day, OPENS_H + (place + past.dice.random()) / 2, past.zone)


def _at(day: date, hour: float, zone: ZoneInfo) -> float:
    return datetime.combine(day, time(int(hour), int(hour % 1 * 60)), zone).timestamp() + hour * 3600 % 60


def _write(conn: Any, written: Journal, day: date, steps: Sequence[_Step], past: _Past) -> None:
    """Append a day's events in their order; then the visits and legs that they make, what had been told, and ratings."""
    legs: dict[str, Leg] = {}
    ahead: dict[str, int] = {}
    waiting: Counter[str] = Counter()
    for step in steps:
        at = int(step.at * MS)
        event = written.append(
            conn, step.type, step.data, actor=step.actor, visit=step.visit, leg=1 if step.visit else None, moment=Moment(at, at)
        )
        if step.visit is None:
            continue
        if step.type == "issued":
            journal.save_visit(conn, journal.visit_of(event))
            legs[step.visit] = lifecycle.begin(event)
            ahead[step.visit] = waiting.total()
            waiting[step.visit] = 1
        else:
            legs[step.visit] = lifecycle.advance(legs[step.visit], event)
            waiting.pop(step.visit, None)
    for leg in legs.values():
        journal.save_leg(conn, leg)
        _promise(conn, leg, ahead[leg.visit], past.dice)
        _rate(conn, written, leg, past)


def _promise(conn: Any, leg: Leg, ahead: int, dice: random.Random) -> None:
    actual = leg.called_after_ms if leg.called_after_ms is not None else leg.left_after_ms
    told = (MINUTE_S + (actual or 0) / MS) * dice.lognormvariate(0, TOLD_OFF)
    guess = Guess(told, told * exp(-1.28 * TOLD_OFF), told * exp(1.28 * TOLD_OFF), QUEUE_LENGTH)
    promises.keep(conn, leg, ahead, rounded(guess), guess.method, shown=True)
    promises.settle(conn, leg)


def _rate(conn: Any, written: Journal, leg: Leg, past: _Past) -> None:
    """One in three who were served rates soon after, the worse the longer the wait was."""
    dice = past.dice
    if leg.ended_at is None or leg.state is not State.SERVED or dice.random() > 0.33:
        return
    score = max(1, dice.choice(SCORES) - ((leg.waited_ms or 0) > PATIENCE_S * MS))
    reasons = (dice.choice(ratings.REASONS),) if score <= ratings.LOW else ()
    at = leg.ended_at + int(dice.uniform(20, 900) * MS)
    rating = ratings.Rating(leg.visit, score, reasons, dice.choice(ratings.CHANNELS))
    ratings.rate(conn, written, Moment(at, at), rating, past.zone, tell_portal=False)
