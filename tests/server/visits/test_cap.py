"""The cap on preference as the hall keeps it: by each counter's own calls, whatever became of the visitors."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from server import journal
from server.lifecycle import Action
from server.unit import Unit
from server.visits import Order
from server.visits.waiting import CALLS_OF_COUNTER
from tests.conftest import CLERK, KIOSK, OTHER_CLERK, ToldClock

ORDINARY = Order("etat-civil", "ar")
ELDERLY = Order("etat-civil", "ar", "elderly")


@pytest.fixture
def hall(unit: Unit, clock: ToldClock) -> Unit:
    """Three ordinary visitors past the cap, six elderly ones who came later, and an open counter."""
    for _ in range(3):
        unit.visits.issue(ORDINARY, KIOSK)
    clock.pass_by(3600)
    for _ in range(6):
        unit.visits.issue(ELDERLY, KIOSK)
    unit.visits.desk(1, "open", CLERK)
    return unit


def stay(unit: Unit, visit: str) -> None:
    """At the counter."""


def park(unit: Unit, visit: str) -> None:
    unit.visits.at_counter(1, Action.PARK, CLERK, reason="missing-document")


def park_and_resume(unit: Unit, visit: str) -> None:
    park(unit, visit)
    unit.visits.back_to_queue(1, visit, CLERK)


def recycle(unit: Unit, visit: str) -> None:
    unit.visits.at_counter(1, Action.NO_SHOW, CLERK)
    unit.visits.back_to_queue(1, visit, CLERK)


def transfer(unit: Unit, visit: str) -> None:
    unit.visits.at_counter(1, Action.TRANSFER, CLERK, service="residence")


def more_time(unit: Unit, visit: str) -> None:
    unit.visits.more_time(visit, KIOSK)


def calls(unit: Unit, times: int, after: Callable[[Unit, str], None]) -> list[str]:
    rules = []
    for _ in range(times):
        called = unit.visits.call_next(1, CLERK)
        assert called
        rules.append(called["rule"])
        after(unit, called["visit"])
    return rules


@pytest.mark.parametrize("after", [park, park_and_resume, recycle, transfer, more_time])
def test_a_priority_call_counts_whatever_becomes_of_its_visitor(hall: Unit, after: Callable[[Unit, str], None]) -> None:
    assert calls(hall, 4, after) == ["priority", "waited-past-cap", "waited-past-cap", "priority"]


def test_another_counters_call_of_the_same_visitor_takes_none_away(hall: Unit) -> None:
    """Else two counters that hand each other the elderly would call nobody else."""
    called = hall.visits.call_next(1, CLERK)
    assert called
    park_and_resume(hall, called["visit"])
    hall.visits.desk(2, "open", OTHER_CLERK)
    hall.visits.call(2, called["visit"], "her daughter is back", OTHER_CLERK)
    assert calls(hall, 2, park) == ["waited-past-cap", "waited-past-cap"]


def test_a_call_that_was_taken_back_is_none(hall: Unit) -> None:
    assert calls(hall, 1, stay) == ["priority"]
    hall.visits.undo(1, CLERK)
    assert calls(hall, 2, park) == ["priority", "waited-past-cap"]
    assert calls(hall, 1, stay) == ["waited-past-cap"]
    hall.visits.undo(1, CLERK)
    assert calls(hall, 2, park) == ["waited-past-cap", "priority"]


def test_a_start_or_an_end_that_was_taken_back_leaves_the_call(hall: Unit) -> None:
    def finish_twice(unit: Unit, visit: str) -> None:
        unit.visits.at_counter(1, Action.START, CLERK)
        unit.visits.undo(1, CLERK)
        park(unit, visit)
        unit.visits.undo(1, CLERK)
        park(unit, visit)

    assert calls(hall, 3, finish_twice) == ["priority", "waited-past-cap", "waited-past-cap"]
    with hall.reading() as conn:
        assert journal.replay(journal.read(conn)) == journal.stored(conn)


def test_who_kept_an_early_place_after_a_transfer_hides_nobody_past_the_cap(unit: Unit, clock: ToldClock) -> None:
    moved = unit.visits.issue(Order("residence", "ar"), KIOSK)["visit"]
    late = [unit.visits.issue(ORDINARY, KIOSK)["visit"] for _ in range(3)]
    unit.visits.desk(1, "open", CLERK)
    unit.visits.call_next(1, CLERK)
    clock.pass_by(3600)
    unit.visits.at_counter(1, Action.TRANSFER, CLERK, service="etat-civil")
    for _ in range(6):
        unit.visits.issue(ELDERLY, KIOSK)
    called = []
    for _ in range(6):
        look = unit.visits.call_next(1, CLERK)
        assert look
        called.append((look["visit"], look["rule"]))
        unit.visits.at_counter(1, Action.NO_SHOW, CLERK)
    cap = "waited-past-cap"
    assert [rule for _, rule in called] == ["priority", cap, cap, "priority", cap, "priority"]
    assert [visit for visit, rule in called if rule == cap] == late
    assert moved not in dict(called)


def test_the_memory_of_a_counter_is_read_by_index_however_many_calls_there_were(unit: Unit) -> None:
    with unit.reading() as conn:
        plan = [row[3] for row in conn.execute(f"EXPLAIN QUERY PLAN {CALLS_OF_COUNTER}", (1, 3))]
    assert plan == [
        "SEARCH call USING INDEX calls_of_counter (<expr>=?)",
        "CORRELATED SCALAR SUBQUERY 1",
        "SEARCH events USING INDEX events_of_visit (visit=?)",
    ]


def test_who_asked_for_more_time_after_a_long_wait_is_not_called_next_for_it(unit: Unit, clock: ToldClock) -> None:
    late = unit.visits.issue(ORDINARY, KIOSK)["visit"]
    clock.pass_by(3600)
    others = [unit.visits.issue(ORDINARY, KIOSK)["visit"] for _ in range(2)]
    unit.visits.desk(1, "open", CLERK)
    unit.visits.call_next(1, CLERK)
    unit.visits.more_time(late, KIOSK)
    for _ in range(2):
        unit.visits.issue(ELDERLY, KIOSK)
    called = []
    for _ in range(5):
        look = unit.visits.call_next(1, CLERK)
        assert look
        called.append((look["visit"], look["rule"]))
        park(unit, look["visit"])
    assert [visit for visit, _ in called if visit in (late, *others)] == [*others, late]
    assert [rule for _, rule in called] == ["priority", "arrival", "arrival", "priority", "arrival"]
