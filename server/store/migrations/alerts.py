"""The alerts that hold now; those that ended are in the journal."""

from __future__ import annotations

from sqlite_utils import Database


def alerts(db: Database) -> None:
    """An id is never given twice, so that who says “seen” means the alert that was on the screen."""
    db.execute(
        """CREATE TABLE alerts (
            id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, subject TEXT NOT NULL, params TEXT NOT NULL,
            since INTEGER NOT NULL, seen_by TEXT, seen_at INTEGER, UNIQUE (kind, subject, params)
        )"""
    )
