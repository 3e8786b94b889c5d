"""Services that never close, beside a hall that does: over its closing, over midnight, over a change of the clock."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from server import journal, reports, setup
from server.day.closing import Closing, look
from server.feedback import ratings
from server.lifecycle import Action
from server.opening import store
from server.opening.nights import QUIET_MS, open_at, open_over
from server.opening.writing import from_data
from server.reports.making import make
from server.reports.packing import pack_closed_days
from server.unit import Unit
from server.visits import Order
from tests.conftest import CLERK, KIOSK, OTHER_CLERK, ToldClock

ZONE = ZoneInfo("Africa/Casablanca")
NIGHT = Order("etat-civil", "ar")
BY_DAY = Order("legalisation", "fr")
OFFICE = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "08:30-16:30")
QUIET_S = QUIET_MS / 1000
HOUR = 3600


@pytest.fixture
def hospital(unit: Unit) -> Unit:
    """The hall keeps office hours and ends its day an hour after closing; one service is open day and night."""
    hours = {"kept": True, "week": OFFICE, "services": {NIGHT.service: {"always": True}}, "day_end": {"minutes_after_closing": 60}}
    opening = from_data(hours)
    unit.writer.run(lambda conn: store.put(conn, opening))
    return unit


def until(clock: ToldClock, moment: str) -> None:
    """Let the time pass until a local moment."""
    clock.pass_by((ToldClock(moment).moment.at - clock.moment.at) / 1000)


def only_by_day(unit: Unit, counter: int) -> None:
    """Give a counter a work profile of the service that closes."""

    def change(conn: Any) -> None:
        conn.execute("INSERT INTO work_profiles(id, position, name) VALUES ('day', 9, '{}')")
        conn.execute("INSERT INTO work_profile_services(profile, service, rank) VALUES ('day', ?, 1)", (BY_DAY.service,))
        conn.execute("UPDATE counters SET profile = 'day' WHERE id = ?", (counter,))

    unit.writer.run(change)


def states(unit: Unit) -> dict[str, str]:
    """By ticket, those of the day before marked."""
    with unit.reading() as conn:
        today = setup.service_day(conn, unit.now().at, ZONE)
        rows = conn.execute("SELECT ticket, day, state FROM legs JOIN visits USING (visit, leg) ORDER BY issued_at").fetchall()
    return {ticket if day == today else f"{ticket} of before": state for ticket, day, state in rows}


def counters(unit: Unit) -> list[str]:
    with unit.reading() as conn:
        return [row[0] for row in conn.execute("SELECT state FROM counters WHERE id IN (1, 2) ORDER BY id")]


def staff(unit: Unit) -> dict[str, Any]:
    with unit.reading() as conn:
        return unit.hall.staff(conn, unit.now(), unit.hall.board(conn, unit.now()))


def busy_evening(unit: Unit) -> list[str]:
    """One of each: served, served at counter 1, absent, called to counter 2, put aside, two waiting; the ids of their visits."""
    visits = [unit.visits.issue(NIGHT, KIOSK)["visit"] for _ in range(7)]
    unit.visits.desk(1, "open", CLERK)
    unit.visits.desk(2, "open", OTHER_CLERK)
    run = unit.visits
    for end in (Action.FINISH, None):
        run.call_next(1, CLERK)
        run.at_counter(1, Action.START, CLERK)
        if end:
            run.at_counter(1, end, CLERK)
    run.call_next(2, OTHER_CLERK)
    run.at_counter(2, Action.PARK, OTHER_CLERK, reason="photo")
    run.call_next(2, OTHER_CLERK)
    run.at_counter(2, Action.NO_SHOW, OTHER_CLERK)
    run.call_next(2, OTHER_CLERK)
    return visits


EVENING = {"A001": "served", "A002": "serving", "A003": "parked", "A004": "no_show", "A005": "called", "A006": "waiting"}


def test_when_the_hall_closes_whoever_waits_for_what_stays_open_goes_on_waiting(hospital: Unit, clock: ToldClock) -> None:
    only_by_day(hospital, 2)
    hospital.visits.issue(BY_DAY, KIOSK)
    hospital.visits.issue(NIGHT, KIOSK)
    aside = hospital.visits.issue(NIGHT, KIOSK)["visit"]
    hospital.visits.desk(1, "open", CLERK)
    hospital.visits.desk(2, "open", OTHER_CLERK)
    hospital.visits.call(1, aside, "first", CLERK)
    hospital.visits.at_counter(1, Action.PARK, CLERK, reason="photo")
    until(clock, "2026-11-23T17:30:00+01:00")
    Closing(hospital).check()
    assert states(hospital) == {"B001": "expired", "A001": "waiting", "A002": "parked"}
    assert counters(hospital) == ["open", "closed"], "the one that serves only what has closed is closed"
    with hospital.reading() as conn:
        (ended,) = [event.data for event in journal.read(conn) if event.type == "day_ended"]
    assert (ended["expired"], ended["counters_closed"]) == (1, 1)


@pytest.mark.parametrize("started_anew", [False, True])
def test_midnight_takes_nothing_from_a_service_that_is_open(hospital: Unit, clock: ToldClock, started_anew: bool) -> None:
    closing = Closing(hospital)
    until(clock, "2026-11-23T23:50:00+01:00")
    busy_evening(hospital)
    hospital.visits.issue(BY_DAY, CLERK)
    closing.check()
    until(clock, "2026-11-24T00:00:10+01:00")
    (Closing(hospital) if started_anew else closing).check()
    found = states(hospital)
    assert found.pop("B001 of before") == "expired"
    assert found == {f"{ticket} of before": state for ticket, state in {**EVENING, "A007": "waiting"}.items()}
    assert counters(hospital) == ["open", "open"]
    with hospital.reading() as conn:
        assert journal.replay(journal.read(conn)) == journal.stored(conn)


def test_clerks_go_on_over_midnight_with_whom_they_see(hospital: Unit, clock: ToldClock) -> None:
    until(clock, "2026-11-23T23:58:00+01:00")
    visits = busy_evening(hospital)
    until(clock, "2026-11-24T00:00:10+01:00")
    Closing(hospital).check()
    seen = staff(hospital)
    assert [call["ticket"] for call in seen["calls"]] == ["A005", "A002"], "who is called is still on the displays"
    assert {(one["ticket"], one["state"]) for one in seen["aside"]} == {("A003", "parked"), ("A004", "no_show")}
    with hospital.reading() as conn:
        found = hospital.hall.numbered(conn, hospital.now(), "a00")
    assert {one["ticket"] for one in found["aside"]} == {"A003", "A004"}
    hospital.visits.at_counter(1, Action.FINISH, CLERK)
    for at in (2, 3):
        hospital.visits.back_to_queue(1, visits[at], CLERK)
    for ticket in ("A006", "A007", "A003", "A004"):
        called = hospital.visits.call_next(1, CLERK)
        assert called
        assert called["ticket"] == ticket
        assert next(call["ticket"] for call in staff(hospital)["calls"]) == ticket
        hospital.visits.at_counter(1, Action.START, CLERK)
        hospital.visits.at_counter(1, Action.FINISH, CLERK)
    with hospital.reading() as conn:
        assert ratings.by_ticket(conn, hospital.now(), "A006", ZONE) == visits[5], "and is asked how it was"


def test_no_number_of_the_evening_is_given_again_while_it_is_held(hospital: Unit, clock: ToldClock) -> None:
    until(clock, "2026-11-23T23:58:00+01:00")
    busy_evening(hospital)
    until(clock, "2026-11-24T00:00:10+01:00")
    Closing(hospital).check()
    given = [hospital.visits.issue(NIGHT, KIOSK)["ticket"] for _ in range(3)]
    assert given == ["A001", "A008", "A009"], "A001 was served; the others are still in the hall"


def test_a_report_has_the_leg_on_the_day_of_its_ticket(hospital: Unit, clock: ToldClock) -> None:
    until(clock, "2026-11-23T23:58:00+01:00")
    hospital.visits.desk(1, "open", CLERK)
    hospital.visits.issue(NIGHT, KIOSK)
    until(clock, "2026-11-24T00:10:00+01:00")
    Closing(hospital).check()
    assert pack_closed_days(hospital) == 0, "a day is not packed while somebody of it is in the hall"
    hospital.visits.issue(NIGHT, KIOSK)
    for _ in range(2):
        hospital.visits.call_next(1, CLERK)
        hospital.visits.at_counter(1, Action.START, CLERK)
        hospital.visits.at_counter(1, Action.FINISH, CLERK)
    assert pack_closed_days(hospital) == 1
    period = reports.Period(date(2026, 11, 23), date(2026, 11, 24))
    with hospital.reading() as conn:
        made = make(conn, reports.Request("wait-times", period, ("day",)), ZONE)
    told = [(row["day"], row["arrivals"], row["served"], row["wait_longest"]) for row in made.rows]
    assert told == [("2026-11-23", 1, 1, 720), ("2026-11-24", 1, 1, 0)]


def test_a_report_has_the_counters_time_on_both_sides_of_midnight(hospital: Unit, clock: ToldClock) -> None:
    until(clock, "2026-11-23T22:00:00+01:00")
    closing = Closing(hospital)
    for counter, clerk in ((1, CLERK), (2, OTHER_CLERK)):
        hospital.visits.desk(counter, "open", clerk)
    hospital.visits.issue(NIGHT, KIOSK)
    until(clock, "2026-11-23T23:50:00+01:00")
    hospital.visits.call_next(1, CLERK)
    until(clock, "2026-11-24T00:00:10+01:00")
    closing.check()
    hospital.visits.at_counter(1, Action.START, CLERK)
    hospital.visits.at_counter(1, Action.FINISH, CLERK)
    hospital.visits.issue(NIGHT, KIOSK)
    hospital.visits.call_next(1, CLERK)
    until(clock, "2026-11-24T00:30:10+01:00")
    hospital.visits.at_counter(1, Action.START, CLERK)
    hospital.visits.at_counter(1, Action.FINISH, CLERK)
    until(clock, "2026-11-24T01:00:10+01:00")
    Closing(hospital).check()
    hospital.visits.desk(1, "close", CLERK)
    until(clock, "2026-11-24T07:00:00+01:00")
    hospital.visits.desk(2, "close", OTHER_CLERK)
    until(clock, "2026-11-25T01:00:00+01:00")
    closing.check()
    assert pack_closed_days(hospital) == 2
    period = reports.Period(date(2026, 11, 23), date(2026, 11, 24))
    with hospital.reading() as conn:
        made = make(conn, reports.Request("counters", period, ("day", "counter")), ZONE)
    told = {(row["day"][-2:], row["counter"]): (row["open_time"], row["busy_time"]) for row in made.rows}
    assert told == {
        ("23", 1): (2 * HOUR, 600),
        ("23", 2): (2 * HOUR, 0),
        ("24", 1): (HOUR, HOUR / 2),
        ("24", 2): (7 * HOUR - 10, 0),
    }


def test_who_was_not_heard_of_for_half_a_day_has_gone_and_an_idle_counter_closes(hospital: Unit, clock: ToldClock) -> None:
    until(clock, "2026-11-23T22:00:00+01:00")
    closing = Closing(hospital)
    hospital.visits.issue(NIGHT, KIOSK)
    second = hospital.visits.issue(NIGHT, KIOSK)["visit"]
    hospital.visits.desk(1, "open", CLERK)
    hospital.visits.desk(2, "open", OTHER_CLERK)
    until(clock, "2026-11-24T06:00:00+01:00")
    closing.check()
    hospital.visits.call(1, second, "a doctor asked", CLERK)
    hospital.visits.at_counter(1, Action.PARK, CLERK, reason="photo")
    until(clock, "2026-11-24T09:59:59+01:00")
    closing.check()
    assert states(hospital) == {"A001 of before": "waiting", "A002 of before": "parked"}
    until(clock, "2026-11-24T11:00:00+01:00")
    closing.check()
    assert states(hospital) == {"A001 of before": "expired", "A002 of before": "parked"}
    assert counters(hospital) == ["open", "closed"], "who called at six is still there"
    until(clock, "2026-11-24T19:00:00+01:00")
    closing.check()
    assert set(states(hospital).values()) == {"expired"}
    assert counters(hospital) == ["open", "closed"], "a counter of today closes with the day"
    until(clock, "2026-11-25T00:00:10+01:00")
    closing.check()
    assert counters(hospital) == ["closed", "closed"]


def test_what_the_day_end_did_is_told_all_day_with_what_closes_later(hospital: Unit, clock: ToldClock) -> None:
    def told() -> dict[str, Any]:
        with hospital.reading() as conn:
            return dict(look(conn, hospital.now().at)["day_ended"])

    closing = Closing(hospital)
    until(clock, "2026-11-23T22:00:00+01:00")
    hospital.visits.desk(2, "open", OTHER_CLERK)
    hospital.visits.issue(BY_DAY, CLERK)
    until(clock, "2026-11-24T00:00:10+01:00")
    closing.check()
    midnight = {"at": "2026-11-23T23:00:10.000Z", "expired": 1}
    assert told() == {**midnight, "counters_closed": 0}
    until(clock, "2026-11-24T11:00:00+01:00")
    closing.check()
    assert counters(hospital)[1] == "closed"
    assert told() == {**midnight, "counters_closed": 1}
    hospital.visits.issue(BY_DAY, CLERK)
    hospital.visits.issue(BY_DAY, CLERK)
    until(clock, "2026-11-24T17:30:00+01:00")
    closing.check()
    assert told() == {"at": "2026-11-24T16:30:00.000Z", "expired": 2, "counters_closed": 0}, "another end is told by itself"


def test_a_counter_is_quiet_by_the_time_that_passed_and_not_by_a_clock_set_forth(hospital: Unit, clock: ToldClock) -> None:
    until(clock, "2026-11-23T22:00:00+01:00")
    hospital.visits.desk(1, "open", CLERK)
    hospital.visits.desk(2, "open", OTHER_CLERK)
    hospital.visits.issue(NIGHT, KIOSK)
    until(clock, "2026-11-23T23:40:00+01:00")
    hospital.visits.call_next(1, CLERK)
    hospital.visits.at_counter(1, Action.START, CLERK)
    hospital.visits.at_counter(1, Action.FINISH, CLERK)
    clock.pass_by(10 * 60)
    clock.jump(13 * HOUR)
    clock.pass_by(10 * 60)
    Closing(hospital).check()
    assert counters(hospital) == ["open", "open"], "a clerk worked twenty minutes ago, the other came two hours ago"
    clock.pass_by(10.5 * HOUR)
    Closing(hospital).check()
    assert counters(hospital) == ["open", "closed"], "half a day after the other came"


@pytest.mark.parametrize("day_starts", ["00:00", "02:30"])
@pytest.mark.parametrize("evening", ["2027-02-06T22:55:00+01:00", "2027-03-13T22:55:00+00:00"])
def test_a_change_of_the_clock_that_night_costs_nobody_the_place(
    hospital: Unit, clock: ToldClock, day_starts: str, evening: str
) -> None:
    """Morocco goes back an hour at three before Ramadan, and forth at two after it: a day of 25 hours, and one of 23."""
    hospital.writer.run(lambda conn: setup.choose(conn, "day_starts", day_starts))
    until(clock, evening)
    closing = Closing(hospital)
    hospital.visits.desk(1, "open", CLERK)
    begun = clock.moment.steady
    given = []
    while clock.moment.steady - begun < QUIET_MS:
        closing.check()
        given.append(hospital.visits.issue(NIGHT, KIOSK)["ticket"])
        clock.pass_by(20 * 60)
    assert len(given) == len(set(given)) == 36, "no number is in the hall twice"
    assert set(states(hospital).values()) == {"waiting"}
    called = hospital.visits.call_next(1, CLERK)
    assert called
    assert (called["ticket"], called["waited"]) == ("A001", QUIET_S)
    clock.pass_by(HOUR)
    closing.check()
    assert list(states(hospital).values()).count("expired") == 3, "those of the first hour of whom nothing was heard since"


def test_a_service_is_open_over_midnight_by_its_hours_too() -> None:
    """A bus station: Friday from six in the evening until two at night."""
    decided = from_data({"kept": True, "week": {"friday": "18:00-24:00", "saturday": "00:00-02:00", "sunday": "00:00-02:00"}})
    at = {name: ToldClock(f"2026-11-{day}T00:00:00+01:00").moment.at for name, day in (("friday", 28), ("saturday", 29))}
    assert open_over(decided, ["bus"], at["friday"], ZONE) == {"bus"}
    assert open_over(decided, ["bus"], at["saturday"], ZONE) == frozenset(), "it opens at midnight, it is not open over it"
    assert open_at(decided, ["bus"], at["saturday"], ZONE) == {"bus"}
