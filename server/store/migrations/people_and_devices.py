"""PINs, languages and removal of people; when sessions and devices were last seen; a count of what was taken away."""

from __future__ import annotations

from sqlite_utils import Database

_COUNT = "BEGIN UPDATE access_changes SET count = count + 1; END"
STATEMENTS = (
    "ALTER TABLE people ADD COLUMN languages TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE people ADD COLUMN pin TEXT",
    "ALTER TABLE people ADD COLUMN removed_at INTEGER",
    "ALTER TABLE sessions ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE sessions ADD COLUMN device INTEGER",
    "UPDATE sessions SET seen_at = created_at",
    "ALTER TABLE tokens ADD COLUMN last_seen_at INTEGER",
    # Counted by the database itself, so that whatever takes an access away, open screens are looked over.
    "CREATE TABLE access_changes (count INTEGER NOT NULL)",
    "INSERT INTO access_changes VALUES (0)",
    f"CREATE TRIGGER a_session_ends AFTER DELETE ON sessions {_COUNT}",
    f"CREATE TRIGGER a_token_changes AFTER UPDATE OF revoked_at, role ON tokens {_COUNT}",
    f"CREATE TRIGGER a_person_changes AFTER UPDATE OF role, removed_at ON people {_COUNT}",
)


def people_and_devices(db: Database) -> None:
    """Add them to the first tables."""
    for statement in STATEMENTS:
        db.execute(statement)
