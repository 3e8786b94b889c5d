"""The one writer of visits: each command is one transaction of state, journal and what is owed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from server import calling, lifecycle, setup
from server.clock import Moment
from server.errors import CounterTaken, NobodyAtCounter, NoMoreTime
from server.journal import Journal, Visit, random_id, save_leg, save_visit, visit_of
from server.lifecycle import EVENT_OF, UNDONE, Action, Desk, Leg, State
from server.store import Writer
from server.visits import desks, leaving, looks, numbers, owed, waiting
from server.visits.answers import Once, once
from server.visits.appointments import due_at, standing
from server.visits.caller import Caller
from server.visits.foresight import Blind, Foresight
from server.visits.looks import CalledLook, CounterLook, TicketLook, VisitLook
from server.visits.orders import Admit, Order, destination, printing
from server.visits.undo import NothingToUndo, last_step

T = TypeVar("T")
FORESEEN = frozenset({Action.CALL, Action.CANCEL, Action.EXPIRE, Action.PARK})
"""Steps that end a wait, or spoil it."""


class Visits:
    """Commands on visits and counters. Every one raises a `server.errors.Refused` and then has changed nothing."""

    def __init__(
        self,
        writer: Writer,
        journal: Journal,
        zone: ZoneInfo,
        admit: Admit,
        *,
        tell_portal: bool,
        foresight: Foresight | None = None,
    ) -> None:
        self._writer = writer
        self._journal = journal
        self._zone = zone
        self._admit = admit
        self._tell_portal = tell_portal
        self._foresight = foresight or Blind()

    def issue(self, order: Order, caller: Caller, key: Once | None = None) -> TicketLook:
        """Give a ticket: the next number of the service's series today."""
        return self._run(caller, key, lambda conn, now: self._issue(conn, now, order, caller))

    def cancel(self, visit: str, caller: Caller, key: Once | None = None) -> VisitLook:
        """The visitor gives the visit up."""

        def command(conn: Any, now: Moment) -> VisitLook:
            found, leg = looks.current_leg(conn, visit)
            self.move(conn, now, found, leg, Action.CANCEL, caller)
            return looks.look_at_visit(conn, visit)

        return self._run(caller, key, command)

    def expire(self, visit: str, caller: Caller) -> None:
        """The day ended before this visitor was served."""

        def command(conn: Any, now: Moment) -> None:
            found, leg = looks.current_leg(conn, visit)
            self.move(conn, now, found, leg, Action.EXPIRE, caller)

        self._run(caller, None, command)

    def desk(self, counter: int, action: str, caller: Caller, key: Once | None = None, reason: str | None = None) -> CounterLook:
        """Open, pause or close a counter."""
        return self._run(caller, key, lambda conn, now: self._desk(conn, now, counter, action, caller, reason))

    def call_next(self, counter: int, caller: Caller, key: Once | None = None) -> CalledLook | None:
        """Call the visitor that the calling rules pick; None when nobody waits."""
        return self._run(caller, key, lambda conn, now: self._call_next(conn, now, counter, caller))

    def call(self, counter: int, visit: str, reason: str, caller: Caller, key: Once | None = None) -> CalledLook:
        """Call a chosen visitor out of order, for a reason that stays in the journal."""

        def command(conn: Any, now: Moment) -> CalledLook:
            desks.free(conn, counter, "call", caller)
            found, leg = looks.current_leg(conn, visit)
            data = {"counter": counter, "rule": calling.CHOSEN, "reason": reason}
            return looks.look_at_call(conn, self.move(conn, now, found, leg, Action.CALL, caller, data))

        return self._run(caller, key, command)

    def at_counter(self, counter: int, action: Action, caller: Caller, key: Once | None = None, **data: Any) -> VisitLook:
        """Recall, start, finish, no-show, park or transfer the visitor who is at this counter."""
        return self._run(caller, key, lambda conn, now: self._at_counter(conn, now, counter, action, caller, data))

    def undo(self, counter: int, caller: Caller, key: Once | None = None) -> VisitLook:
        """Take this clerk's last step at this counter back; raises NothingToUndo when it was too long ago."""

        def command(conn: Any, now: Moment) -> VisitLook:
            desk = desks.held(conn, counter, "undo", caller)
            step = last_step(conn, now, counter, caller.id)
            if step is None:
                raise NothingToUndo
            if step.before.state in lifecycle.AT_COUNTER and step.action in (Action.FINISH, Action.NO_SHOW, Action.PARK):
                desks.nobody_at(conn, desk, "undo")
            data = {"of": step.event.id}
            visit = step.before.visit
            self._journal.append(conn, UNDONE, data, actor=caller.id, visit=visit, leg=step.before.leg, moment=now)
            save_leg(conn, step.before)
            self._foresight.came_true(conn, step.before)
            return looks.look_at_visit(conn, visit)

        return self._run(caller, key, command)

    def back_to_queue(self, counter: int, visit: str, caller: Caller, key: Once | None = None) -> VisitLook:
        """Put an absent or parked visitor back into the queue, where the manager's setting says."""

        def command(conn: Any, now: Moment) -> VisitLook:
            desks.held(conn, counter, "recycle", caller)
            found, leg = looks.current_leg(conn, visit)
            action = Action.RESUME if leg.state is State.PARKED else Action.RECYCLE
            lifecycle.after(leg.state, action)
            self.move(conn, now, found, leg, action, caller, waiting.place_back(conn, leg))
            return looks.look_at_visit(conn, visit)

        return self._run(caller, key, command)

    def more_time(self, visit: str, caller: Caller, key: Once | None = None) -> VisitLook:
        """A visitor who was called but can't come yet goes back to the end of the queue, once; raises NoMoreTime after that."""

        def command(conn: Any, now: Moment) -> VisitLook:
            found, leg = looks.current_leg(conn, visit)
            if looks.had_more_time(conn, visit):
                raise NoMoreTime
            if leg.state is State.CALLED:
                leg = self.move(conn, now, found, leg, Action.NO_SHOW, caller)
            self.move(conn, now, found, leg, Action.RECYCLE, caller, waiting.PUT_BACK)
            return looks.look_at_visit(conn, visit)

        return self._run(caller, key, command)

    def take_up(self, counter: int, visit: str, caller: Caller, key: Once | None = None) -> CalledLook:
        """Call a visitor who was put aside and is back, at once; raises NotServedHere where this counter does not serve them."""

        def command(conn: Any, now: Moment) -> CalledLook:
            desks.free(conn, counter, "take-up", caller)
            found, leg = looks.current_leg(conn, visit)
            lifecycle.after(leg.state, Action.RESUME)
            desks.serving(conn, counter, leg, caller)
            data = {"counter": counter, "rule": calling.TAKEN_UP}
            return looks.look_at_call(conn, self.move(conn, now, found, leg, Action.CALL, caller, data))

        return self._run(caller, key, command)

    def walk_direct(self, counter: int, order: Order, caller: Caller, key: Once | None = None) -> VisitLook:
        """Serve someone without a ticket, recorded like any other visit."""
        return self._run(caller, key, lambda conn, now: self._walk_in(conn, now, counter, order, caller))

    def _run(self, caller: Caller, key: Once | None, command: Callable[[Any, Moment], T]) -> T:
        def transaction(conn: Any) -> T:
            now = self._journal.now()
            return once(conn, key, caller.id, now.at, lambda: command(conn, now))

        return self._writer.run(transaction)

    def _issue(self, conn: Any, now: Moment, order: Order, caller: Caller) -> TicketLook:
        service = setup.open_service(conn, order.service)
        if caller.role == "kiosk":
            setup.check_offered(conn, caller.name, service)
        setup.known_priority(conn, order.priority)
        self._admit(conn, now, order, caller)
        day = setup.service_day(conn, now.at, self._zone)
        number, lap = numbers.next_number(conn, service, day)
        data = {
            "day": day,
            "series": service.series,
            "number": number,
            "lap": lap,
            "ticket": setup.ticket(service.prefix, number),
            "service": service.id,
            "language": order.language,
            "priority": order.priority,
            "due_at": due_at(now, self._zone, order.appointment),
            "origin": caller.id,
        }
        event = self._journal.append(conn, "issued", data, actor=caller.id, visit=random_id(), leg=1, moment=now)
        leg = lifecycle.begin(event)
        ahead = looks.ahead_of_newcomer(conn, service.id, standing(conn, now, leg))
        estimate = self._foresight.promise(conn, now, leg, ahead, ahead)
        save_visit(conn, visit := visit_of(event))
        save_leg(conn, leg)
        look = TicketLook(
            visit=visit.visit,
            ticket=str(visit.ticket),
            service=service.id,
            service_name=setup.name_in(service.name, order.language),
            language=order.language,
            priority=order.priority,
            appointment=order.appointment,
            people_ahead=ahead,
            estimated_wait=estimate,
            printing=printing(order),
            issued_at=event.at,
        )
        if order.printer:
            slip = {name: value for name, value in look.items() if name != "printing"}
            owed.owe_print(conn, event, order.printer, {**slip, "second": order.second_printer})
        return look

    def _walk_in(self, conn: Any, now: Moment, counter: int, order: Order, caller: Caller) -> VisitLook:
        desks.free(conn, counter, "walk-direct", caller)
        setup.known_priority(conn, order.priority)
        data = {
            "day": setup.service_day(conn, now.at, self._zone),
            "service": setup.living_service(conn, order.service).id,
            "language": order.language,
            "priority": order.priority,
            "due_at": due_at(now, self._zone, order.appointment),
            "origin": caller.id,
            "counter": counter,
        }
        event = self._journal.append(conn, "walked_in", data, actor=caller.id, visit=random_id(), leg=1, moment=now)
        save_visit(conn, visit_of(event))
        save_leg(conn, lifecycle.begin(event))
        return looks.look_at_visit(conn, str(event.visit))

    def _desk(self, conn: Any, now: Moment, counter: int, action: str, caller: Caller, reason: str | None) -> CounterLook:
        desk = looks.desk(conn, counter)
        if desk["clerk"] not in (None, caller.id) and not (caller.manages and action == "close"):
            raise CounterTaken(counter=desk["number"], clerk=desk["clerk_name"], action=action, state=desk["state"])
        if action == "open" and desk["state"] is Desk.OPEN:
            return looks.look_at_desk(desk)
        state = lifecycle.desk_after(desk["state"], action)
        numbered = None
        if action == "close" and desk["clerk"] is None and caller.manages:
            numbered = leaving.put_back(self, conn, now, counter, caller)
        if action != "open":
            desks.nobody_at(conn, desk, action)
        self.change_desk(conn, now, counter, state, caller, None if state is Desk.CLOSED else caller, reason)
        return looks.look_at_desk(looks.desk(conn, counter), numbered)

    def close_counter(self, conn: Any, now: Moment, counter: int, caller: Caller) -> None:
        """Close a counter at the end of the day, whoever holds it. Inside a transaction of the writer."""
        self.change_desk(conn, now, counter, Desk.CLOSED, caller, None)

    def change_desk(
        self,
        conn: Any,
        now: Moment,
        counter: int,
        state: Desk,
        caller: Caller,
        clerk: Caller | None,
        reason: str | None = None,
    ) -> None:
        """Put a counter into a state, held by `clerk` or by nobody. Inside a transaction of the writer."""
        data = {"counter": counter, "state": str(state), "reason": reason, "clerk_name": clerk and clerk.name}
        event = self._journal.append(conn, lifecycle.DESK_EVENT_OF[state], data, actor=caller.id, moment=now)
        conn.execute(
            "UPDATE counters SET state = ?, clerk = ?, clerk_name = ?, since = ?, reason = ? WHERE id = ?",
            (str(state), clerk and clerk.id, clerk and clerk.name, event.at, reason, counter),
        )

    def _call_next(self, conn: Any, now: Moment, counter: int, caller: Caller) -> CalledLook | None:
        desks.free(conn, counter, "call-next", caller)
        choice = waiting.choose(conn, now, counter, caller.id)
        if choice is None:
            return None
        found, leg = looks.current_leg(conn, choice.candidate.visit)
        data = {"counter": counter, "rule": choice.rule}
        return looks.look_at_call(conn, self.move(conn, now, found, leg, Action.CALL, caller, data))

    def _at_counter(self, conn: Any, now: Moment, counter: int, action: Action, caller: Caller, data: dict[str, Any]) -> VisitLook:
        desk = desks.held(conn, counter, action, caller)
        leg = looks.leg_at_counter(conn, counter)
        if leg is None:
            raise NobodyAtCounter(counter=desk["number"], action=str(action), state=str(desk["state"]))
        if action is Action.TRANSFER:
            data = destination(conn, leg, data)
        visit, _ = looks.current_leg(conn, leg.visit)
        self.move(conn, now, visit, leg, action, caller, data)
        return looks.look_at_visit(conn, leg.visit)

    def move(
        self,
        conn: Any,
        now: Moment,
        visit: Visit,
        leg: Leg,
        action: Action,
        caller: Caller,
        data: dict[str, Any] | None = None,
    ) -> Leg:
        """Carry one transition out: journal, state, deliveries. Refused by the table before anything is written.

        Inside a transaction of the writer; the commands above and the end of the day use it.
        """
        lifecycle.after(leg.state, action)
        if visit.ticket is None and action in (Action.PARK, Action.TRANSFER):
            waits_for = setup.service(conn, (data or {}).get("service") or leg.service)
            visit = numbers.give(self._journal, conn, now, visit, waits_for, caller)
        event = self._journal.append(
            conn, EVENT_OF[action], data or {}, actor=caller.id, visit=visit.visit, leg=leg.leg, moment=now
        )
        moved = lifecycle.advance(leg, event)
        save_leg(conn, moved)
        if action in FORESEEN:
            self._foresight.came_true(conn, moved)
        if action is Action.TRANSFER:
            following = lifecycle.successor(leg, event)
            newcomer = looks.ahead_of_newcomer(conn, following.service, standing(conn, now, following))
            self._foresight.promise(conn, now, following, looks.people_ahead(conn, following, now), newcomer)
            save_leg(conn, following)
            conn.execute("UPDATE visits SET leg = ? WHERE visit = ?", (following.leg, visit.visit))
        if self._tell_portal and event.type in owed.PORTAL_EVENTS:
            owed.owe_portal(conn, event, visit, moved)
        return moved
