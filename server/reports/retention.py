"""Dropping old rows: after so many days a packed day's visits, legs, events and settled deliveries go; its pack stays for good.

A day is marked before its first row goes, so that what is left of it is never packed anew; whoever stops in the middle goes
on there. A visit of which the portal has not been told yet stays, whatever its age. What is gone is gone for good, so a clock that
is far ahead is not believed: nothing goes while a leap of more than a month lies behind today or one of the last days of work.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from server import setup
from server.editing.rules import FEWEST_DAYS
from server.periodic import Periodic
from server.unit import Unit

CHOICE = "keep_rows_days"
EVERY_S = 60.0
AT_ONCE = 100
BATCHES_A_TURN = 20
LONGEST_LEAP_DAYS = 31
DAYS_AFTER_LEAP = 5
"""A hall that was closed for longer than LONGEST_LEAP_DAYS has worked so many days before rows go again."""

DUE = """SELECT d.day FROM report_days d WHERE d.day < ? AND EXISTS (SELECT 1 FROM visits v WHERE v.day = d.day) ORDER BY d.day"""
UNSENT = """SELECT 1 FROM events e JOIN deliveries d ON d.event = e.id
    WHERE e.visit = v.visit AND d.kind = 'portal' AND d.state <> 'done'"""
MAY_GO = f"SELECT v.visit FROM visits v WHERE v.day = ? AND NOT EXISTS ({UNSENT}) LIMIT ?"
OF_VISIT = (
    "DELETE FROM deliveries WHERE event IN (SELECT id FROM events WHERE visit = ?)",
    "DELETE FROM events WHERE visit = ?",
    "DELETE FROM ratings WHERE visit = ?",
    "DELETE FROM promises WHERE visit = ?",
    "DELETE FROM legs WHERE visit = ?",
    "DELETE FROM visits WHERE visit = ?",
)


WORKED = "SELECT DISTINCT day FROM visits WHERE day <= ? ORDER BY day DESC LIMIT ?"


def leapt(conn: Any, today: str) -> bool:
    """Whether today or one of the last days with visits lies too far behind the day before it, as after a clock set ahead."""
    days = [date.fromisoformat(day) for day in (today, *(row[0] for row in conn.execute(WORKED, (today, DAYS_AFTER_LEAP))))]
    return any((later - earlier).days > LONGEST_LEAP_DAYS for later, earlier in pairwise(days))


def drop_old_rows(unit: Unit, batches: int = BATCHES_A_TURN) -> int:
    """Drop up to `batches` small batches of what is older than the manager's setting; how many visits went."""
    with unit.reading() as conn:
        days = setup.choice(conn, CHOICE, None)
        today = setup.service_day(conn, unit.now().at, unit.settings.unit.zone)
        if days is None or leapt(conn, today):
            return 0
    before = (date.fromisoformat(today) - timedelta(days=max(int(days), FEWEST_DAYS))).isoformat()
    with unit.reading() as conn:
        due = [row[0] for row in conn.execute(DUE, (before,))]
    dropped = 0
    for day in due:
        while batches and (some := unit.writer.run(lambda conn, day=day: _drop_some(conn, day))):  # type: ignore[misc]
            dropped, batches = dropped + some, batches - 1
    return dropped


def _drop_some(conn: Any, day: str) -> int:
    """One batch of a day, in one transaction; how many visits."""
    going = [row[0] for row in conn.execute(MAY_GO, (day, AT_ONCE))]
    if going:
        conn.execute("UPDATE report_days SET rows_kept = 0 WHERE day = ?", (day,))
    for visit in going:
        for statement in OF_VISIT:
            conn.execute(statement, (visit,))
    return len(going)


def retention(unit: Unit) -> Periodic:
    """The worker that does so while the server runs."""
    return Periodic("retention", lambda: drop_old_rows(unit), EVERY_S)
