"""Reports that are sent by themselves."""

from __future__ import annotations

from sqlite_utils import Database

STATEMENTS = (
    """CREATE TABLE report_sendings (
        id INTEGER PRIMARY KEY, first TEXT NOT NULL, last TEXT NOT NULL, way TEXT NOT NULL, created_at INTEGER NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0, next_at INTEGER NOT NULL, error TEXT, done_at INTEGER, UNIQUE (first, last, way)
    )""",
)


def report_sendings(db: Database) -> None:
    """Make the table of scheduled reports."""
    for statement in STATEMENTS:
        db.execute(statement)
