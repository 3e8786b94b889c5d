"""Why and since when a visitor is aside, kept when the visitor is called again: `reason` is then that of the call."""

from __future__ import annotations

from sqlite_utils import Database

STATEMENTS = (
    "ALTER TABLE legs ADD COLUMN park_reason TEXT",
    "ALTER TABLE legs ADD COLUMN parked_at INTEGER",
    """UPDATE legs SET park_reason = reason, parked_at = (
        SELECT at FROM events e WHERE e.visit = legs.visit AND e.leg = legs.leg AND e.type = 'parked' ORDER BY seq DESC LIMIT 1
    ) WHERE state = 'parked'""",
)


def put_aside(db: Database) -> None:
    """Two columns of a leg; those who are aside at this moment get theirs from the journal."""
    for statement in STATEMENTS:
        db.execute(statement)
