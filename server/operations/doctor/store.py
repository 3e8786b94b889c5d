"""The database."""

from __future__ import annotations

from typing import Any

from sqlite_utils.utils import sqlite3

from server.errors import N_
from server.operations.doctor.findings import Finding


def look(conn: Any) -> Finding:
    """Reads every page."""
    try:
        (word,) = conn.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        word = str(error)
    if word != "ok":
        return Finding(
            "fault",
            N_("The database is damaged: %(detail)s."),
            N_("Stop the server and restore the last backup: see docs/backup.md."),
            {"detail": " ".join(word.split())},
        )
    return Finding("good", N_("The database is whole."))
