"""The database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from server.errors import N_
from server.operations.doctor.findings import Finding


def look(conn: Any) -> Iterator[Finding]:
    """Reads every page."""
    (word,) = conn.execute("PRAGMA quick_check(1)").fetchone()
    if word != "ok":
        yield Finding(
            "fault",
            N_("The database is damaged: %(detail)s."),
            N_("Stop the server and restore the last backup: see docs/backup.md."),
            {"detail": word},
        )
    else:
        yield Finding("good", N_("The database is whole."))
