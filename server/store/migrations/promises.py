"""Estimated waits as they were made, beside what came true."""

from __future__ import annotations

from sqlite_utils import Database

STATEMENTS = (
    # `seconds`, `low`, `high` as told (rounded); `shown` 0 when the service was silent. `state`: waiting, called, left (without
    # a call) or aside (put aside before the first call: another wait than was promised). `actual_ms`: joining → first call.
    """CREATE TABLE promises (
        visit TEXT NOT NULL, leg INTEGER NOT NULL, service TEXT NOT NULL, people_ahead INTEGER NOT NULL, priority TEXT,
        at INTEGER NOT NULL, seconds INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL, method TEXT NOT NULL,
        shown INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'waiting', actual_ms INTEGER, PRIMARY KEY (visit, leg)
    ) WITHOUT ROWID""",
    "CREATE INDEX promises_made ON promises(at)",
)


def promises(db: Database) -> None:
    """Make the table of promises."""
    for statement in STATEMENTS:
        db.execute(statement)
