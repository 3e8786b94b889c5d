"""What the unit remembers of its line to the portal, and quick ways to what the portal refused."""

from __future__ import annotations

from sqlite_utils import Database


def portal_line(db: Database) -> None:
    """One row a fact: last contact, last failure, why it is paused."""
    db.execute("CREATE TABLE portal_line (what TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
    db.execute("CREATE INDEX deliveries_refused ON deliveries(state, id) WHERE state IN ('rejected', 'aside')")
