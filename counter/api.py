"""The API of the counters: a clerk's actions, each one POST."""

from __future__ import annotations

from typing import Any

from flask import Response

from server.access.audit import Audit
from server.lifecycle import Action
from server.visits import Caller, CounterLook, Order, Visits, answers, leaving, looks
from server.web import identity
from server.web.api import SECURED, answer, api_blueprint, guarded, once
from server.web.schemas import (
    CalledAnswer,
    CallOrder,
    CounterAnswer,
    CounterPath,
    Nothing,
    NumberedVisitors,
    NumberQuery,
    Outcome,
    Reason,
    TransferOrder,
    VisitAnswer,
    VisitChoice,
    WalkDirectOrder,
)

api = api_blueprint("counters", "What a clerk does at a counter.")
_COUNTER: dict[str, Any] = {"responses": {200: CounterAnswer, **guarded(404, 409)}, "security": SECURED}
_VISIT: dict[str, Any] = {"responses": {200: VisitAnswer, **guarded(404, 409)}, "security": SECURED}
_CALLED: dict[str, Any] = {"responses": {200: CalledAnswer, **guarded(404, 409)}, "security": SECURED}
_FOUND: dict[str, Any] = {"responses": {200: NumberedVisitors, **guarded(404)}, "security": SECURED}
_NEXT: dict[str, Any] = {"responses": {200: CalledAnswer, 204: None, **guarded(404, 409)}, "security": SECURED}


@api.get("/counters/<counter>/visitors", summary="Visitors by number", **_FOUND)
def visitors(path: CounterPath, query: NumberQuery) -> Response:
    """Who waits and who is aside in the hall with these letters or digits in the number, twenty of each at most."""
    unit = identity.unit()
    with unit.reading() as conn:
        looks.desk(conn, path.counter)
        return answer(unit.hall.numbered(conn, unit.now(), query.ticket))


@api.post("/counters/<counter>/open", summary="Open a counter", **_COUNTER)
def open_counter(path: CounterPath, body: Nothing) -> Response:
    """The caller holds the counter until it is closed."""
    return _desk(path, "open")


@api.post("/counters/<counter>/pause", summary="Pause a counter", **_COUNTER)
def pause_counter(path: CounterPath, body: Reason) -> Response:
    """The counter is kept but calls nobody."""
    return _desk(path, "pause", body.reason)


@api.post("/counters/<counter>/close", summary="Close a counter", **_COUNTER)
def close_counter(path: CounterPath, body: Nothing) -> Response:
    """Refused while a visitor is at it."""
    return _desk(path, "close")


@api.post("/counters/<counter>/release", summary="Take a counter from whoever holds it", **_COUNTER)
def release_counter(path: CounterPath, body: Nothing) -> Response:
    """By a manager: the counter is closed; a visitor at it waits again, in the place of the first arrival, with a number."""
    unit, caller, key = identity.unit(), identity.permitted("release a counter").caller(), once()

    def release(conn: Any) -> CounterLook:
        was = leaving.release(unit.visits, conn, unit.now(), path.counter, caller)
        held = {"number": was.number, "clerk": was.clerk_name, "visitor": was.ticket or was.numbered}
        Audit(unit.journal, caller.id).note(conn, "held counter", path.counter, held, {"number": was.number})
        return looks.look_at_desk(looks.desk(conn, path.counter), was.numbered)

    return answer(unit.writer.run(lambda conn: answers.once(conn, key, caller.id, unit.now().at, lambda: release(conn))))


@api.post("/counters/<counter>/call-next", summary="Call the next visitor", **_NEXT)
def call_next(path: CounterPath, body: Nothing) -> Response:
    """Picks by the calling rules; 204 when nobody waits."""
    visits, caller = _clerk()
    called = visits.call_next(path.counter, caller, once())
    return Response(status=204) if called is None else answer(called)


