"""The legs of one service day, read in the order in which they lie in the database.

Visits have random ids, so that looking each one up costs a seek; instead the day's visits are taken from an index that holds
all that is wanted of them, and the legs that joined a queue that day are read along beside them.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from server.reports.counting.source import Day

VISITS = "SELECT visit, ticket, language, leg FROM visits INDEXED BY visits_of_day WHERE day = ?"


def legs_of(conn: Any, day: Day, columns: str) -> list[tuple[Any, ...]]:
    """For each leg of the day's visits: (ticket, language), then `columns` of `legs`; those that joined on another day last."""
    rows = conn.execute(VISITS, (day.date,)).fetchall()
    visits = {visit: (ticket, language) for visit, ticket, language, _ in rows}
    along = f"SELECT visit, {columns} FROM legs WHERE joined_at >= ? AND joined_at < ? ORDER BY joined_at"
    joined = conn.execute(along, (day.start, day.end)).fetchall()
    found = [(visits[leg[0]], *leg[1:]) for leg in joined if leg[0] in visits]
    if len(found) < sum(row[3] for row in rows):  # somebody was sent on after midnight, or a clock was wrong
        seen = Counter(leg[0] for leg in joined)
        rest = f"SELECT {columns} FROM legs WHERE visit = ? AND NOT (joined_at >= ? AND joined_at < ?) ORDER BY leg"
        for visit, _, _, count in rows:
            if seen[visit] < count:
                found += [(visits[visit], *leg) for leg in conn.execute(rest, (visit, day.start, day.end))]
    return found
