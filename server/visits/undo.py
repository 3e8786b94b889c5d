"""Taking the last step of a visit back, within ten seconds, by the clerk who took it.

A call that was taken back leaves the finish just before it as the last step: where the next visitor is called by itself after a
finish, the finish can be taken back too, by doing it twice.

The journal keeps both the step and its undoing. The portal may have been told of a visit's end already; whatever ends
the same leg later is sent too, and the later one counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from server import journal, lifecycle
from server.clock import Moment, rfc3339
from server.errors import N_, Refused
from server.lifecycle import ACTION_OF, EVENT_OF, UNDO_WITHIN_MS, UNDOABLE, UNDONE, Action, Event, Leg

TAKEN = f"actor, visit, type, at, id, CASE type WHEN '{UNDONE}' THEN data ->> 'of' END"
STEPS = ", ".join(f"'{type}'" for type in sorted(lifecycle.STEPS))
LATELY = f"seq > ? AND steady > ? AND type IN ({STEPS}) ORDER BY seq DESC"
"""What the screens offer and the server takes back is found among the same lines."""
LAST_STEPS = f"SELECT {TAKEN} FROM events WHERE actor = ? AND {LATELY} LIMIT 3"
OF_EVERYBODY = f"SELECT {TAKEN} FROM events WHERE {LATELY}"
LOOK_BACK = 2000
"""Journal lines within which a step of the last ten seconds surely lies."""
LOOK_BACK_FOR_SCREENS = 500
"""As many are read for each snapshot; the server judges again when something is taken back."""


class NothingToUndo(Refused):
    status, slug = 409, "nothing-to-undo"
    message = N_("There is nothing that can still be taken back: it was too long ago, or somebody else has gone on.")


@dataclass(frozen=True, slots=True)
class Step:
    """The last step of a visit, and the leg as it was before."""

    event: Event
    action: Action
    before: Leg


class Taken(NamedTuple):
    """A line of the journal, as far as taking back needs it; `of` is the id of the line that it took back."""

    actor: str
    visit: str
    type: str
    at: int
    id: str
    of: str | None


def last_of(newest_first: Sequence[Taken]) -> Taken | None:
    """What one clerk did last of all that still counts, among what they did lately."""
    if not newest_first:
        return None
    last, *before = newest_first
    if last.type != UNDONE:
        return last
    finish, call = EVENT_OF[Action.FINISH], EVENT_OF[Action.CALL]
    if [one.type for one in before[:2]] == [call, finish] and before[0].id == last.of:
        return before[1]
    return None


def undoable(conn: Any, now: Moment) -> dict[str, dict[str, Any]]:
    """For screens: by clerk, the step that may still be taken back and until when."""
    newest = journal.last_seq(conn)
    done: dict[str, list[Taken]] = {}
    for row in conn.execute(OF_EVERYBODY, (newest - LOOK_BACK_FOR_SCREENS, now.steady - UNDO_WITHIN_MS)):
        one = Taken(*row)
        done.setdefault(one.actor, []).append(one)
    last = {actor: last_of(steps) for actor, steps in done.items()}
    return {
        actor: {"action": str(ACTION_OF[one.type]), "until": rfc3339(one.at + UNDO_WITHIN_MS)}
        for actor, one in last.items()
        if one is not None and ACTION_OF.get(one.type) in UNDOABLE
    }


def last_step(conn: Any, now: Moment, counter: int, actor: str) -> Step | None:
    """What this clerk did last at this counter, if it can still be taken back."""
    newest = journal.last_seq(conn)
    rows = conn.execute(LAST_STEPS, (actor, newest - LOOK_BACK, now.steady - UNDO_WITHIN_MS)).fetchall()
    done = last_of([Taken(*row) for row in rows])
    if done is None:
        return None
    events = [one for one in journal.of_visit(conn, done.visit) if one.type in lifecycle.STEPS]
    last = events[-1]
    action = ACTION_OF.get(last.type)
    fits = action in UNDOABLE and last.actor == actor and now.steady - last.steady <= UNDO_WITHIN_MS
    if action is None or not fits:
        return None
    before = journal.replay(events[:-1])[1][str(last.visit), last.leg or 0]
    after = journal.replay(events)[1][str(last.visit), last.leg or 0]
    at = after.counter if after.counter is not None else before.counter
    return Step(last, action, before) if at == counter else None
