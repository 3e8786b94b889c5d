"""Day packs: the cases of a closed service day, a blob a column, so that ten years are read without touching a leg.

A day is packed once it is over and none of its visits is open. Whatever changes a leg of that day later drops its mark
(`report_days`, by a trigger), and the day is packed anew; until then it is counted from its rows. A day whose rows were
dropped (`rows_kept` 0) keeps its pack for good.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from server.clock import wall_ms

DAYS = """WITH RECURSIVE days(day) AS (
    SELECT MIN(day) FROM visits WHERE day >= :first
    UNION ALL SELECT (SELECT MIN(v.day) FROM visits v WHERE v.day > days.day) FROM days WHERE days.day <= :last
) SELECT day FROM days WHERE day <= :last AND day NOT IN (SELECT day FROM report_days)"""
"""Days of a range that have visits but no pack: one step down the index a day, however many visits it has."""


@dataclass(frozen=True, slots=True)
class Pack:
    """One day's cases of all sources as bytes by (source, column), read when the journal's last event was `seq`."""

    day: str
    seq: int
    data: dict[tuple[str, str], bytes]


def packs_due(conn: Any, today: str, at_most: int) -> list[str]:
    """Days before `today` that have no pack, oldest first."""
    return list(islice((day for day in loose_days(conn, "", today) if day < today), at_most))


def store(conn: Any, pack: Pack) -> bool:
    """Keep a pack, inside a transaction of the writer; False when the day has changed since it was read."""
    changed = "SELECT 1 FROM events e JOIN visits v ON v.visit = e.visit WHERE e.seq > ? AND v.day = ? LIMIT 1"
    if conn.execute(changed, (pack.seq, pack.day)).fetchone():
        return False
    conn.execute("DELETE FROM report_columns WHERE day = ?", (pack.day,))
    conn.executemany(
        "INSERT INTO report_columns(source, name, day, data) VALUES (?,?,?,?)",
        [(source, name, pack.day, data) for (source, name), data in pack.data.items()],
    )
    conn.execute("INSERT OR REPLACE INTO report_days(day, made_at, rows_kept) VALUES (?, ?, 1)", (pack.day, wall_ms()))
    return True


def packed(conn: Any, source: str, column: str, first: str, last: str) -> Iterator[tuple[str, bytes]]:
    """A column of the packed days of a range, by day."""
    rows: Iterator[tuple[str, bytes]] = conn.execute(
        "SELECT c.day, c.data FROM report_days d CROSS JOIN report_columns c ON c.source = ? AND c.name = ? AND c.day = d.day"
        " WHERE d.day BETWEEN ? AND ? ORDER BY d.day",
        (source, column, first, last),
    )
    return rows


def loose_days(conn: Any, first: str, last: str) -> list[str]:
    """Days of a range that have visits but no pack: today, and what changed."""
    return [row[0] for row in conn.execute(DAYS, {"first": first, "last": last})]