@api.post("/counters/<counter>/call", summary="Call a chosen visitor", **_CALLED)
def call(path: CounterPath, body: CallOrder) -> Response:
    """Out of order, for a reason that stays in the journal."""
    visits, caller = _clerk()
    return answer(visits.call(path.counter, body.visit, body.reason, caller, once()))


@api.post("/counters/<counter>/recall", summary="Announce again", **_VISIT)
def recall(path: CounterPath, body: Nothing) -> Response:
    """The called visitor is announced once more."""
    return _at_counter(path, Action.RECALL)


@api.post("/counters/<counter>/start", summary="The visitor has come", **_VISIT)
def start(path: CounterPath, body: Nothing) -> Response:
    """Serving begins."""
    return _at_counter(path, Action.START)


@api.post("/counters/<counter>/finish", summary="The visitor is served", **_VISIT)
def finish(path: CounterPath, body: Outcome) -> Response:
    """Serving ends, with an outcome if the hall records one."""
    return _at_counter(path, Action.FINISH, outcome=body.outcome)


@api.post("/counters/<counter>/no-show", summary="The visitor did not come", **_VISIT)
def no_show(path: CounterPath, body: Nothing) -> Response:
    """The visitor can be put back into the queue with recycle."""
    return _at_counter(path, Action.NO_SHOW)


@api.post("/counters/<counter>/undo", summary="Take the last step back", **_VISIT)
def undo(path: CounterPath, body: Nothing) -> Response:
    """Within ten seconds: a call, a start, a finish, an absence, a putting aside."""
    visits, caller = _clerk()
    return answer(visits.undo(path.counter, caller, once()))


@api.post("/counters/<counter>/park", summary="Put the visitor aside", **_VISIT)
def park(path: CounterPath, body: Reason) -> Response:
    """For a missing document, say; then take-up or recycle. Who came without a ticket gets a number."""
    return _at_counter(path, Action.PARK, reason=body.reason)


@api.post("/counters/<counter>/recycle", summary="Back into the queue", **_VISIT)
def recycle(path: CounterPath, body: VisitChoice) -> Response:
    """An absent or parked visitor waits again, at the place that the manager's setting says."""
    visits, caller = _clerk()
    return answer(visits.back_to_queue(path.counter, body.visit, caller, once()))


@api.post("/counters/<counter>/take-up", summary="Call a parked visitor at once", **_CALLED)
def take_up(path: CounterPath, body: VisitChoice) -> Response:
    """Who was put aside and is back, where the counter serves them: in no queue, and not out of order."""
    visits, caller = _clerk()
    return answer(visits.take_up(path.counter, body.visit, caller, once()))


@api.post("/counters/<counter>/transfer", summary="Send the visitor on", **_VISIT)
def transfer(path: CounterPath, body: TransferOrder) -> Response:
    """To another service, a counter or a clerk; the service decides whether the first arrival's place is kept.

    Who came without a ticket gets a number.
    """
    return _at_counter(path, Action.TRANSFER, service=body.service, to_counter=body.counter, clerk=body.clerk, note=body.note)


@api.post("/counters/<counter>/walk-direct", summary="Serve without a ticket", **_VISIT)
def walk_direct(path: CounterPath, body: WalkDirectOrder) -> Response:
    """Recorded like any other visit."""
    visits, caller = _clerk()
    order = Order(body.service, body.language, body.priority, appointment=body.appointment)
    return answer(visits.walk_direct(path.counter, order, caller, once()))


def _clerk() -> tuple[Visits, Caller]:
    return identity.unit().visits, identity.permitted("work at a counter").caller()


def _desk(path: CounterPath, action: str, reason: str | None = None) -> Response:
    visits, caller = _clerk()
    return answer(visits.desk(path.counter, action, caller, once(), reason))


def _at_counter(path: CounterPath, action: Action, **data: Any) -> Response:
    visits, caller = _clerk()
    return answer(visits.at_counter(path.counter, action, caller, once(), **data))
