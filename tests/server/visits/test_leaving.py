"""A clerk who is removed at the counter: the visitor is not lost, another clerk or the manager goes on."""

from __future__ import annotations

import json

import pytest

from server.errors import CounterTaken, Refused
from server.journal import of_visit, read, replay, stored
from server.lifecycle import Action
from server.unit import Unit
from server.visits import Order
from server.visits.leaving import leave_counters
from server.visits.looks import look_at_visit
from tests.conftest import CLERK, KIOSK, MANAGER, OTHER_CLERK, ToldClock


def remove(unit: Unit) -> None:
    unit.writer.run(lambda conn: leave_counters(unit.visits, conn, unit.now(), CLERK.id, MANAGER))


def desk(unit: Unit, counter: int = 1) -> tuple[str, str | None]:
    with unit.reading() as conn:
        found: tuple[str, str | None] = conn.execute("SELECT state, clerk FROM counters WHERE id = ?", (counter,)).fetchone()
    return found


def state(unit: Unit, visit: str) -> str:
    with unit.reading() as conn:
        return str(look_at_visit(conn, visit)["state"])


@pytest.fixture
def visit(unit: Unit, clock: ToldClock) -> str:
    """Somebody whom the clerk serves at counter 1, and another one who waits; her counter 2 is empty."""
    visit = unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"]
    unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    unit.visits.desk(1, "open", CLERK)
    unit.visits.desk(2, "open", CLERK)
    unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.START, CLERK)
    clock.pass_by(60)
    return visit


def test_her_empty_counter_closes_and_the_other_keeps_its_visitor(unit: Unit, visit: str) -> None:
    remove(unit)
    assert desk(unit, 2) == ("closed", None)
    assert desk(unit, 1) == ("paused", None)
    assert state(unit, visit) == "serving"


def test_another_clerk_takes_the_counter_over_with_its_visitor(unit: Unit, visit: str) -> None:
    with pytest.raises(CounterTaken):
        unit.visits.desk(1, "open", OTHER_CLERK)
    remove(unit)
    with pytest.raises(Refused):
        unit.visits.at_counter(1, Action.FINISH, OTHER_CLERK)
    unit.visits.desk(1, "open", OTHER_CLERK)
    unit.visits.at_counter(1, Action.FINISH, OTHER_CLERK)
    assert state(unit, visit) == "served"
    assert desk(unit) == ("open", OTHER_CLERK.id)


def test_a_manager_closes_it_and_the_visitor_waits_again_in_the_first_place(unit: Unit, visit: str) -> None:
    remove(unit)
    with pytest.raises(Refused):
        unit.visits.desk(1, "close", OTHER_CLERK)
    unit.visits.desk(1, "close", MANAGER)
    assert desk(unit) == ("closed", None)
    assert state(unit, visit) == "waiting"
    unit.visits.desk(3, "open", OTHER_CLERK)
    called = unit.visits.call_next(3, OTHER_CLERK)
    assert called is not None
    assert called["visit"] == visit


def test_a_clerk_who_is_still_there_keeps_the_counter_from_a_manager_while_a_visitor_is_at_it(unit: Unit, visit: str) -> None:
    with pytest.raises(Refused, match="A001"):
        unit.visits.desk(1, "close", MANAGER)
    with pytest.raises(Refused, match="A001"):
        unit.visits.desk(1, "close", CLERK)


def test_the_journal_tells_it_all_and_replays(unit: Unit, visit: str) -> None:
    remove(unit)
    unit.visits.desk(1, "close", MANAGER)
    with unit.reading() as conn:
        assert [event.type for event in of_visit(conn, visit)] == ["issued", "called", "started", "transferred"]
        assert replay(read(conn)) == stored(conn)
        left = conn.execute("SELECT actor, data FROM events WHERE type = 'counter_paused'").fetchone()
    assert (left[0], json.loads(left[1])["clerk_name"]) == (MANAGER.id, None)
