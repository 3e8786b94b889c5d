"""A work profile that names no service serves everything, at the doors and at the day's end as at the counter."""

from __future__ import annotations

from typing import Any

import pytest

from server.day.closing import Closing
from server.lifecycle import Action
from server.opening import store
from server.opening.forecast import ENOUGH, forecast
from server.opening.writing import from_data
from server.unit import Unit
from server.visits import Order
from tests.conftest import CLERK, KIOSK, ToldClock

ORDER = Order("etat-civil", "fr")
HOUR = 3600


@pytest.fixture(autouse=True)
def empty_profile(unit: Unit) -> None:
    """Counter 1 works by a profile without services."""

    def change(conn: Any) -> None:
        conn.execute("INSERT INTO work_profiles(id, position, name) VALUES ('all', 9, '{}')")
        conn.execute("UPDATE counters SET profile = 'all' WHERE id = 1")

    unit.writer.run(change)


def test_its_counter_counts_for_the_forecast(unit: Unit, clock: ToldClock) -> None:
    unit.visits.desk(1, "open", CLERK)
    for _ in range(ENOUGH):
        unit.visits.issue(ORDER, KIOSK)
        unit.visits.call_next(1, CLERK)
        unit.visits.at_counter(1, Action.START, CLERK)
        clock.pass_by(120)
        unit.visits.at_counter(1, Action.FINISH, CLERK)
    for _ in range(3):
        unit.visits.issue(ORDER, KIOSK)
    with unit.reading() as conn:
        assert forecast(conn, unit.now(), ORDER.service) == pytest.approx(360)


def test_its_counter_goes_on_at_the_hall_s_closing_while_a_service_stays_open(unit: Unit, clock: ToldClock) -> None:
    days = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "08:30-16:30")
    night = {"kept": True, "week": days, "services": {ORDER.service: {"always": True}}, "day_end": {"minutes_after_closing": 60}}
    unit.writer.run(lambda conn: store.put(conn, from_data(night)))
    unit.visits.desk(1, "open", CLERK)
    unit.visits.issue(ORDER, KIOSK)
    clock.pass_by(10 * HOUR)
    Closing(unit).check()
    with unit.reading() as conn:
        assert conn.execute("SELECT state FROM counters WHERE id = 1").fetchone()[0] == "open"
