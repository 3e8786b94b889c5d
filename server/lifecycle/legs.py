"""Legs of a visit out of the events of the journal: what each event changes of a leg."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from server.clock import Moment
from server.lifecycle.tables import ACTION_OF, ENDED, Action, State, after


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the journal. `seq` orders, `id` identifies (random), `epoch` names the server start that wrote it."""

    seq: int
    id: str
    epoch: str
    type: str
    at: int
    steady: int
    visit: str | None = None
    leg: int | None = None
    actor: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def moment(self) -> Moment:
        return Moment(self.at, self.steady)


@dataclass(frozen=True, slots=True)
class Leg:
    """One service leg of a visit. Times are UTC ms (`_at`) and steady ms (`_steady`); durations (`_ms`) are steady.

    `place` orders the queue (a journal sequence number, so no clock can disorder it; a fraction between two of them for who
    was put back between two others); `called_seq` and `announced_seq`
    are the journal's numbers of the last call and of the last announcement (call or recall).
    `called_after_ms` is joining → first call, `waited_ms` joining → the first call that was answered, `walked_ms` that call →
    start, `served_ms` start → end, `left_after_ms` joining → leaving without having been called. Who came to a counter past the
    queue joins it, if ever, when put back into it.
    `for_counter` and `for_clerk` say whom a transferred visitor was sent to; `due_at` is an appointment, UTC ms. `put_back`: it
    waits, or last waited, where it was put back, from where no priority, appointment or sending brings it forward.
    `park_reason` and `parked_at`: why and when the visitor was put aside last, also once they are called again.
    """

    visit: str
    leg: int
    service: str
    priority: str | None
    place: float
    joined_at: int
    joined_steady: int
    state: State = State.WAITING
    counter: int | None = None
    clerk: str | None = None
    rule: str | None = None
    called_at: int | None = None
    called_steady: int | None = None
    called_seq: int | None = None
    announced_at: int | None = None
    announced_seq: int | None = None
    serving_at: int | None = None
    serving_steady: int | None = None
    ended_at: int | None = None
    recalls: int = 0
    called_after_ms: int | None = None
    waited_ms: int | None = None
    walked_ms: int | None = None
    served_ms: int | None = None
    left_after_ms: int | None = None
    outcome: str | None = None
    reason: str | None = None
    note: str | None = None
    for_counter: int | None = None
    for_clerk: str | None = None
    due_at: int | None = None
    put_back: bool = False
    park_reason: str | None = None
    parked_at: int | None = None


def begin(event: Event) -> Leg:
    """The first leg of a visit, from its `issued` event (waits) or its `walked_in` event (is served at once).

    Who walks in joins no queue: such a leg has no waiting time and counts in no service level.
    """
    data = event.data
    leg = Leg(
        visit=str(event.visit),
        leg=1,
        service=data["service"],
        priority=data["priority"],
        place=event.seq,
        joined_at=event.at,
        joined_steady=event.steady,
        due_at=data.get("due_at"),
    )
    if event.type == "issued":
        return leg
    return replace(
        leg,
        state=State.SERVING,
        counter=data["counter"],
        clerk=event.actor,
        rule="walk-direct",
        called_at=event.at,
        called_steady=event.steady,
        serving_at=event.at,
        serving_steady=event.steady,
    )


def successor(leg: Leg, event: Event) -> Leg:
    """The leg that a `transferred` event begins; it keeps the old place in the queue if the event says so."""
    data = event.data
    return Leg(
        visit=leg.visit,
        leg=leg.leg + 1,
        service=data["service"],
        priority=leg.priority,
        place=leg.place if data["keep_place"] else event.seq,
        joined_at=event.at,
        joined_steady=event.steady,
        note=data.get("note"),
        for_counter=data.get("for_counter"),
        for_clerk=data.get("for_clerk"),
        due_at=leg.due_at,
        park_reason=leg.park_reason if data["service"] == leg.service else None,
    )


