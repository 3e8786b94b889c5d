"""Waits of those who came to a counter past the queue, and of those who come to it twice."""

from __future__ import annotations

from typing import Any

import pytest

from server import journal
from server.lifecycle import Action
from server.unit import Unit
from server.visits import Order
from tests.conftest import CLERK, KIOSK, ToldClock

ORDER = Order("etat-civil", "ar")


@pytest.fixture
def aside(unit: Unit, clock: ToldClock) -> str:
    """A visitor without a ticket whom counter 1 served for two minutes and put aside; ten minutes ago."""
    unit.visits.desk(1, "open", CLERK)
    visit = unit.visits.walk_direct(1, ORDER, CLERK)["visit"]
    clock.pass_by(120)
    unit.visits.at_counter(1, Action.PARK, CLERK)
    clock.pass_by(600)
    return visit


def times(unit: Unit) -> dict[str, int | None]:
    """Seconds of the only leg; and that the journal tells the same."""
    names = ("called_after_ms", "waited_ms", "walked_ms", "served_ms", "left_after_ms")
    with unit.reading() as conn:
        assert journal.replay(journal.read(conn)) == journal.stored(conn)
        row = conn.execute(f"SELECT {', '.join(names)} FROM legs").fetchone()
    return {name.removesuffix("_ms"): None if value is None else value // 1000 for name, value in zip(names, row, strict=True)}


def told_the_portal(unit: Unit) -> list[Any]:
    with unit.reading() as conn:
        return [row[0] for row in conn.execute("SELECT payload FROM deliveries WHERE kind = 'portal' ORDER BY id")]


def test_who_came_without_a_ticket_waits_from_when_they_were_put_into_the_queue(unit: Unit, clock: ToldClock, aside: str) -> None:
    unit.visits.back_to_queue(1, aside, CLERK)
    clock.pass_by(240)
    unit.visits.call_next(1, CLERK)
    clock.pass_by(20)
    unit.visits.at_counter(1, Action.START, CLERK)
    clock.pass_by(60)
    unit.visits.at_counter(1, Action.FINISH, CLERK)
    assert times(unit) == {"called_after": 240, "waited": 240, "walked": 20, "served": 180, "left_after": None}


def test_who_was_served_without_a_ticket_and_never_came_back_is_no_walkout(unit: Unit, aside: str) -> None:
    unit.visits.expire(aside, CLERK)
    assert set(times(unit).items()) == {
        ("called_after", None), ("waited", None), ("walked", None), ("served", 120), ("left_after", None)
    }  # fmt: skip
    assert '"left_after":null' in told_the_portal(unit)[-1].replace(" ", "")


def test_who_leaves_the_queue_they_were_put_into_waited_in_that_queue_alone(unit: Unit, clock: ToldClock, aside: str) -> None:
    unit.visits.back_to_queue(1, aside, CLERK)
    clock.pass_by(90)
    unit.visits.expire(aside, CLERK)
    assert times(unit)["left_after"] == 90


def test_a_call_taken_back_leaves_them_where_they_joined(unit: Unit, clock: ToldClock, aside: str) -> None:
    unit.visits.back_to_queue(1, aside, CLERK)
    clock.pass_by(240)
    unit.visits.call_next(1, CLERK)
    unit.visits.undo(1, CLERK)
    assert times(unit)["called_after"] is None
    clock.pass_by(60)
    unit.visits.call_next(1, CLERK)
    assert times(unit)["called_after"] == 300


def test_the_wait_of_who_comes_to_the_counter_twice_ends_with_the_first_answered_call(unit: Unit, clock: ToldClock) -> None:
    unit.visits.desk(1, "open", CLERK)
    visit = unit.visits.issue(ORDER, KIOSK)["visit"]
    clock.pass_by(300)
    unit.visits.call_next(1, CLERK)
    clock.pass_by(15)
    unit.visits.at_counter(1, Action.START, CLERK)
    clock.pass_by(120)
    unit.visits.at_counter(1, Action.PARK, CLERK)
    clock.pass_by(3600)
    unit.visits.back_to_queue(1, visit, CLERK)
    unit.visits.call_next(1, CLERK)
    clock.pass_by(45)
    unit.visits.at_counter(1, Action.START, CLERK)
    clock.pass_by(60)
    unit.visits.at_counter(1, Action.FINISH, CLERK)
    assert times(unit) == {"called_after": 300, "waited": 300, "walked": 15, "served": 180, "left_after": None}
