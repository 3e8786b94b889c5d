"""The states of a leg and of a counter, and what leads from one to another. Whatever is not in a table is refused."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from server.errors import IllegalTransition


class State(StrEnum):
    """States of a leg."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    SERVED = "served"
    NO_SHOW = "no_show"
    PARKED = "parked"
    TRANSFERRED = "transferred"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Action(StrEnum):
    """What can be done with a leg."""

    CALL = "call"
    RECALL = "recall"
    START = "start"
    FINISH = "finish"
    NO_SHOW = "no-show"
    RECYCLE = "recycle"
    PARK = "park"
    RESUME = "resume"
    TRANSFER = "transfer"
    CANCEL = "cancel"
    EXPIRE = "expire"


TRANSITIONS: Mapping[tuple[State, Action], State] = {
    (State.WAITING, Action.CALL): State.CALLED,
    (State.WAITING, Action.PARK): State.PARKED,
    (State.WAITING, Action.CANCEL): State.CANCELLED,
    (State.WAITING, Action.EXPIRE): State.EXPIRED,
    (State.CALLED, Action.RECALL): State.CALLED,
    (State.CALLED, Action.START): State.SERVING,
    (State.CALLED, Action.NO_SHOW): State.NO_SHOW,
    (State.CALLED, Action.PARK): State.PARKED,
    (State.CALLED, Action.TRANSFER): State.TRANSFERRED,
    (State.SERVING, Action.FINISH): State.SERVED,
    (State.SERVING, Action.PARK): State.PARKED,
    (State.SERVING, Action.TRANSFER): State.TRANSFERRED,
    (State.NO_SHOW, Action.RECYCLE): State.WAITING,
    (State.PARKED, Action.RESUME): State.WAITING,
    (State.PARKED, Action.CALL): State.CALLED,
    (State.PARKED, Action.CANCEL): State.CANCELLED,
    (State.PARKED, Action.EXPIRE): State.EXPIRED,
}

EVENT_OF: Mapping[Action, str] = {
    Action.CALL: "called",
    Action.RECALL: "recalled",
    Action.START: "started",
    Action.FINISH: "served",
    Action.NO_SHOW: "no_show",
    Action.RECYCLE: "recycled",
    Action.PARK: "parked",
    Action.RESUME: "resumed",
    Action.TRANSFER: "transferred",
    Action.CANCEL: "cancelled",
    Action.EXPIRE: "expired",
}
ACTION_OF: Mapping[str, Action] = {event: action for action, event in EVENT_OF.items()}

UNDONE = "undone"
"""The event that takes the last step of a visit back; the leg is then what it was before that step."""
NUMBERED = "numbered"
"""The event that gives a number to a visitor who came without a ticket, as `issued` gives it with one."""
STEPS = frozenset({*ACTION_OF, "issued", "walked_in", UNDONE})
"""Events that make up a visit; others (printed, reprinted …) only speak of it."""
UNDOABLE = frozenset({Action.CALL, Action.START, Action.FINISH, Action.NO_SHOW, Action.PARK})
UNDO_WITHIN_MS = 10_000

AT_COUNTER = frozenset({State.CALLED, State.SERVING})
ENDED = frozenset({State.SERVED, State.NO_SHOW, State.TRANSFERRED, State.CANCELLED, State.EXPIRED})


class Desk(StrEnum):
    """States of a counter."""

    CLOSED = "closed"
    OPEN = "open"
    PAUSED = "paused"


DESK_TRANSITIONS: Mapping[tuple[Desk, str], Desk] = {
    (Desk.CLOSED, "open"): Desk.OPEN,
    (Desk.PAUSED, "open"): Desk.OPEN,
    (Desk.OPEN, "pause"): Desk.PAUSED,
    (Desk.OPEN, "close"): Desk.CLOSED,
    (Desk.PAUSED, "close"): Desk.CLOSED,
}
DESK_EVENT_OF: Mapping[Desk, str] = {
    Desk.OPEN: "counter_opened",
    Desk.PAUSED: "counter_paused",
    Desk.CLOSED: "counter_closed",
}


def after(state: State, action: Action) -> State:
    """The state that `action` leads to; raises IllegalTransition when the table has no such line."""
    try:
        return TRANSITIONS[state, action]
    except KeyError:
        raise IllegalTransition(action=str(action), state=str(state)) from None


def desk_after(state: Desk, action: str) -> Desk:
    """The counter's state that `action` leads to; raises IllegalTransition."""
    try:
        return DESK_TRANSITIONS[state, action]
    except KeyError:
        raise IllegalTransition(action=action, state=str(state)) from None
