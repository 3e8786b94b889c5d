"""Ticket numbers: given once, in order, beginning anew each day and at the end of their range."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any

from server import setup
from server.clock import Moment
from server.journal import Journal, Visit
from server.lifecycle import NUMBERED
from server.setup import Service
from server.visits.caller import Caller

HELD = (
    "SELECT v.number FROM visits v JOIN legs l USING (visit, leg) WHERE v.series = ? AND v.day >= ?"
    " AND l.state IN ('waiting', 'called', 'serving', 'parked', 'no_show')"
)
IN_USE = f"{HELD} AND v.number = ? LIMIT 1"


def next_number(conn: Any, service: Service, day: str) -> tuple[int, int]:
    """The next number of a service's series on a service day, and how often its range was begun anew that day.

    Passes over numbers that somebody in the hall still holds, of today or of the day before. When the whole range is held,
    numbers behind its end are given: a citizen is never sent away for want of a number. The UNIQUE(series, day, lap,
    number) behind it makes a repeated number impossible.
    """
    row = conn.execute("SELECT last, lap FROM number_series WHERE series = ? AND day = ?", (service.series, day)).fetchone()
    last, lap = row or (service.range_first - 1, 0)
    since = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
    number, its_lap = _free(conn, service, _candidates(service, last, lap), since)
    conn.execute(
        "INSERT INTO number_series VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET last = excluded.last, lap = excluded.lap",
        (service.series, day, number, its_lap),
    )
    return number, its_lap


def give(journal: Journal, conn: Any, now: Moment, visit: Visit, service: Service, caller: Caller) -> Visit:
    """A number of this service for a visitor who came without a ticket: whoever waits without one can't be announced.

    It is of the day on which the visit began, and stays when the step that it was given for is taken back.
    """
    number, lap = next_number(conn, service, visit.day)
    data = {"series": service.series, "number": number, "lap": lap, "ticket": setup.ticket(service.prefix, number)}
    journal.append(conn, NUMBERED, data, actor=caller.id, visit=visit.visit, moment=now)
    conn.execute(
        "UPDATE visits SET series = :series, number = :number, lap = :lap, ticket = :ticket WHERE visit = :visit",
        {**data, "visit": visit.visit},
    )
    return replace(visit, series=service.series, number=number, lap=lap, ticket=setup.ticket(service.prefix, number))


def _free(conn: Any, service: Service, candidates: Iterator[tuple[int, int]], since: str) -> tuple[int, int]:
    """The first that nobody holds. Nearly always it is the very first; else all that are held are read in one go."""
    first = next(candidates)
    if not conn.execute(IN_USE, (service.series, since, first[0])).fetchone():
        return first
    held = {number for (number,) in conn.execute(HELD, (service.series, since))}
    return next(candidate for candidate in candidates if candidate[0] not in held)


def _candidates(service: Service, last: int, lap: int) -> Iterator[tuple[int, int]]:
    """Numbers in the order in which they are tried: to the end of the range, then from its beginning, then past its end."""
    for _ in range(service.range_last - service.range_first + 1):
        last += 1
        if not service.range_first <= last <= service.range_last:
            last, lap = service.range_first, lap + 1
        yield last, lap
    yield from ((number, lap) for number in count(service.range_last + 1))
