"""The end of the day, seen or slept through."""

from __future__ import annotations

from server import journal
from server.closing import Closing
from server.lifecycle import Action
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
