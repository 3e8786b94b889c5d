"""Cases of the report: legs, each of the service day of its visit, with the hour in which it joined its queue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from server.reports.counting.source import Day, Source

QUERY = """SELECT l.service, l.counter, l.clerk, l.joined_at, v.language, l.priority,
    l.called_after_ms, l.waited_ms, l.walked_ms, l.served_ms, l.left_after_ms, l.state
    FROM visits v CROSS JOIN legs l ON l.visit = v.visit WHERE v.day = ?"""


def read(conn: Any, day: Day) -> Iterator[tuple[Any, ...]]:
    """A day's legs."""
    for service, counter, clerk, joined_at, language, priority, *durations, state in conn.execute(QUERY, (day.date,)):
        odd = any(duration is not None and duration < 0 for duration in durations)
        yield service, counter, clerk, day.hour(joined_at), language, priority, *durations, int(odd), state


LEGS = Source("legs", ("called_after", "waited", "walked", "served", "left_after", "odd"), ("state",), read)
"""Durations are milliseconds of the steady clock, as `server.lifecycle.Leg` has them; `odd` is 1 if one is negative."""
