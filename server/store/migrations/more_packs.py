"""Ratings and promises are packed too: days whose rows are there are packed anew, and a rating drops its day's mark.

Days whose rows were dropped keep their packs, which are all that is left of them; they have no ratings and no promises.
"""

from __future__ import annotations

from sqlite_utils import Database

DROPS_THE_MARK = "DELETE FROM report_days WHERE rows_kept AND day = (SELECT day FROM visits WHERE visit = NEW.visit)"
STATEMENTS = (
    "DELETE FROM report_days WHERE rows_kept",
    f"CREATE TRIGGER a_new_rating_unpacks_its_day AFTER INSERT ON ratings BEGIN {DROPS_THE_MARK}; END",
    f"CREATE TRIGGER a_changed_rating_unpacks_its_day AFTER UPDATE ON ratings BEGIN {DROPS_THE_MARK}; END",
)


def more_packs(db: Database) -> None:
    """Have old days packed anew; they are in the background, and counted from their rows until then."""
    for statement in STATEMENTS:
        db.execute(statement)
