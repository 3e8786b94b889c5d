"""Indexes for who is aside: the parked of all times are few, the absent are looked for by service from the newest on."""

from __future__ import annotations

from sqlite_utils import Database

STATEMENTS = (
    "DROP INDEX legs_aside",
    "CREATE INDEX legs_parked ON legs(service) WHERE state = 'parked'",
    "CREATE INDEX legs_absent ON legs(service, ended_at) WHERE state = 'no_show'",
)


def aside(db: Database) -> None:
    """Replace the one index of both, which had to be read back over years on a morning without an absent visitor."""
    for statement in STATEMENTS:
        db.execute(statement)
