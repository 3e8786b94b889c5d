"""The queue as the calling rules need it, and the numbers that are given out. Used inside the writer's transaction."""

from __future__ import annotations

from typing import Any

from server import calling
from server.clock import Moment


def next_number(conn: Any, series: str, day: str) -> int:
    """The next number of a series on a day; the UNIQUE behind it makes a repeated one impossible."""
    row = conn.execute(
        "INSERT INTO number_series VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last", (series, day)
    ).fetchone()
    return int(row[0])


def first_of_each_class(conn: Any, now: Moment) -> list[calling.Candidate]:
    """The first waiting leg of each service and class: all that the rules need, however long the queue is."""
    candidates = []
    for (service,) in conn.execute("SELECT id FROM services").fetchall():
        for ordinary in (0, 1):
            row = conn.execute(
                "SELECT visit, leg, service, priority, place, ? - joined_steady FROM legs"
                " WHERE state = 'waiting' AND service = ? AND (priority IS NULL) = ? ORDER BY place LIMIT 1",
                (now.steady, service, ordinary),
            ).fetchone()
            if row:
                candidates.append(calling.Candidate(*row))
    return candidates


def ordinary_run(conn: Any, rules: calling.Rules) -> int:
    """How many ordinary visitors were called since the last priority call (counted as far as the rules need)."""
    rows = conn.execute(
        "SELECT priority FROM legs WHERE called_seq IS NOT NULL ORDER BY called_seq DESC LIMIT ?", (rules.priority_one_in,)
    ).fetchall()
    return next((run for run, (priority,) in enumerate(rows) if priority is not None), rules.priority_one_in)
