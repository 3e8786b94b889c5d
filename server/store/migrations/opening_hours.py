"""The opening hours: one document, what a manager saw of it (revision), and what the screens were last told of the doors."""

from __future__ import annotations

from sqlite_utils import Database


def opening_hours(db: Database) -> None:
    """Make the table; without a row the hall is always open."""
    db.execute(
        """CREATE TABLE opening_hours (
            id INTEGER PRIMARY KEY CHECK (id = 1), document TEXT NOT NULL, revision INTEGER NOT NULL, told TEXT
        )"""
    )
