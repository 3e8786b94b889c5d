"""What displays show beside the calls: pictures, films and texts, each at its time."""

from __future__ import annotations

from sqlite_utils import Database


def display_media(db: Database) -> None:
    """`file` is a name in the unit's folder `media/`, `text` texts by language; `displays` names, empty for all.

    `begins` and `ends` are local days (both included), `since` and `until` hours of the day; NULL where nothing is said.
    """
    db.execute(
        """CREATE TABLE media (
            id INTEGER PRIMARY KEY AUTOINCREMENT, position INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, file TEXT,
            text TEXT NOT NULL, displays TEXT NOT NULL, begins TEXT, ends TEXT, since TEXT, until TEXT, seconds INTEGER NOT NULL
        )"""
    )
