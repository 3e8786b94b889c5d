"""Today beside a usual day: counted by quarter of an hour, the middle of the same weekdays before."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from server import setup
from server.app import Server
from server.reports.usual_day import Quarter, usual_day
from server.reports.writing.day_chart import day_chart
from server.unit import Unit
from server.visits import Order
from tests.conftest import KIOSK, ToldClock
from tests.programs import Program

ZONE = ZoneInfo("Africa/Casablanca")
WEEK_S = 7 * 24 * 3600


def come(unit: Unit, clock: ToldClock, *minutes: int) -> None:
    """Somebody takes a ticket at each of these minutes from now; the clock is then where it was."""
    before = clock.moment
    for minute in minutes:
        clock.moment = before
        clock.pass_by(minute * 60)
        unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    clock.moment = before


@pytest.mark.parametrize("weeks", [2, 3, 9])
def test_the_usual_is_the_median_of_the_last_eight_same_weekdays(unit: Unit, clock: ToldClock, weeks: int) -> None:
    today = clock.moment
    for week in range(weeks, 0, -1):
        clock.moment = today
        clock.pass_by(-week * WEEK_S)
        come(unit, clock, *[0] * week, 16)
    clock.moment = today
    come(unit, clock, 0, 14, 15)
    clock.pass_by(20 * 60)
    with unit.reading() as conn:
        day = usual_day(conn, clock(), ZONE)
    quarters = {one.time: one for one in day.quarters}
    usual = {2: None, 3: 2.0, 9: 4.5}[weeks]
    assert quarters["09:00"] == Quarter("09:00", 2, usual)
    assert quarters["09:15"] == Quarter("09:15", 1, None if usual is None else 1.0)
    assert quarters["09:30"].today is None
    assert (day.so_far, day.usual_so_far, day.days) == (3, usual, min(weeks, 8))
    assert day.quarters[0].time == "08:00"


def test_an_empty_unit_and_a_night_shift_have_a_picture_too(unit: Unit, clock: ToldClock) -> None:
    with unit.reading() as conn:
        assert 'class="chart__column"' not in day_chart(usual_day(conn, clock(), ZONE), rtl=False)
    come(unit, clock, -8 * 60, 14 * 60 + 59)
    clock.pass_by(14 * 3600 + 59 * 60)
    with unit.reading() as conn:
        day = usual_day(conn, clock(), ZONE)
    assert (day.quarters[0].time, day.quarters[-1].time) == ("01:00", "23:45")
    assert day_chart(day, rtl=True) != day_chart(day, rtl=False)


def test_a_day_that_begins_at_five_goes_on_past_midnight(unit: Unit, clock: ToldClock) -> None:
    unit.writer.run(lambda conn: setup.choose(conn, "day_starts", "05:00"))
    today = clock.moment
    for week in (3, 2, 1):
        clock.moment = today
        clock.pass_by(-week * WEEK_S)
        come(unit, clock, 0, 15 * 60 + 15, 15 * 60 + 45)
    clock.moment = today
    come(unit, clock, 0, 60, 15 * 60 + 15)
    clock.pass_by(15 * 3600 + 30 * 60)
    with unit.reading() as conn:
        day = usual_day(conn, clock(), ZONE)
    assert (day.quarters[0].time, day.quarters[-1].time) == ("08:00", "00:45")
    quarters = {one.time: one for one in day.quarters}
    assert (quarters["09:00"], quarters["00:15"]) == (Quarter("09:00", 1, 1.0), Quarter("00:15", 1, 1.0))
    assert (quarters["00:30"].today, quarters["00:45"].today) == (0, None)
    assert (day.so_far, day.usual_so_far) == (3, 2.0), "half past midnight is late in this day, not its beginning"


def test_a_day_that_begins_in_the_evening_shows_the_office_hours_of_the_next_date(unit: Unit, clock: ToldClock) -> None:
    unit.writer.run(lambda conn: setup.choose(conn, "day_starts", "20:00"))
    come(unit, clock, 12 * 60)
    clock.pass_by(13 * 3600)
    with unit.reading() as conn:
        day = usual_day(conn, clock(), ZONE)
    assert (day.quarters[0].time, day.quarters[-1].time, day.so_far) == ("21:00", "16:30", 1)


def test_the_part_of_the_page_is_the_managers(server: Server, callers: dict[str, Program]) -> None:
    page = callers["manager"].get("/manager/day?lang=fr").get_data(as_text=True)
    assert "<svg" in page
    assert "Arrivées jusqu’à présent : 0." in page
    assert callers["clerk"].get("/manager/day").status_code == 403