def advance(leg: Leg, event: Event) -> Leg:
    """The leg after `event`; raises IllegalTransition when its state does not allow it."""
    action = ACTION_OF[event.type]
    state = after(leg.state, action)
    changes = _CHANGES[action](leg, event) if action in _CHANGES else {}
    if state in ENDED:
        changes["ended_at"] = event.at
    elif state is State.WAITING:
        changes["ended_at"] = None
    return replace(leg, state=state, **changes)


def _call(leg: Leg, event: Event) -> dict[str, Any]:
    first = leg.called_after_ms
    joined_no_queue = first is None and leg.state is State.PARKED
    return {
        "counter": event.data["counter"],
        "clerk": event.actor,
        "rule": event.data["rule"],
        "reason": event.data.get("reason"),
        "called_at": event.at,
        "called_steady": event.steady,
        "called_seq": event.seq,
        "announced_at": event.at,
        "announced_seq": event.seq,
        "recalls": 0,
        "called_after_ms": event.steady - leg.joined_steady if first is None and not joined_no_queue else first,
    }


def _recall(leg: Leg, event: Event) -> dict[str, Any]:
    return {"recalls": leg.recalls + 1, "announced_at": event.at, "announced_seq": event.seq}


def _start(leg: Leg, event: Event) -> dict[str, Any]:
    called = leg.called_steady if leg.called_steady is not None else event.steady
    changes: dict[str, Any] = {"serving_at": event.at, "serving_steady": event.steady}
    if leg.walked_ms is None:
        changes["walked_ms"] = event.steady - called
    if leg.waited_ms is None and leg.called_after_ms is not None:
        changes["waited_ms"] = called - leg.joined_steady
    return changes


def _end_of_serving(leg: Leg, event: Event) -> dict[str, Any]:
    """Time at the counter adds up over a leg that was parked and taken up again.

    A leg that a power cut or a forgetful clerk left open (`left_open`) ended nobody knows when: it adds nothing.
    """
    if event.data.get("left_open"):
        return {}
    if leg.state is not State.SERVING or leg.serving_steady is None:
        return {}
    return {"served_ms": (leg.served_ms or 0) + event.steady - leg.serving_steady}


def _finish(leg: Leg, event: Event) -> dict[str, Any]:
    return {**_end_of_serving(leg, event), "outcome": event.data.get("outcome")}


def _park(leg: Leg, event: Event) -> dict[str, Any]:
    reason = event.data.get("reason")
    return {**_end_of_serving(leg, event), "reason": reason, "park_reason": reason, "parked_at": event.at, "counter": None}


def _back_to_queue(leg: Leg, event: Event) -> dict[str, Any]:
    data = event.data
    changes = {"place": data.get("place", event.seq), "counter": None, "put_back": data.get("put_back", False)}
    return {**changes, **_joining_now(event)} if _past_the_queue(leg) else changes


def _past_the_queue(leg: Leg) -> bool:
    """Whether it came to a counter without having been called from the queue: nobody knows of a wait."""
    return leg.called_at is not None and leg.called_after_ms is None


def _joining_now(event: Event) -> dict[str, Any]:
    return {"joined_at": event.at, "joined_steady": event.steady, "rule": None, "called_at": None, "called_steady": None}


def _leave(leg: Leg, event: Event) -> dict[str, Any]:
    if leg.called_after_ms is not None or _past_the_queue(leg):
        return {}
    return {"left_after_ms": event.steady - leg.joined_steady}


_CHANGES = {
    Action.CALL: _call,
    Action.RECALL: _recall,
    Action.START: _start,
    Action.FINISH: _finish,
    Action.TRANSFER: _end_of_serving,
    Action.PARK: _park,
    Action.RECYCLE: _back_to_queue,
    Action.RESUME: _back_to_queue,
    Action.CANCEL: _leave,
    Action.EXPIRE: _leave,
}
