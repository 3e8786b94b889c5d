"""Taking the last step back."""

from __future__ import annotations

import pytest

from server import journal
from server.errors import CounterBusy
from server.lifecycle import Action
from server.unit import Unit
from server.visits import Order
from server.visits.looks import current_leg
from server.visits.undo import LAST_STEPS, NothingToUndo
from tests.conftest import CLERK, KIOSK, OTHER_CLERK, ToldClock

ORDER = Order("etat-civil", "ar")


@pytest.fixture
def visit(unit: Unit) -> str:
    """The first of two who wait, at an open counter."""
    first = unit.visits.issue(ORDER, KIOSK)["visit"]
    unit.visits.issue(ORDER, KIOSK)
    unit.visits.desk(1, "open", CLERK)
    return first


def replays(unit: Unit) -> bool:
    with unit.reading() as conn:
        return journal.replay(journal.read(conn)) == journal.stored(conn)


@pytest.mark.parametrize("action", [Action.START, Action.NO_SHOW, Action.PARK])
def test_it_takes_a_step_back_as_if_it_had_not_been(unit: Unit, visit: str, action: Action) -> None:
    unit.visits.call_next(1, CLERK)
    with unit.reading() as conn:
        before = current_leg(conn, visit)[1]
    unit.visits.at_counter(1, action, CLERK)
    assert unit.visits.undo(1, CLERK)["state"] == "called"
    with unit.reading() as conn:
        assert current_leg(conn, visit)[1] == before
    assert replays(unit)


def test_it_takes_a_finish_back_and_the_serving_goes_on(unit: Unit, visit: str, clock: ToldClock) -> None:
    unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.START, CLERK)
    clock.pass_by(60)
    unit.visits.at_counter(1, Action.FINISH, CLERK)
    clock.pass_by(9)
    assert unit.visits.undo(1, CLERK)["state"] == "serving"
    clock.pass_by(31)
    unit.visits.at_counter(1, Action.FINISH, CLERK)
    with unit.reading() as conn:
        assert current_leg(conn, visit)[1].served_ms == 100_000
    assert replays(unit)


def test_a_call_taken_back_returns_the_visitor_to_the_old_place(unit: Unit, visit: str) -> None:
    unit.visits.call_next(1, CLERK)
    assert unit.visits.undo(1, CLERK)["state"] == "waiting"
    called = unit.visits.call_next(1, CLERK)
    assert called is not None
    assert called["visit"] == visit
    assert replays(unit)


@pytest.mark.parametrize("spoken", [1, 5])
def test_what_only_speaks_of_another_visit_hides_no_step(unit: Unit, visit: str, spoken: int) -> None:
    """A number printed anew, say: the screen offers the call before it, and the server takes it back."""
    other = unit.visits.issue(ORDER, KIOSK)["visit"]
    unit.visits.call_next(1, CLERK)
    for _ in range(spoken):
        unit.writer.run(lambda conn: unit.journal.append(conn, "reprinted", {}, actor=CLERK.id, visit=other, leg=1))
    assert offered(unit) == "call"
    assert unit.visits.undo(1, CLERK)["state"] == "waiting"
    assert replays(unit)


def test_the_last_steps_of_a_clerk_are_read_by_index(unit: Unit) -> None:
    with unit.reading() as conn:
        plan = [row[3] for row in conn.execute(f"EXPLAIN QUERY PLAN {LAST_STEPS}", (CLERK.id, 0, 0))]
    assert plan == ["SEARCH events USING INDEX events_of_actor (actor=? AND seq>?)"]


def finished_and_called(unit: Unit, clock: ToldClock) -> None:
    """As with automatic next: the first is served, and the second called in the same breath."""
    unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.START, CLERK)
    clock.pass_by(60)
    unit.visits.at_counter(1, Action.FINISH, CLERK)
    unit.visits.call_next(1, CLERK)


def offered(unit: Unit) -> str | None:
    """What the clerk's screen offers to take back."""
    with unit.reading() as conn:
        undo = unit.hall.staff(conn, unit.now(), {})["desks"][0]["undo"]
    return undo and str(undo["action"])


def test_a_finish_can_be_taken_back_after_the_call_that_followed_it_by_itself(unit: Unit, visit: str, clock: ToldClock) -> None:
    finished_and_called(unit, clock)
    assert offered(unit) == "call"
    clock.pass_by(4)
    assert unit.visits.undo(1, CLERK)["state"] == "waiting"
    assert offered(unit) == "finish"
    clock.pass_by(5)
    taken_back = unit.visits.undo(1, CLERK)
    assert (taken_back["visit"], taken_back["state"]) == (visit, "serving")
    assert offered(unit) is None
    with pytest.raises(NothingToUndo):
        unit.visits.undo(1, CLERK)
    unit.visits.at_counter(1, Action.FINISH, CLERK)
    assert replays(unit)


def test_the_finish_keeps_its_own_ten_seconds(unit: Unit, visit: str, clock: ToldClock) -> None:
    finished_and_called(unit, clock)
    clock.pass_by(9)
    unit.visits.undo(1, CLERK)
    clock.pass_by(2)
    assert offered(unit) is None
    with pytest.raises(NothingToUndo):
        unit.visits.undo(1, CLERK)


def test_a_finish_before_another_step_than_a_call_stays(unit: Unit, visit: str, clock: ToldClock) -> None:
    finished_and_called(unit, clock)
    unit.visits.at_counter(1, Action.START, CLERK)
    assert unit.visits.undo(1, CLERK)["state"] == "called"
    assert offered(unit) is None
    with pytest.raises(NothingToUndo):
        unit.visits.undo(1, CLERK)


def test_it_is_refused_after_ten_seconds_by_another_or_twice(unit: Unit, visit: str, clock: ToldClock) -> None:
    unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.START, CLERK)
    unit.visits.desk(2, "open", OTHER_CLERK)
    with pytest.raises(NothingToUndo):
        unit.visits.undo(2, OTHER_CLERK)
    clock.pass_by(11)
    with pytest.raises(NothingToUndo):
        unit.visits.undo(1, CLERK)
    unit.visits.at_counter(1, Action.FINISH, CLERK)
    unit.visits.undo(1, CLERK)
    with pytest.raises(NothingToUndo):
        unit.visits.undo(1, CLERK)


def test_it_is_refused_when_somebody_else_is_at_the_counter_by_now(unit: Unit, visit: str) -> None:
    unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.NO_SHOW, CLERK)
    unit.visits.call_next(1, CLERK)
    unit.visits.undo(1, CLERK)
    with pytest.raises((NothingToUndo, CounterBusy)):
        unit.visits.undo(1, CLERK)
    assert replays(unit)


def test_it_is_refused_when_somebody_else_has_gone_on_with_the_visit(unit: Unit, visit: str) -> None:
    unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.NO_SHOW, CLERK)
    unit.visits.desk(2, "open", OTHER_CLERK)
    unit.visits.back_to_queue(2, visit, OTHER_CLERK)
    with pytest.raises(NothingToUndo):
        unit.visits.undo(1, CLERK)
