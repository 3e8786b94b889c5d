"""The legs of a period as lines of text that SQLite writes itself: a third of the time that a loop in Python takes.

A day is read in one short transaction, so that an export of years never keeps the database's log from being emptied.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from server.clock import MS, local
from server.reports.counting.source import Day, Progress, service_day
from server.reports.period import Period

DAYS = """WITH RECURSIVE days(day) AS (
    SELECT MIN(day) FROM visits WHERE day >= :first
    UNION ALL SELECT (SELECT MIN(v.day) FROM visits v WHERE v.day > days.day) FROM days WHERE days.day <= :last
) SELECT day FROM days WHERE day <= :last"""
LEGS = "SELECT SUM(leg) FROM visits INDEXED BY visits_of_day WHERE day = ?"
VISITS = """WITH v AS MATERIALIZED (SELECT visit, ticket, language FROM visits INDEXED BY visits_of_day WHERE day = :day)
    SELECT {line} FROM"""
JOINED = f"""{VISITS} legs l INDEXED BY legs_joined CROSS JOIN v ON v.visit = l.visit
    WHERE l.joined_at >= :start AND l.joined_at < :end{{only}} ORDER BY l.joined_at"""
ELSEWHEN = f"""{VISITS} v CROSS JOIN legs l ON l.visit = v.visit
    WHERE NOT (l.joined_at >= :start AND l.joined_at < :end){{only}} ORDER BY v.ticket, l.leg"""
"""Somebody was sent on after midnight, or a clock was wrong."""
ONLY = " AND l.service IN (SELECT value FROM json_each(:services))"

EPOCH = date(1899, 12, 30)
DAY_MS = 86_400 * MS
Expression = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Form:
    """How a line is written, in SQL: each of its fifteen cells, the day's name, local seconds since 1970, whole seconds.

    `odd` is asked about texts that are no plain words, such as an Arabic ticket or a reason.
    """

    cells: Sequence[Expression]
    day: str
    time: Expression
    duration: Expression
    odd: Callable[[str], str]

    def line(self) -> str:
        """The expression of a whole line."""
        values = (
            self.day, *map(_word, ("ticket", "service", "language", "priority")), "counter",
            *(self.time(_local(name)) for name in ("joined_at", "called_at", "serving_at", "ended_at")),
            *(self.duration(_rounded(name)) for name in ("waited_ms", "walked_ms", "served_ms")),
            _word("state"), _word("coalesce(reason, outcome)"),
        )  # fmt: skip
        return "||".join(cell(value) for cell, value in zip(self.cells, values, strict=True))


def _word(column: str) -> str:
    return f"iif({column} GLOB '*[^A-Za-z0-9_-]*' OR {column} GLOB '-*', odd({column}), {column})"


def _local(column: str) -> str:
    return f"{column} / 1000 + iif({column} < :turn, :before, :after)"


def _rounded(column: str) -> str:
    """Milliseconds as whole seconds, the half upwards as everywhere; SQLite divides towards zero."""
    return f"(({column} + 500 - 999 * ({column} < -500)) / 1000)"


def days_of_lines(
    conn: Any,
    period: Period,
    zone: ZoneInfo,
    form: Form,
    progress: Progress = lambda _: None,
    services: Sequence[str] = (),
) -> Iterator[list[str]]:
    """The legs of these services (all when empty), a service day at a time, in the order in which they joined a queue."""
    conn.create_function("odd", 1, form.odd, deterministic=True)
    only = {"services": json.dumps(services)} if services else {}
    joined, elsewhen = (query.format(line=form.line(), only=ONLY if services else "") for query in (JOINED, ELSEWHEN))
    days = [row[0] for row in conn.execute(DAYS, {"first": period.first.isoformat(), "last": period.last.isoformat()})]
    for place, of_day in enumerate(days):
        progress(place / len(days))
        day = service_day(conn, of_day, zone)
        values = {"day": of_day, "serial": day_in_excel(of_day), "start": day.start, "end": day.end, **_offsets(day), **only}
        conn.execute("BEGIN")
        try:
            lines = conn.execute(joined, values).fetchall()
            if services or len(lines) < conn.execute(LEGS, (of_day,)).fetchone()[0]:
                lines += conn.execute(elsewhen, values).fetchall()
        finally:
            conn.execute("COMMIT")
        yield [line for (line,) in lines]
    progress(1.0)


def day_in_excel(day: str) -> int:
    """A date as Excel counts it."""
    return (date.fromisoformat(day) - EPOCH).days


def _offsets(day: Day) -> dict[str, int]:
    """Seconds that local time is ahead of UTC before and after the instant `turn` at which the day's clock is changed, if it is."""
    stop = day.end + DAY_MS  # who came late is served on the next day
    before, after = _offset(day.start, day.zone), _offset(stop, day.zone)
    if before == after:
        return {"before": before, "after": after, "turn": stop}
    seconds = range(day.start // MS, stop // MS)
    turn = seconds[bisect_left(seconds, True, key=lambda second: _offset(second * MS, day.zone) != before)]
    return {"before": before, "after": after, "turn": turn * MS}


def _offset(at: int, zone: ZoneInfo) -> int:
    ahead = local(at, zone).utcoffset()
    return int(ahead.total_seconds()) if ahead else 0
