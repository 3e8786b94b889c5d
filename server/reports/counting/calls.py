"""Cases of the report: calls out of order, each with the reason that the clerk gave. A call that was taken back is none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from server.calling import CHOSEN
from server.reports.counting.source import Day, Source

QUERY = """SELECT e.id, e.type, e.at, e.actor, e.data, l.service, v.language, l.priority
    FROM visits v CROSS JOIN events e ON e.visit = v.visit CROSS JOIN legs l ON l.visit = e.visit AND l.leg = e.leg
    WHERE v.day = ? AND e.type IN ('called', 'undone') ORDER BY e.seq"""


def read(conn: Any, day: Day) -> list[tuple[Any, ...]]:
    """A day's calls out of order."""
    return list(_chosen(conn.execute(QUERY, (day.date,)), day).values())


def _chosen(rows: Iterator[Any], day: Day) -> dict[str, tuple[Any, ...]]:
    found: dict[str, tuple[Any, ...]] = {}
    for id, type, at, actor, text, service, language, priority in rows:
        data = json.loads(text)
        if type == "undone":
            found.pop(data["of"], None)
        elif data["rule"] == CHOSEN:
            found[id] = (service, data["counter"], actor, day.hour(at), language, priority, data.get("reason"))
    return found


CALLS = Source("calls", (), ("reason",), read)
