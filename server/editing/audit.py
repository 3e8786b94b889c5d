"""Who changed what of the set-up, when, from what to what: read from the journal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from server.revisions import BY, EVENT


@dataclass(frozen=True, slots=True)
class Entry:
    """One change; `at` in UTC milliseconds, `seq` its place in the journal."""

    seq: int
    at: int
    by: str
    what: str
    id: str | int | None
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    def differences(self) -> list[tuple[str, Any, Any]]:
        """The fields that became different: name, before, after (None where there was nothing)."""
        before, after = self.before or {}, self.after or {}
        names = [*before, *(name for name in after if name not in before)]
        return [(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)]


def entries(conn: Any, *, what: str = "", by: str = "", before: int | None = None, most: int = 50) -> list[Entry]:
    """The newest changes, newest first: of one section, of one person's name, and older than the event `before`."""
    rows = conn.execute(
        f"SELECT seq, at, {BY}, data FROM events WHERE type = '{EVENT}' AND seq < ?1"
        f" AND (?2 = '' OR data ->> 'what' = ?2) AND (?3 = '' OR {BY} = ?3) ORDER BY seq DESC LIMIT ?4",
        (before if before is not None else 1 << 62, what, by, most),
    )
    return [_entry(*row) for row in rows]


def newest(conn: Any) -> int:
    """The newest change's place in the journal, 0 before the first."""
    row = conn.execute(f"SELECT MAX(seq) FROM events INDEXED BY events_of_setup WHERE type = '{EVENT}'").fetchone()
    return int(row[0] or 0)


def people(conn: Any) -> list[str]:
    """The names of all who ever changed something."""
    rows = conn.execute(f"SELECT DISTINCT {BY} FROM events WHERE type = '{EVENT}' ORDER BY 1")
    return [row[0] for row in rows]


def sections(conn: Any) -> list[str]:
    """The sections that were ever changed."""
    return [row[0] for row in conn.execute(f"SELECT DISTINCT data ->> 'what' FROM events WHERE type = '{EVENT}' ORDER BY 1")]


def _entry(seq: int, at: int, by: str, data: str) -> Entry:
    said = json.loads(data)
    return Entry(seq, at, by, said["what"], said.get("id"), _fields(said.get("before")), _fields(said.get("after")))


def _fields(said: Any) -> Mapping[str, Any] | None:
    """What is told of a recording is one word: where it comes from."""
    return {"recording": said} if isinstance(said, str) else said
