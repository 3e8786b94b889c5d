"""Numbers: in order, anew each day, over the end of their range, never one that somebody in the hall still holds."""

from __future__ import annotations

from typing import Any

import pytest

from server import setup
from server.unit import Unit
from server.visits import Order
from tests.conftest import KIOSK, ToldClock

ORDER = Order("etat-civil", "ar")


def take(unit: Unit, order: Order = ORDER) -> str:
    return unit.visits.issue(order, KIOSK)["ticket"]


def take_and_leave(unit: Unit, order: Order = ORDER) -> str:
    look = unit.visits.issue(order, KIOSK)
    unit.visits.cancel(look["visit"], KIOSK)
    return look["ticket"]


def set_up(unit: Unit, statement: str, *values: Any) -> None:
    unit.writer.run(lambda conn: conn.execute(statement, values))


def test_they_count_by_service_and_begin_anew_each_day(unit: Unit, clock: ToldClock) -> None:
    assert [take_and_leave(unit), take_and_leave(unit)] == ["A001", "A002"]
    assert take_and_leave(unit, Order("legalisation", "fr")) == "B001"
    clock.pass_by(24 * 3600)
    assert take(unit) == "A001"


def test_services_may_share_a_series(unit: Unit) -> None:
    set_up(unit, "UPDATE services SET series = 'all'")
    assert [take(unit), take(unit, Order("legalisation", "fr")), take(unit)] == ["A001", "B002", "A003"]


def test_the_day_begins_at_the_managers_hour(unit: Unit, clock: ToldClock) -> None:
    unit.writer.run(lambda conn: setup.choose(conn, "day_starts", "04:30"))
    clock.pass_by(15 * 3600)  # midnight
    assert take_and_leave(unit) == "A001"
    clock.pass_by(4 * 3600 + 1800 - 1)
    assert take_and_leave(unit) == "A002"
    clock.pass_by(1)
    assert take_and_leave(unit) == "A001"


def test_they_go_on_when_the_wall_clock_is_set_back_a_day_and_forth_again(unit: Unit, clock: ToldClock) -> None:
    assert take_and_leave(unit) == "A001"
    clock.jump(-24 * 3600)
    assert take_and_leave(unit) == "A001"
    clock.jump(24 * 3600)
    assert take_and_leave(unit) == "A002"


def test_a_number_of_yesterday_that_is_still_held_is_passed_over(unit: Unit, clock: ToldClock) -> None:
    assert take(unit) == "A001"
    clock.pass_by(24 * 3600)
    assert [take(unit), take(unit)] == ["A002", "A003"]


def test_at_the_end_of_the_range_they_begin_anew_without_those_still_held(unit: Unit) -> None:
    set_up(unit, "UPDATE services SET range_first = 11, range_last = 14 WHERE id = 'etat-civil'")
    assert [take_and_leave(unit), take(unit), take_and_leave(unit), take_and_leave(unit)] == ["A011", "A012", "A013", "A014"]
    assert [take_and_leave(unit), take(unit), take_and_leave(unit)] == ["A011", "A013", "A014"]
    assert [take(unit), take(unit)] == ["A011", "A014"]
    assert [take(unit), take(unit)] == ["A015", "A016"], "a citizen is never sent away for want of a number"
    with unit.reading() as conn:
        laps = conn.execute("SELECT lap, number FROM visits ORDER BY issued_at, lap, number").fetchall()
    assert len(set(laps)) == len(laps)


@pytest.mark.parametrize("before", ["2026-02-14T23:30:00+01:00", "2026-03-21T23:30:00+00:00"])
def test_a_change_of_the_clock_for_ramadan_repeats_no_number(unit: Unit, clock: ToldClock, before: str) -> None:
    """Morocco leaves and takes up summer time around Ramadan, at night; the local day is 25 and 23 hours long."""
    fresh = ToldClock(before)
    clock.moment = fresh.moment
    seen = []
    for _ in range(6):
        look = unit.visits.issue(ORDER, KIOSK)
        seen.append(look["ticket"])
        clock.pass_by(1800)
    assert len(set(seen)) == len(seen)
