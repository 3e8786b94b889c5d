"""Ratings, and what is known of submissions without their text."""

from __future__ import annotations

from sqlite_utils import Database

FEEDBACK = (
    # One rating a visit; `reasons` is a JSON list, `leg` the one that was served. Its comment is in no table in plain.
    """CREATE TABLE ratings (
        visit TEXT PRIMARY KEY REFERENCES visits(visit), leg INTEGER NOT NULL, service TEXT NOT NULL, score INTEGER NOT NULL,
        reasons TEXT NOT NULL, channel TEXT NOT NULL, at INTEGER NOT NULL
    ) WITHOUT ROWID""",
    "CREATE INDEX ratings_by_time ON ratings(at)",
    # `stage` and `dates` (JSON) are what the portal told last; `local` is the copy sealed to the unit's own key, if it has one.
    """CREATE TABLE submissions (
        reference TEXT PRIMARY KEY, type TEXT NOT NULL, service TEXT, language TEXT NOT NULL, at INTEGER NOT NULL,
        delivery INTEGER NOT NULL, local TEXT, stage TEXT, dates TEXT, asked_at INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID""",
    "CREATE INDEX submissions_to_follow ON submissions(asked_at) WHERE stage IS NULL OR stage <> 'answered'",
)


def feedback(db: Database) -> None:
    """Make the tables of ratings and submissions."""
    for statement in FEEDBACK:
        db.execute(statement)
