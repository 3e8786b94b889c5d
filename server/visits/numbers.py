"""Ticket numbers: given once, in order, beginning anew each day and at the end of their range."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from typing import Any

from server.setup import Service

IN_USE = (
    "SELECT 1 FROM visits v JOIN legs l USING (visit, leg) WHERE v.series = ? AND v.number = ? AND v.day >= ?"
    " AND l.state IN ('waiting', 'called', 'serving', 'parked', 'no_show') LIMIT 1"
)


def next_number(conn: Any, service: Service, day: str) -> tuple[int, int]:
    """The next number of a service's series on a service day, and how often its range was begun anew that day.

    Passes over numbers that somebody in the hall still holds, of today or of the day before. When the whole range is held,
    numbers behind its end are given: a citizen is never sent away for want of a number. The UNIQUE(series, day, lap,
    number) behind it makes a repeated number impossible.
    """
    row = conn.execute("SELECT last, lap FROM number_series WHERE series = ? AND day = ?", (service.series, day)).fetchone()
    last, lap = row or (service.range_first - 1, 0)
    since = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
    number, its_lap = next(
        candidate
        for candidate in _candidates(service, last, lap)
        if not conn.execute(IN_USE, (service.series, candidate[0], since)).fetchone()
    )
    conn.execute(
        "INSERT INTO number_series VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET last = excluded.last, lap = excluded.lap",
        (service.series, day, number, its_lap),
    )
    return number, its_lap


def _candidates(service: Service, last: int, lap: int) -> Iterator[tuple[int, int]]:
    """Numbers in the order in which they are tried: to the end of the range, then from its beginning, then past its end."""
    for _ in range(service.range_last - service.range_first + 1):
        last += 1
        if not service.range_first <= last <= service.range_last:
            last, lap = service.range_first, lap + 1
        yield last, lap
    yield from ((number, lap) for number in count(service.range_last + 1))
