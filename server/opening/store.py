"""The unit's opening hours in the database: one document, read and changed as a whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from server.clock import Moment
from server.errors import N_, Refused
from server.journal import Journal, encode
from server.opening.writing import Opening, as_data, from_data
from server.revisions import before_last, note_change

SECTION = "hours"


class EditedMeanwhile(Refused):
    status, slug = 409, "edited-meanwhile"
    message = N_("Somebody else has changed the hours since you opened this page. Nothing was saved: look at them and try again.")


def opening(conn: Any) -> Opening:
    """What is set up; a unit without any hours is always open."""
    row = conn.execute("SELECT document FROM opening_hours").fetchone()
    return _parsed(row[0]) if row else Opening()


def revision(conn: Any) -> int:
    """Rises with each change; 0 when there never was one."""
    row = conn.execute("SELECT revision FROM opening_hours").fetchone()
    return int(row[0]) if row else 0


@lru_cache(maxsize=16)
def _parsed(document: str) -> Opening:
    return from_data(json.loads(document))


def put(conn: Any, new: Opening) -> None:
    """Write the hours down without a word: for a new unit. Inside a transaction of the caller's."""
    conn.execute(
        "INSERT INTO opening_hours(id, document, revision) VALUES (1, ?, 1)"
        " ON CONFLICT DO UPDATE SET document = excluded.document, revision = revision + 1",
        (encode(as_data(new)),),
    )


def change(
    conn: Any, journal: Journal, actor: str, seen: int, edit: Callable[[Opening], Opening], moment: Moment | None = None
) -> None:
    """Change what is set up, for somebody who saw revision `seen`; raises EditedMeanwhile, or what `edit` refuses.

    A page that is sent twice changes nothing the second time, whatever it was read at. The journal gets `setup_changed` with the
    parts that changed, before and after. Inside a transaction of the writer.
    """
    old = opening(conn)
    stale = seen != revision(conn)
    if stale and _done_already(conn, old, seen, edit):
        return
    if stale:
        raise EditedMeanwhile
    new = edit(old)
    before, after = as_data(old), as_data(new)
    parts = [part for part in after if before[part] != after[part]]
    if not parts:
        return
    put(conn, new)
    changed = ({part: data[part] for part in parts} for data in (before, after))
    note_change(conn, journal, actor, SECTION, ", ".join(parts), *changed, moment=moment)


def _done_already(conn: Any, now: Opening, seen: int, edit: Callable[[Opening], Opening]) -> bool:
    """Whether the hours are as the edit would have them: of itself, or because the last change was this very one."""
    readings = [now]
    if seen == revision(conn) - 1:
        readings.append(from_data({**as_data(now), **before_last(conn, SECTION)}))
    for one in readings:
        try:
            if edit(one) == now:
                return True
        except Refused:
            continue
    return False
