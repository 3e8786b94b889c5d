"""A set-up that is edited while the hall runs: what was removed keeps its name, notices have times, devices their choice."""

from __future__ import annotations

from sqlite_utils import Database

EDITABLE_SETUP = (
    # A prefix or a counter's number is unique among those that are not removed: the tables' own UNIQUE has to go.
    """CREATE TABLE services_now (
        id TEXT PRIMARY KEY, position INTEGER NOT NULL, prefix TEXT NOT NULL, series TEXT NOT NULL, name TEXT NOT NULL,
        icon TEXT NOT NULL, target_s INTEGER NOT NULL, documents TEXT NOT NULL, open INTEGER NOT NULL DEFAULT 1,
        range_first INTEGER NOT NULL DEFAULT 1, range_last INTEGER NOT NULL DEFAULT 9999,
        keeps_place INTEGER NOT NULL DEFAULT 1, removed_at INTEGER
    )""",
    "INSERT INTO services_now SELECT id, position, prefix, series, name, icon, target_s, documents, open, range_first,"
    " range_last, keeps_place, NULL FROM services",
    # Dropping a table deletes its rows, and with them what refers to them.
    "CREATE TEMP TABLE kept_ranks AS SELECT profile, service, rank FROM work_profile_services",
    "DELETE FROM work_profile_services",
    "DROP TABLE services",
    "ALTER TABLE services_now RENAME TO services",
    "INSERT INTO work_profile_services SELECT profile, service, rank FROM kept_ranks",
    "DROP TABLE kept_ranks",
    "CREATE UNIQUE INDEX services_by_prefix ON services(prefix) WHERE removed_at IS NULL",
    """CREATE TABLE counters_now (
        id INTEGER PRIMARY KEY, number INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'closed', clerk TEXT,
        clerk_name TEXT, since INTEGER NOT NULL DEFAULT 0, reason TEXT,
        profile TEXT REFERENCES work_profiles(id) ON DELETE SET NULL, removed_at INTEGER
    )""",
    "INSERT INTO counters_now SELECT id, number, state, clerk, clerk_name, since, reason, profile, NULL FROM counters",
    "DROP TABLE counters",
    "ALTER TABLE counters_now RENAME TO counters",
    "CREATE UNIQUE INDEX counters_by_number ON counters(number) WHERE removed_at IS NULL",
    "ALTER TABLE priorities ADD COLUMN removed_at INTEGER",
    # Local date and time, `2026-12-01T08:30`: a notice follows the clock on the wall.
    "ALTER TABLE messages ADD COLUMN begins TEXT",
    "ALTER TABLE messages ADD COLUMN ends TEXT",
    # What a device shows, by its name: lists of ids as JSON, an empty one for all.
    "CREATE TABLE kiosk_choices (kiosk TEXT PRIMARY KEY, services TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE display_choices (
        display TEXT PRIMARY KEY, title TEXT NOT NULL, services TEXT NOT NULL, counters TEXT NOT NULL
    ) WITHOUT ROWID""",
    "CREATE INDEX events_of_setup ON events(seq) WHERE type = 'setup_changed'",
)


def editable_setup(db: Database) -> None:
    """Let the set-up be edited."""
    for statement in EDITABLE_SETUP:
        db.execute(statement)
