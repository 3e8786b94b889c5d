"""Cases of the report: served legs, each with its visit's rating; 0 where nobody rated it.

Those that could have been rated are cases too, so that the share of answers is of the same days as the answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from server.reports.counting.day import legs_of
from server.reports.counting.source import Day, Source

COLUMNS = "visit, leg, service, counter, clerk, joined_at, priority, state"
SCORES = """SELECT r.visit, r.leg, r.score FROM visits v INDEXED BY visits_of_day
    CROSS JOIN ratings r ON r.visit = v.visit WHERE v.day = ?"""


def read(conn: Any, day: Day) -> Iterator[tuple[Any, ...]]:
    """A day's served legs with their scores."""
    scores = {(visit, leg): score for visit, leg, score in conn.execute(SCORES, (day.date,))}
    for (_, language), visit, leg, service, counter, clerk, joined_at, priority, state in legs_of(conn, day, COLUMNS):
        if state == "served":
            yield service, counter, clerk, day.hour(joined_at), language, priority, scores.get((visit, leg), 0)


RATINGS = Source("ratings", ("score",), (), read)
