"""What a person at the portal should look at: found while storing, counted once per subject."""

from __future__ import annotations

from collections.abc import Sequence

from portal.store.database import Connection

KINDS = ("conflict", "sequence-reused", "two-machines", "clock-ahead", "id-reused")
REPORT = """
INSERT INTO incidents(unit, kind, subject) VALUES (%s, %s, %s)
ON CONFLICT (unit, kind, subject) DO UPDATE SET times = incidents.times + 1, last_seen = now(), settled_at = NULL
"""


def report(conn: Connection, unit: str, kind: str, subjects: Sequence[str]) -> None:
    """Write down that this was seen; `subject` is an event's id or an epoch."""
    for subject in subjects:
        conn.execute(REPORT, (unit, kind, subject))
