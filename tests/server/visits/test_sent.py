"""Somebody who was sent to a counter or a clerk, and that counter pauses."""

from __future__ import annotations

from typing import Any

import pytest

from server.lifecycle import Action
from server.unit import Unit
from server.visits import Order
from tests.conftest import CLERK, KIOSK, OTHER_CLERK, ToldClock

MINUTE = 60


@pytest.fixture(params=[{"to_counter": 2}, {"clerk": OTHER_CLERK.id}])
def sent(unit: Unit, request: pytest.FixtureRequest) -> str:
    """Sent from counter 1 to counter 2, or to the clerk who holds it."""
    visit = unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"]
    unit.visits.desk(1, "open", CLERK)
    unit.visits.desk(2, "open", OTHER_CLERK)
    unit.visits.call_next(1, CLERK)
    where: dict[str, Any] = request.param
    unit.visits.at_counter(1, Action.TRANSFER, CLERK, **where)
    return visit


def called_by(unit: Unit, counter: int) -> tuple[str, str] | None:
    called = unit.visits.call_next(counter, {1: CLERK, 2: OTHER_CLERK}[counter])
    return called and (called["visit"], called["rule"])


def test_an_open_counter_keeps_them_however_long_it_takes(unit: Unit, clock: ToldClock, sent: str) -> None:
    clock.pass_by(180 * MINUTE)
    assert called_by(unit, 1) is None
    assert called_by(unit, 2) == (sent, "reserved")


def test_after_ten_minutes_of_a_pause_another_counter_may_call(unit: Unit, clock: ToldClock, sent: str) -> None:
    unit.visits.desk(2, "pause", OTHER_CLERK, reason="prayer")
    clock.pass_by(10 * MINUTE - 1)
    assert called_by(unit, 1) is None
    clock.pass_by(1)
    assert called_by(unit, 1) == (sent, "arrival")


def test_a_counter_that_opens_again_has_them_back(unit: Unit, clock: ToldClock, sent: str) -> None:
    unit.visits.desk(2, "pause", OTHER_CLERK, reason="prayer")
    clock.pass_by(15 * MINUTE)
    unit.visits.desk(2, "open", OTHER_CLERK)
    assert called_by(unit, 1) is None
    assert called_by(unit, 2) == (sent, "reserved")
