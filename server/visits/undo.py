"""Taking the last step of a visit back, within ten seconds, by the clerk who took it.

The journal keeps both the step and its undoing. The portal may have been told of a visit's end already; whatever ends
the same leg later is sent too, and the later one counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from server import journal, lifecycle
from server.clock import Moment
from server.errors import N_, Refused
from server.lifecycle import ACTION_OF, UNDO_WITHIN_MS, UNDOABLE, Action, Event, Leg

LAST_STEP = "SELECT visit FROM events WHERE actor = ? AND seq > ? AND steady > ? AND visit IS NOT NULL ORDER BY seq DESC LIMIT 1"
LOOK_BACK = 2000
"""Journal lines within which a step of the last ten seconds surely lies."""


class NothingToUndo(Refused):
    status, slug = 409, "nothing-to-undo"
    message = N_("There is nothing that can still be taken back: it was too long ago, or somebody else has gone on.")


@dataclass(frozen=True, slots=True)
class Step:
    """The last step of a visit, and the leg as it was before."""

    event: Event
    action: Action
    before: Leg


def last_step(conn: Any, now: Moment, counter: int, actor: str) -> Step | None:
    """What this clerk did last at this counter, if it can still be taken back."""
    newest = journal.last_seq(conn)
    row = conn.execute(LAST_STEP, (actor, newest - LOOK_BACK, now.steady - UNDO_WITHIN_MS)).fetchone()
    if row is None:
        return None
    events = [one for one in journal.of_visit(conn, row[0]) if one.type in lifecycle.STEPS]
    last = events[-1]
    action = ACTION_OF.get(last.type)
    fits = action in UNDOABLE and last.actor == actor and now.steady - last.steady <= UNDO_WITHIN_MS
    if action is None or not fits:
        return None
    before = journal.replay(events[:-1])[1][str(last.visit), last.leg or 0]
    after = journal.replay(events)[1][str(last.visit), last.leg or 0]
    at = after.counter if after.counter is not None else before.counter
    return Step(last, action, before) if at == counter else None
