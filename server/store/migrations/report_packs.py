"""Day packs of the reports: what closed days held, a blob a column, and a mark for each day whose pack is true."""

from __future__ import annotations

from sqlite_utils import Database

DROPS_THE_MARK = "DELETE FROM report_days WHERE rows_kept AND day = (SELECT day FROM visits WHERE visit = NEW.visit)"
STATEMENTS = (
    "CREATE INDEX visits_by_day ON visits(day)",
    """CREATE INDEX events_of_counters ON events(at)
        WHERE type IN ('counter_opened', 'counter_paused', 'counter_closed')""",
    "CREATE TABLE report_days (day TEXT PRIMARY KEY, made_at INTEGER NOT NULL, rows_kept INTEGER NOT NULL) WITHOUT ROWID",
    """CREATE TABLE report_columns (
        source TEXT NOT NULL, name TEXT NOT NULL, day TEXT NOT NULL, data BLOB NOT NULL, PRIMARY KEY (source, name, day)
    )""",
    "CREATE INDEX report_columns_by_day ON report_columns(day)",
    # Whoever changes a leg of a packed day, the pack is no longer true: the database itself sees to that.
    f"CREATE TRIGGER a_new_leg_unpacks_its_day AFTER INSERT ON legs BEGIN {DROPS_THE_MARK}; END",
    f"CREATE TRIGGER a_changed_leg_unpacks_its_day AFTER UPDATE ON legs BEGIN {DROPS_THE_MARK}; END",
)


def report_packs(db: Database) -> None:
    """Make the tables of the packs; they fill in the background."""
    for statement in STATEMENTS:
        db.execute(statement)
