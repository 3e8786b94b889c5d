"""Cases of the report: estimated waits that were promised, each beside the wait that came true.

A promise belongs to the leg it was made to: its service day, and the hour in which it joined its queue.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from server.estimates.promises import CALLED
from server.reports.counting.source import Day, Source

BANDS: Mapping[int, tuple[int, int | None]] = {0: (0, 0), 1: (1, 3), 4: (4, 8), 9: (9, 20), 21: (21, None)}
"""Bands of people ahead by their first number: first and last, None where there is no last."""
QUERY = """SELECT l.service, l.counter, l.clerk, l.joined_at, v.language, l.priority, p.people_ahead, p.seconds, p.low, p.high,
        p.state, p.actual_ms
    FROM visits v INDEXED BY visits_of_day CROSS JOIN promises p ON p.visit = v.visit
    CROSS JOIN legs l ON l.visit = p.visit AND l.leg = p.leg WHERE v.day = ? ORDER BY l.joined_at"""


def read(conn: Any, day: Day) -> Iterator[tuple[Any, ...]]:
    """A day's promises; `actual` in milliseconds, None where nothing came that the promise can be judged by."""
    for *keys, ahead, told, low, high, state, actual in conn.execute(QUERY, (day.date,)):
        service, counter, clerk, joined_at, language, priority = keys
        judged = actual if state == CALLED and actual is not None and actual >= 0 else None
        yield service, counter, clerk, day.hour(joined_at), language, priority, band(ahead), told, low, high, judged


def band(people_ahead: int) -> int:
    """The first of the band that so many people ahead fall into."""
    return next(first for first in sorted(BANDS, reverse=True) if people_ahead >= first)


PROMISES = Source("promises", ("people_ahead", "told", "low", "high", "actual"), (), read)
