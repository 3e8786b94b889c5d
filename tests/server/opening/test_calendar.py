"""Opening hours: open, until when, and when again; across midnight, seasons, holidays and changes of the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
import pytest
from hypothesis import given

from server.clock import MS
from server.opening.calendar import (
    ALL_DAY,
    CLOSED,
    WHOLE_DAY_MIN,
    Calendar,
    Season,
    ServiceHours,
    Span,
    SpecialDay,
    Stretch,
    Week,
    stretch,
)
from server.opening.holidays import fixed
from server.opening.writing import spans

ZONE = ZoneInfo("Africa/Casablanca")
OFFICE: Week = (*(spans("08:30-12:00, 14:00-16:30"),) * 4, spans("08:30-11:30"), CLOSED, CLOSED)
CALENDAR = Calendar(OFFICE)


def at(text: str) -> int:
    """A local time, or one with an offset of its own."""
    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=ZONE)).timestamp() * MS)


def look(text: str, calendar: Calendar = CALENDAR, service: str = "any") -> Stretch:
    return stretch(lambda day: calendar.service_on(service, day), at(text), ZONE)


def test_it_is_open_from_the_first_minute_and_closed_from_the_last() -> None:
    assert not look("2026-11-23T08:29:59").open
    assert look("2026-11-23T08:30").open
    assert look("2026-11-23T11:59:59").open
    assert not look("2026-11-23T12:00").open


def test_it_knows_how_long_it_is_open_and_when_again() -> None:
    morning = look("2026-11-23T09:00")
    assert (morning.until, morning.opens) == (at("2026-11-23T12:00"), at("2026-11-23T14:00"))
    assert morning.opens_another_day == at("2026-11-24T08:30")
    assert morning.left_ms == (3 * 60 + 150) * 60 * MS
    lunch = look("2026-11-23T13:00")
    assert (lunch.open, lunch.until, lunch.opens) == (False, None, at("2026-11-23T14:00"))
    assert look("2026-11-27T12:00").opens == at("2026-11-30T08:30"), "over the weekend"


def test_open_day_and_night_has_no_end_and_no_next_opening() -> None:
    always = look("2026-11-23T03:00", Calendar())
    assert (always.open, always.until, always.opens) == (True, None, None)


def test_a_hall_that_never_opens_has_no_next_opening() -> None:
    assert look("2026-11-23T09:00", Calendar((CLOSED,) * 7)) == Stretch(False, None, None, None, 0)


def test_hours_over_midnight_are_one_stretch() -> None:
    night = Calendar(((Span(0, 6 * 60), Span(22 * 60, WHOLE_DAY_MIN)),) * 7)
    late = look("2026-11-23T23:00", night)
    assert (late.open, late.until) == (True, at("2026-11-24T06:00"))
    assert look("2026-11-24T03:00", night).until == at("2026-11-24T06:00")


def test_a_holiday_goes_before_a_season_and_a_season_before_the_week() -> None:
    ramadan = Season(date(2026, 2, 18), date(2026, 3, 19), {"fr": "Ramadan"}, (spans("09:00-15:00"),) * 5 + (CLOSED,) * 2)
    calendar = Calendar(OFFICE, (ramadan,), (SpecialDay(date(2026, 2, 20), {"fr": "Deuil"}), *fixed(2026)))
    assert look("2026-02-17T16:00", calendar).open
    assert not look("2026-02-18T16:00", calendar).open
    assert look("2026-02-18T13:00", calendar).open
    assert look("2026-02-19T15:00", calendar).opens == at("2026-02-23T09:00")
    assert look("2026-11-17T17:00", calendar).opens == at("2026-11-19T08:30"), "Independence Day is a holiday"


def test_a_service_has_hours_of_its_own_within_the_halls_or_is_always_open() -> None:
    own = {"visits": ServiceHours(week=(spans("10:00-13:00"),) * 7), "admission": ServiceHours(always=True)}
    calendar = replace(CALENDAR, services=own, special=(SpecialDay(date(2026, 11, 24), {"fr": "Férié"}),))
    assert look("2026-11-23T09:00", calendar, "visits").opens == at("2026-11-23T10:00")
    assert look("2026-11-23T10:00", calendar, "visits").until == at("2026-11-23T12:00")
    assert not look("2026-11-24T10:30", calendar, "visits").open
    assert look("2026-11-24T03:00", calendar, "admission").open


def test_the_hour_on_the_door_stays_when_morocco_changes_its_clock_for_ramadan() -> None:
    """UTC+1 until 15 February 2026, 3 o'clock, UTC+0 until 22 March, 2 o'clock; 8:30 stays 8:30."""
    assert look("2026-02-13T18:00").opens == at("2026-02-16T08:30+00:00")
    assert look("2026-02-12T18:00").opens == at("2026-02-13T08:30+01:00")
    assert look("2026-03-20T18:00").opens == at("2026-03-23T08:30+01:00")


def test_a_night_that_is_an_hour_longer_or_shorter_is_open_as_long_as_the_door_says() -> None:
    night = Calendar(((Span(60, 4 * 60),),) * 7)
    long, short = look("2026-02-15T01:30", night), look("2026-03-22T01:30", night)
    assert long.left_ms == 210 * 60 * MS, "the hour from 2 to 3 comes twice"
    assert short.left_ms == 90 * 60 * MS, "the hour from 2 to 3 does not come"
    skipped = Calendar(((Span(2 * 60 + 10, 2 * 60 + 50),),) * 7)
    assert look("2026-03-21T12:00", skipped).opens is not None


def weeks() -> st.SearchStrategy[Week]:
    bounds = st.lists(st.integers(0, WHOLE_DAY_MIN), max_size=6, unique=True).map(sorted)
    day = bounds.map(lambda found: tuple(Span(a, b) for a, b in zip(found[::2], found[1::2], strict=False)))
    return st.lists(st.one_of(day, st.just(ALL_DAY), st.just(CLOSED)), min_size=7, max_size=7).map(tuple)


@given(weeks(), st.integers(at("2026-02-10T00:00"), at("2026-03-30T00:00")))
def test_whatever_the_hours_the_next_moments_are_where_it_changes(week: Week, moment: int) -> None:
    calendar = Calendar(week)

    def on(day: date) -> tuple[Span, ...]:
        return calendar.hall_on(day)

    found = stretch(on, moment, ZONE)
    if found.until is not None:
        assert found.open
        assert found.until > moment
        assert stretch(on, found.until - 1, ZONE).open
        assert not stretch(on, found.until, ZONE).open
    if found.opens is not None:
        assert found.opens > moment
        assert stretch(on, found.opens, ZONE).open
        assert not stretch(on, found.opens - 1, ZONE).open
        assert found.until is None or found.until <= found.opens
    if not found.open and found.opens is None:
        assert all(not day for day in week) or not any(stretch(on, moment + hour * 3_600_000, ZONE).open for hour in range(24))


@pytest.mark.parametrize("text", ["08:30-12:00", "8:30-12:00", "8h30 – 12h00", " 08.30-12.00 ", "08:30-12:00;"])
def test_hours_are_read_however_people_write_them(text: str) -> None:
    assert spans(text) == (Span(510, 720),)
