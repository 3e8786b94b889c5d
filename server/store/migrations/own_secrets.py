"""Whose password or PIN somebody else has chosen, so that they are asked to choose their own."""

from __future__ import annotations

from sqlite_utils import Database

STATEMENTS = (
    # 0: their own, 1: given by somebody else, 2: given, and they put choosing their own off once.
    "ALTER TABLE people ADD COLUMN password_given INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE people ADD COLUMN pin_given INTEGER NOT NULL DEFAULT 0",
)


def own_secrets(db: Database) -> None:
    """Those who are there keep theirs unasked."""
    for statement in STATEMENTS:
        db.execute(statement)
