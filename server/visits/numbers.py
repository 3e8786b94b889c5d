"""Ticket numbers: given once, in order, beginning anew each day and at the end of their range."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from server.errors import N_, Refused
from server.setup import Service

IN_USE = (
    "SELECT 1 FROM visits v JOIN legs l USING (visit, leg) WHERE v.series = ? AND v.number = ? AND v.day >= ?"
    " AND l.state IN ('waiting', 'called', 'serving', 'parked', 'no_show') LIMIT 1"
)


class NumbersUsedUp(Refused):
    status, slug = 409, "numbers-used-up"
    message = N_("All numbers of “%(service)s” are in use; a counter must finish a visit first.")


def next_number(conn: Any, service: Service, day: str) -> tuple[int, int]:
    """The next number of a service's series on a service day, and how often its range was begun anew that day.

    Passes over numbers that somebody in the hall still holds, of today or of the day before; raises NumbersUsedUp. The
    UNIQUE(series, day, lap, number) behind it makes a repeated number impossible.
    """
    row = conn.execute("SELECT last, lap FROM number_series WHERE series = ? AND day = ?", (service.series, day)).fetchone()
    last, lap = row or (service.range_first - 1, 0)
    since = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
    for _ in range(service.range_last - service.range_first + 1):
        last += 1
        if not service.range_first <= last <= service.range_last:
            last, lap = service.range_first, lap + 1
        if not conn.execute(IN_USE, (service.series, last, since)).fetchone():
            break
    else:
        raise NumbersUsedUp(service=service.id)
    conn.execute(
        "INSERT INTO number_series VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET last = excluded.last, lap = excluded.lap",
        (service.series, day, last, lap),
    )
    return last, lap
