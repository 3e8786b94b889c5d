"""Random commands from several counters, held against the table of transitions and the journal."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import Bundle, MultipleResults, RuleBasedStateMachine, invariant, multiple, precondition, rule

from server import journal, lifecycle
from server import settings as unit_settings
from server.calling import TAKEN_UP, WAITED_PAST_CAP, Rules
from server.errors import Refused
from server.lifecycle import Action, Desk, Leg, State
from server.operations.making import make_unit
from server.unit import Unit
from server.visits import Caller, Order
from server.visits.looks import current_leg, leg_at_counter
from tests.conftest import KIOSK, ToldClock

SERVICES = ("etat-civil", "legalisation")
COUNTERS = (1, 2, 3)
CLERKS = {counter: Caller(f"person:{counter}", f"clerk {counter}", "clerk") for counter in COUNTERS}
AT_COUNTER = (Action.RECALL, Action.START, Action.FINISH, Action.NO_SHOW, Action.PARK, Action.TRANSFER)


def goes_first(leg: Leg) -> bool:
    return leg.priority is not None and not leg.put_back


class Queue(RuleBasedStateMachine):
    """The model: each visit's state and each counter's, kept by hand from the tables alone."""

    visits = Bundle("visits")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="istiqbal-"))
        make_unit(self.folder / "unit", "annexe")
        self.clock = ToldClock()
        self.unit = Unit(self.folder / "unit", unit_settings.load(self.folder / "unit"), self.clock)
        self.states: dict[str, State] = {}
        self.queue: dict[str, Leg] = {}
        self.desks = dict.fromkeys(COUNTERS, Desk.CLOSED)
        self.held: dict[int, str] = {}
        self.tickets: set[str] = set()

    def teardown(self) -> None:
        with self.unit.reading() as conn:
            assert journal.replay(journal.read(conn)) == journal.stored(conn)
        self.unit.close()
        shutil.rmtree(self.folder)

    def join_queue(self, visit: str) -> None:
        """At the end of the queue, unless a transfer kept the place."""
        with self.unit.reading() as conn:
            self.queue[visit] = current_leg(conn, visit)[1]

    def last_place(self) -> float:
        return max((leg.place for leg in self.queue.values()), default=0)

    def same_class(self, called: Leg, rule: str) -> list[Leg]:
        """Who is to be called after this visitor, by the rule that picked them."""
        if rule == WAITED_PAST_CAP:
            capped = self.clock().steady - Rules().cap_ms
            return [leg for leg in self.queue.values() if leg.joined_steady < capped]
        return [leg for leg in self.queue.values() if goes_first(leg) == goes_first(called)]

    @rule(target=visits, service=st.sampled_from(SERVICES), priority=st.sampled_from([None, None, "elderly"]))
    def issue(self, service: str, priority: str | None) -> str:
        look = self.unit.visits.issue(Order(service, "ar", priority), KIOSK)
        assert look["ticket"] not in self.tickets
        self.tickets.add(look["ticket"])
        self.states[look["visit"]] = State.WAITING
        before = self.last_place()
        self.join_queue(look["visit"])
        assert self.last_place() > before
        return look["visit"]

    @rule(counter=st.sampled_from(COUNTERS), action=st.sampled_from(["open", "pause", "close"]))
    def change_desk(self, counter: int, action: str) -> None:
        before = self.desks[counter]
        wanted = lifecycle.DESK_TRANSITIONS.get((before, action), Desk.OPEN if (before, action) == (Desk.OPEN, "open") else None)
        busy = counter in self.held and action != "open"
        try:
            look = self.unit.visits.desk(counter, action, CLERKS[counter])
        except Refused:
            assert wanted is None or busy
        else:
            assert wanted == look["state"]
            assert not busy
            self.desks[counter] = Desk(look["state"])

    @rule(counter=st.sampled_from(COUNTERS))
    def call_next(self, counter: int) -> None:
        possible = self.desks[counter] is Desk.OPEN and counter not in self.held
        try:
            called = self.unit.visits.call_next(counter, CLERKS[counter])
        except Refused:
            assert not possible
            return
        assert possible
        if called is None:
            assert not self.queue
            return
        leg = self.queue.pop(called["visit"])
        assert all(leg.place < other.place for other in self.same_class(leg, called["rule"]))
        self.states[called["visit"]] = State.CALLED
        self.held[counter] = called["visit"]

    @rule(counter=st.sampled_from(COUNTERS), action=st.sampled_from(AT_COUNTER), service=st.sampled_from(SERVICES))
    def at_counter(self, counter: int, action: Action, service: str) -> None:
        visit = self.held.get(counter)
        wanted = lifecycle.TRANSITIONS.get((self.states[visit], action)) if visit else None
        data = {"service": service, "note": None} if action is Action.TRANSFER else {}
        try:
            look = self.unit.visits.at_counter(counter, action, CLERKS[counter], **data)
        except Refused:
            assert wanted is None
            return
        assert visit is not None
        assert look["ticket"] or action is Action.FINISH, "whoever waits or is aside can be announced"
        assert wanted is not None
        if action is Action.TRANSFER:
            assert look["state"] == State.WAITING
            self.join_queue(visit)
        else:
            assert look["state"] == wanted
        self.states[visit] = State(look["state"])
        if self.states[visit] not in lifecycle.AT_COUNTER:
            del self.held[counter]

    @rule(counter=st.sampled_from(COUNTERS), visit=visits)
    def back_to_queue(self, counter: int, visit: str) -> None:
        possible = self.desks[counter] is not Desk.CLOSED and self.states[visit] in (State.NO_SHOW, State.PARKED)
        try:
            self.unit.visits.back_to_queue(counter, visit, CLERKS[counter])
        except Refused:
            assert not possible
            return
        assert possible
        self.states[visit] = State.WAITING
        others = [leg.place for leg in self.queue.values()]
        self.join_queue(visit)
        assert sum(place < self.queue[visit].place for place in others) == min(3, len(others)), "after the next three"
        assert not goes_first(self.queue[visit])

    @rule(visit=visits)
    def cancel(self, visit: str) -> None:
        wanted = lifecycle.TRANSITIONS.get((self.states[visit], Action.CANCEL))
        try:
            look = self.unit.visits.cancel(visit, KIOSK)
        except Refused:
            assert wanted is None
            return
        assert look["state"] == wanted
        self.states[visit] = State(look["state"])
        self.queue.pop(visit, None)

    @rule(visit=visits)
    def expire(self, visit: str) -> None:
        wanted = lifecycle.TRANSITIONS.get((self.states[visit], Action.EXPIRE))
        try:
            self.unit.visits.expire(visit, KIOSK)
        except Refused:
            assert wanted is None
            return
        self.states[visit] = State.EXPIRED
        self.queue.pop(visit, None)

    @rule(counter=st.sampled_from(COUNTERS))
    def undo(self, counter: int) -> None:
        """Whatever it gives back, the invariants and the replay must hold."""
        try:
            look = self.unit.visits.undo(counter, CLERKS[counter])
        except Refused:
            return
        visit, state = look["visit"], State(look["state"])
        self.held = {at: held for at, held in self.held.items() if held != visit}
        self.queue.pop(visit, None)
        self.states[visit] = state
        if state in lifecycle.AT_COUNTER:
            assert counter not in self.held
            self.held[counter] = visit
        elif state is State.WAITING:
            self.join_queue(visit)

    @rule(counter=st.sampled_from(COUNTERS), visit=visits)
    def call_chosen(self, counter: int, visit: str) -> None:
        callable = self.states[visit] in (State.WAITING, State.PARKED)
        possible = self.desks[counter] is Desk.OPEN and counter not in self.held and callable
        try:
            self.unit.visits.call(counter, visit, "she must catch a train", CLERKS[counter])
        except Refused:
            assert not possible
            return
        assert possible
        self.states[visit] = State.CALLED
        self.held[counter] = visit
        self.queue.pop(visit, None)

    @rule(counter=st.sampled_from(COUNTERS), visit=visits)
    def take_up(self, counter: int, visit: str) -> None:
        possible = self.desks[counter] is Desk.OPEN and counter not in self.held and self.states[visit] is State.PARKED
        try:
            called = self.unit.visits.take_up(counter, visit, CLERKS[counter])
        except Refused:
            assert not possible
            return
        assert possible
        assert called["rule"] == TAKEN_UP
        self.states[visit] = State.CALLED
        self.held[counter] = visit

    @rule(target=visits, counter=st.sampled_from(COUNTERS), service=st.sampled_from(SERVICES))
    def walk_direct(self, counter: int, service: str) -> MultipleResults[str] | str:
        possible = self.desks[counter] is Desk.OPEN and counter not in self.held
        try:
            look = self.unit.visits.walk_direct(counter, Order(service, "ar"), CLERKS[counter])
        except Refused:
            assert not possible
            return multiple()
        assert possible
        self.states[look["visit"]] = State.SERVING
        self.held[counter] = look["visit"]
        return look["visit"]

    @rule(seconds=st.integers(1, 3600))
    def time_passes(self, seconds: int) -> None:
        self.clock.pass_by(seconds)

    @rule(seconds=st.integers(-7200, 7200))
    def the_clock_is_set(self, seconds: int) -> None:
        self.clock.jump(seconds)

    @precondition(lambda self: self.states)
    @invariant()
    def the_tables_hold_what_the_model_says(self) -> None:
        with self.unit.reading() as conn:
            found = dict(conn.execute("SELECT v.visit, l.state FROM visits v JOIN legs l USING (visit, leg)").fetchall())
            waiting = dict(conn.execute("SELECT priority, SUM(count) FROM waiting GROUP BY priority").fetchall())
            with_priority = sum(map(goes_first, self.queue.values()))
            assert (waiting.get(0, 0), waiting.get(1, 0)) == (len(self.queue) - with_priority, with_priority)
            assert found == {visit: str(state) for visit, state in self.states.items()}
            for counter in COUNTERS:
                leg = leg_at_counter(conn, counter)
                assert (leg.visit if leg else None) == self.held.get(counter)


Queue.TestCase.settings = settings(max_examples=120, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck))
TestQueue = Queue.TestCase
