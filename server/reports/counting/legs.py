"""Cases of the report: legs, each of the service day of its visit, with the hour in which it joined its queue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from server.reports.counting.day import legs_of
from server.reports.counting.source import Day, Source

COLUMNS = "service, counter, clerk, joined_at, priority, called_after_ms, waited_ms, walked_ms, served_ms, left_after_ms, state"


def read(conn: Any, day: Day) -> Iterator[tuple[Any, ...]]:
    """A day's legs."""
    for (_, language), service, counter, clerk, joined_at, priority, *durations, state in legs_of(conn, day, COLUMNS):
        odd = any(duration is not None and duration < 0 for duration in durations)
        yield service, counter, clerk, day.hour(joined_at), language, priority, *durations, int(odd), state


LEGS = Source("legs", ("called_after", "waited", "walked", "served", "left_after", "odd"), ("state",), read)
"""Durations are milliseconds of the steady clock, as `server.lifecycle.Leg` has them; `odd` is 1 if one is negative."""
