"""The end of the day, seen or slept through."""

from __future__ import annotations

import pytest

from server import journal
from server.day.closing import Closing, look
from server.lifecycle import Action
from server.opening import store
from server.opening.writing import from_data
from server.unit import Unit
from server.visits import Order
from tests.conftest import CLERK, KIOSK, OTHER_CLERK, ToldClock

ORDER = Order("etat-civil", "ar")


def states(unit: Unit) -> list[str]:
    with unit.reading() as conn:
        return [row[0] for row in conn.execute("SELECT state FROM legs ORDER BY place")]


def busy_hall(unit: Unit) -> None:
    """One served, one being served, one called, one put aside, one waiting."""
    for _ in range(5):
        unit.visits.issue(ORDER, KIOSK)
    unit.visits.desk(1, "open", CLERK)
    unit.visits.desk(2, "open", OTHER_CLERK)
    unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.START, CLERK)
    unit.visits.at_counter(1, Action.FINISH, CLERK)
    unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.START, CLERK)
    unit.visits.call_next(2, OTHER_CLERK)
    unit.visits.at_counter(2, Action.PARK, OTHER_CLERK, reason="photo missing")
    unit.visits.call_next(2, OTHER_CLERK)


def test_whoever_is_left_of_yesterday_expires_and_the_counters_are_closed(unit: Unit, clock: ToldClock) -> None:
    busy_hall(unit)
    clock.pass_by(15 * 3600)
    Closing(unit).check()
    assert states(unit) == ["served", "expired", "expired", "expired", "expired"]
    with unit.reading() as conn:
        assert {row[0] for row in conn.execute("SELECT state FROM counters")} == {"closed"}
        (ended,) = [event.data for event in journal.read(conn) if event.type == "day_ended"]
        assert (ended["expired"], ended["counters_closed"]) == (4, 2)
        assert journal.replay(journal.read(conn)) == journal.stored(conn)
        waiting = conn.execute("SELECT SUM(count) FROM waiting").fetchone()[0]
    assert waiting == 0
    unit.visits.desk(1, "open", CLERK)
    assert unit.visits.call_next(1, CLERK) is None


def test_a_start_in_the_middle_of_the_day_goes_on_where_it_stopped(unit: Unit, clock: ToldClock) -> None:
    busy_hall(unit)
    before = states(unit)
    clock.pass_by(3600)
    Closing(unit).check()
    assert states(unit) == before


def test_it_ends_a_day_once(unit: Unit, clock: ToldClock) -> None:
    unit.visits.issue(ORDER, KIOSK)
    clock.pass_by(24 * 3600)
    closing = Closing(unit)
    closing.check()
    unit.visits.issue(ORDER, KIOSK)
    closing.check()
    assert states(unit) == ["expired", "waiting"]


def test_a_very_long_queue_is_ended_too(unit: Unit, clock: ToldClock) -> None:
    for _ in range(250):
        unit.visits.issue(ORDER, KIOSK)
    clock.pass_by(24 * 3600)
    Closing(unit).check()
    assert set(states(unit)) == {"expired"}


def end_days(unit: Unit, **data: object) -> None:
    opening = from_data({"kept": True, "week": {"monday": "08:30-16:30"}, "day_end": data})
    unit.writer.run(lambda conn: store.change(conn, unit.journal, CLERK.id, store.revision(conn), lambda _: opening))


@pytest.mark.parametrize("ends", [{"at": "18:00"}, {"minutes_after_closing": 90}])
def test_the_day_ends_at_the_managers_hour_and_who_is_served_is_served_to_the_end(
    unit: Unit, clock: ToldClock, ends: dict[str, object]
) -> None:
    end_days(unit, **ends)
    busy_hall(unit)
    closing = Closing(unit)
    clock.pass_by(9 * 3600 - 1)
    closing.check()
    before = states(unit)
    clock.pass_by(1)
    closing.check()
    assert before == ["served", "serving", "parked", "called", "waiting"]
    assert states(unit) == ["served", "serving", "expired", "called", "expired"]
    unit.visits.issue(ORDER, CLERK)
    closing.check()
    Closing(unit).check()
    assert states(unit)[-1] == "waiting", "a clerk gave it after the day's end; a start since does not take it away"
    with unit.reading() as conn:
        assert look(conn, unit.now().at)["day_ended"]["expired"] == 2
        assert look(conn, unit.now().at + 25 * 3_600_000)["day_ended"] is None
    clock.pass_by(9 * 3600)
    closing.check()
    assert set(states(unit)) == {"served", "expired"}


def test_without_hours_that_are_kept_no_minute_after_closing_ends_the_day(unit: Unit, clock: ToldClock) -> None:
    busy_hall(unit)
    unit.writer.run(lambda conn: store.put(conn, from_data({"kept": False, "day_end": {"minutes_after_closing": 0}})))
    clock.pass_by(14 * 3600)
    Closing(unit).check()
    assert "waiting" in states(unit)
