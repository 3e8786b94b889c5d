"""The life of a leg and of a counter: one table each, and what each event of the journal changes.

Pure: no database, no web, no clock but the moments passed in. `begin`, `advance` and `successor` turn journal events into
legs; the writer and the replay of the journal both use them, so the table of legs is always what the journal says.
"""

from server.lifecycle.legs import Event, Leg, advance, begin, successor
from server.lifecycle.tables import (
    ACTION_OF,
    AT_COUNTER,
    DESK_EVENT_OF,
    DESK_TRANSITIONS,
    ENDED,
    EVENT_OF,
    NUMBERED,
    STEPS,
    TRANSITIONS,
    UNDO_WITHIN_MS,
    UNDOABLE,
    UNDONE,
    Action,
    Desk,
    State,
    after,
    desk_after,
)

__all__ = [
    "ACTION_OF",
    "AT_COUNTER",
    "DESK_EVENT_OF",
    "DESK_TRANSITIONS",
    "ENDED",
    "EVENT_OF",
    "NUMBERED",
    "STEPS",
    "TRANSITIONS",
    "UNDOABLE",
    "UNDONE",
    "UNDO_WITHIN_MS",
    "Action",
    "Desk",
    "Event",
    "Leg",
    "State",
    "advance",
    "after",
    "begin",
    "desk_after",
    "successor",
]
