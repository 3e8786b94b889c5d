"""What somebody read before they changed it: whoever saves second is told who was first, and what that one changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from server.clock import Moment
from server.errors import N_, Refused
from server.journal import Journal

EVENT = "setup_changed"
"""Its data: what (a section), id (None for an order), before and after (None: was not there), by (the name, where it is known)."""

BY = (
    "COALESCE(data ->> 'by', (SELECT name FROM people WHERE 'person:' || people.id = actor),"
    " (SELECT name FROM tokens WHERE 'device:' || tokens.id = actor), actor)"
)
"""Whoever made a change, by name; a device or another system by that of its token."""


class ChangedMeanwhile(Refused):
    status, slug = 409, "changed-meanwhile"
    message = N_("%(who)s changed this while you were editing it. Look at what is different, then save again.")


class GoneMeanwhile(Refused):
    status, slug = 409, "gone-meanwhile"
    message = N_("%(who)s removed this while you were editing it.")


def note_change(
    conn: Any, journal: Journal, actor: str, what: str, id: object, before: Any, after: Any,
    *, by: str | None = None, moment: Moment | None = None,
) -> None:  # fmt: skip
    """Write in the journal what was changed, in the transaction that changes it; every screen gets a new snapshot by it."""
    named = {} if by is None else {"by": by}
    journal.append(conn, EVENT, {"what": what, "id": id, "before": before, "after": after, **named}, actor=actor, moment=moment)


def digest(data: Mapping[str, Any]) -> str:
    """The revision of a thing with this data: another one means that somebody changed it."""
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:16]


def last_editor(conn: Any, section: str, id: Any, telling: str | None = None) -> str:
    """Who changed a thing last; a dash when nobody did.

    `telling`: a field by which a change of what is said of it is known, where something else is noted of it too.
    """
    row = conn.execute(
        f"SELECT {BY} FROM events WHERE type = '{EVENT}' AND data ->> 'what' = ?1 AND data ->> 'id' = ?2"
        " AND (?3 IS NULL OR COALESCE(data -> 'before' ->> ?3, data -> 'after' ->> ?3) IS NOT NULL) ORDER BY seq DESC LIMIT 1",
        (section, id, telling),
    ).fetchone()
    return str(row[0]) if row else "–"


def before_last(conn: Any, section: str) -> Mapping[str, Any]:
    """What the last change of a section put something else in the place of; nothing when it was never changed."""
    row = conn.execute(
        f"SELECT data -> 'before' FROM events WHERE type = '{EVENT}' AND data ->> 'what' = ? ORDER BY seq DESC LIMIT 1", (section,)
    ).fetchone()
    found: Mapping[str, Any] = json.loads(row[0]) if row else {}
    return found


def as_it_was(conn: Any, section: str, id: Any, revision: str) -> Mapping[str, Any] | None:
    """What a thing said when it was read at `revision`, if the journal knows it."""
    rows = conn.execute(
        f"SELECT data FROM events WHERE type = '{EVENT}' AND data ->> 'what' = ? AND data ->> 'id' = ? ORDER BY seq DESC LIMIT 50",
        (section, id),
    )
    befores = (json.loads(row[0])["before"] for row in rows)
    return next((before for before in befores if before and digest(before) == revision), None)
