"""What visitors added to their ratings, for officers of the administration concerned.

It comes sealed and stays so: it is opened in memory for whoever looks, and who looked when is written down first. Shown with
it are the unit, the day and the score, and neither the visit nor the hour, which would point at somebody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.clock import ZONE
from portal.contract.sealing import CantOpen, unseal
from portal.keys import Keys
from portal.officers import Officer
from portal.store.database import Connection
from portal.submissions.plaintext import harmless

PAGE = 20
LOOKS = 5


@dataclass(frozen=True, slots=True)
class Comment:
    """One as it is shown; `text` is None where it was not looked at, or can't be opened."""

    unit_name: str
    day: date
    score: int
    text: str | None = None


# The index of `store.migrations.comments` has this condition, word for word.
NEWEST = """
SELECT e.id, u.name, e.at, e.visit, e.extra FROM events e JOIN streams s USING (stream) JOIN units u USING (unit)
WHERE e.kind = 'rating' AND e.extra ? 'comment' AND u.administration = %s
ORDER BY e.at DESC, e.id LIMIT %s OFFSET %s
"""


def listed(conn: Connection, officer: Officer, page: int) -> tuple[list[Comment], bool]:
    """The comments of a page (from 1) without their words, the newest first, and whether there are older ones."""
    rows = _rows(conn, officer, page)
    return [_comment(row) for row in rows[:PAGE]], len(rows) > PAGE


def opened(conn: Connection, officer: Officer, page: int, keys: Keys) -> tuple[list[Comment], bool]:
    """The same, opened; that they were, and by whom, is written down first."""
    rows = _rows(conn, officer, page)
    conn.execute(
        "INSERT INTO comment_looks(officer, administration, events) VALUES (%s, %s, %s)",
        (officer.login, officer.administration, [row[0] for row in rows[:PAGE]]),
    )
    return [_comment(row, _words(row, keys)) for row in rows[:PAGE]], len(rows) > PAGE


def looks(conn: Connection, officer: Officer) -> list[tuple[datetime, str, int]]:
    """When which officer of this administration looked last, and at how many."""
    rows = conn.execute(
        "SELECT at, officer, cardinality(events) FROM comment_looks WHERE administration = %s ORDER BY at DESC LIMIT %s",
        (officer.administration, LOOKS),
    )
    return [(at, login, count) for at, login, count in rows]


def _rows(conn: Connection, officer: Officer, page: int) -> list[tuple[Any, ...]]:
    return conn.execute(NEWEST, (officer.administration, PAGE + 1, (page - 1) * PAGE)).fetchall()


def _comment(row: tuple[Any, ...], text: str | None = None) -> Comment:
    _, unit_name, at, _, extra = row
    return Comment(unit_name, at.astimezone(ZONE).date(), int(extra["score"]), text)


def _words(row: tuple[Any, ...], keys: Keys) -> str | None:
    _, _, _, visit, extra = row
    try:
        return harmless(str(unseal(extra["comment"], visit.upper(), keys.private).get("text", "")))
    except CantOpen:
        return None
