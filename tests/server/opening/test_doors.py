"""The kiosk gives tickets while the hall is open and who waits can still be served; screens follow at the minute."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from server import journal, setup
from server.app import Server
from server.day.timekeeper import Timekeeper
from server.errors import Refused, ServiceClosed
from server.estimates.following import CHOICE
from server.estimates.rounding import Estimate
from server.lifecycle import Action
from server.opening import doors, store
from server.opening.doors import FULL, HOURS
from server.opening.forecast import SHORT_PAUSE_MS, ByEstimate, forecast
from server.opening.writing import Opening, from_data
from server.unit import Unit
from server.visits import Caller, Order
from server.web import problems
from tests.conftest import CLERK, KIOSK, MANAGER, ToldClock

ORDER = Order("etat-civil", "fr")
OFFICE = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "08:30-12:00, 14:00-16:30")
HOUR = 3600


def keep(unit: Unit, **data: Any) -> None:
    """Have the kiosk keep to hours."""
    opening = from_data({"kept": True, "week": OFFICE, **data})
    unit.writer.run(lambda conn: store.change(conn, unit.journal, MANAGER.id, store.revision(conn), lambda _: opening))


def board(unit: Unit) -> dict[str, dict[str, Any]]:
    with unit.reading() as conn:
        return {one["id"]: one for one in unit.hall.board(conn, unit.now())["services"]}


def events(unit: Unit, *types: str) -> list[dict[str, Any]]:
    with unit.reading() as conn:
        return [dict(event.data) for event in journal.read(conn) if event.type in types]


def test_a_new_unit_gives_tickets_day_and_night_until_the_manager_has_it_keep_hours(unit: Unit, clock: ToldClock) -> None:
    with unit.reading() as conn:
        assert store.opening(conn).calendar.week[0], "the profile's hours are proposed"
    clock.pass_by(14 * HOUR)
    unit.visits.issue(ORDER, KIOSK)
    assert board(unit)["etat-civil"]["open"]


def test_the_kiosk_stops_at_closing_and_says_when_it_opens_again(unit: Unit, clock: ToldClock) -> None:
    keep(unit)
    unit.visits.issue(ORDER, KIOSK)
    clock.pass_by(3 * HOUR)
    with pytest.raises(doors.ClosedUntilToday) as lunch:
        unit.visits.issue(ORDER, KIOSK)
    assert f"{lunch.value.params['time']:%H:%M}" == "14:00"
    clock.pass_by(5 * HOUR)
    with pytest.raises(doors.ClosedUntil) as evening:
        unit.visits.issue(ORDER, KIOSK)
    assert evening.value.params["opens"].isoformat() == "2026-11-24T08:30:00+01:00"
    found = board(unit)["etat-civil"]
    assert (found["open"], found["closed_because"], found["opens_at"]) == (False, HOURS, "2026-11-24T07:30:00.000Z")


def test_a_clerk_may_give_a_ticket_and_serve_after_closing(unit: Unit, clock: ToldClock) -> None:
    keep(unit)
    clock.pass_by(12 * HOUR)
    unit.visits.issue(ORDER, CLERK)
    unit.visits.desk(1, "open", CLERK)
    assert unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.NO_SHOW, CLERK)
    unit.visits.walk_direct(1, Order("etat-civil", "ar"), CLERK)


def test_a_service_that_the_manager_closed_stays_closed_for_all(unit: Unit) -> None:
    keep(unit)
    unit.writer.run(lambda conn: conn.execute("UPDATE services SET open = 0 WHERE id = 'etat-civil'"))
    for caller in (KIOSK, CLERK):
        with pytest.raises(ServiceClosed):
            unit.visits.issue(ORDER, caller)
    assert board(unit)["etat-civil"]["closed_because"] == "by-hand"


def test_hours_that_never_come_are_told_without_a_day(unit: Unit) -> None:
    keep(unit, week={})
    with pytest.raises(doors.Closed):
        unit.visits.issue(ORDER, KIOSK)


@pytest.fixture
def busy(unit: Unit, clock: ToldClock) -> Unit:
    """Half past two on a Monday; one counter that takes ten minutes a visitor; two hours are left."""
    unit.visits.desk(1, "open", CLERK)
    for _ in range(5):
        unit.visits.issue(ORDER, KIOSK)
        unit.visits.call_next(1, CLERK)
        unit.visits.at_counter(1, Action.START, CLERK)
        clock.pass_by(600)
        unit.visits.at_counter(1, Action.FINISH, CLERK)
    clock.pass_by(5.5 * HOUR - 5 * 600)
    return unit


def give_until_refused(unit: Unit, order: Order = ORDER) -> tuple[int, Refused]:
    for given in range(100):
        try:
            unit.visits.issue(order, KIOSK)
        except Refused as refusal:
            return given, refusal
    raise AssertionError("never refused")


def test_it_gives_no_ticket_to_whom_it_could_not_serve_before_closing(busy: Unit) -> None:
    keep(busy, turn_away={"on": True, "margin_minutes": 20})
    given, refusal = give_until_refused(busy)
    assert given == 11, "ten minutes each fit into 100 minutes, and the last is called when they end"
    assert isinstance(refusal, doors.FullUntil)
    assert refusal.params["opens"].isoformat() == "2026-11-24T08:30:00+01:00"
    assert board(busy)["legalisation"]["closed_because"] == FULL, "its visitors wait for the same counter"


def test_visitors_with_a_priority_still_get_one_if_the_manager_wants(busy: Unit) -> None:
    keep(busy, turn_away={"on": True})
    give_until_refused(busy)
    elderly = Order("etat-civil", "fr", "elderly")
    busy.visits.issue(elderly, KIOSK)
    assert board(busy)["etat-civil"]["open_to_priority"]
    keep(busy, turn_away={"on": True, "priorities_always": False})
    assert not board(busy)["etat-civil"]["open_to_priority"]
    with pytest.raises(doors.FullUntil):
        busy.visits.issue(elderly, KIOSK)


def test_more_counters_make_room(busy: Unit) -> None:
    keep(busy, turn_away={"on": True})
    give_until_refused(busy)
    busy.visits.desk(2, "open", MANAGER)
    busy.visits.issue(ORDER, KIOSK)


def test_a_prayer_pause_sends_nobody_home(busy: Unit, clock: ToldClock) -> None:
    keep(busy, turn_away={"on": True})
    clerks = {counter: Caller(f"person:{counter + 20}", f"clerk {counter}", "clerk") for counter in (2, 3, 4)}
    for counter, clerk in clerks.items():
        busy.visits.desk(counter, "open", clerk)
    for _ in range(25):
        busy.visits.issue(ORDER, KIOSK)
    for counter, clerk in clerks.items():
        busy.visits.desk(counter, "pause", clerk)
    clock.pass_by(15 * 60)
    assert board(busy)["etat-civil"]["open"], "four counters serve them in time, though one alone is open now"
    clock.pass_by(16 * 60)
    assert board(busy)["etat-civil"]["closed_because"] == FULL, "nobody has come back after half an hour"
    for counter, clerk in clerks.items():
        busy.visits.desk(counter, "open", clerk)
    assert board(busy)["etat-civil"]["open"]


def test_nobody_is_sent_away_on_a_guess(unit: Unit, clock: ToldClock) -> None:
    """Without finished visitors, or without an open counter, there is no forecast."""
    keep(unit, turn_away={"on": True})
    clock.pass_by(7.4 * HOUR)
    for _ in range(40):
        unit.visits.issue(ORDER, KIOSK)


@pytest.mark.parametrize(("seconds", "open"), [(None, True), (100.0, True), (1e6, False)])
def test_another_forecast_can_take_its_place(busy: Unit, seconds: float | None, open: bool) -> None:
    busy.doors.wait_forecast = lambda *_: seconds
    keep(busy, turn_away={"on": True})
    for _ in range(3):
        busy.visits.issue(ORDER, CLERK)
    assert board(busy)["etat-civil"]["open"] is open


def test_with_enough_history_the_far_end_of_the_estimate_decides(unit: Unit, clock: ToldClock) -> None:
    """Forty visitors of two minutes each from half past one on; what is told then rests on their waits."""
    unit.writer.run(lambda conn: setup.choose(conn, CHOICE, 20))
    clock.pass_by(4.5 * HOUR)
    unit.visits.desk(1, "open", CLERK)
    for _ in range(10):
        unit.visits.issue(ORDER, KIOSK)
    for _ in range(40):
        unit.visits.call_next(1, CLERK)
        unit.visits.at_counter(1, Action.START, CLERK)
        clock.pass_by(120)
        unit.visits.at_counter(1, Action.FINISH, CLERK)
        unit.visits.issue(ORDER, CLERK)
    unit.estimates.begin(unit.reading)

    def look() -> tuple[Estimate | None, float | None, float | None]:
        with unit.reading() as conn:
            asked = conn, unit.now(), "etat-civil"
            return unit.estimates.founded(*asked), forecast(*asked), unit.doors.wait_forecast(*asked)

    estimate, simple, used = look()
    assert estimate
    assert used == estimate["high"] != simple
    keep(unit, turn_away={"on": True, "margin_minutes": 0})
    to_closing = 7.5 * HOUR - 4.5 * HOUR - 40 * 120
    clock.pass_by(to_closing - 2 * used)
    assert board(unit)["etat-civil"]["open"]
    unit.visits.desk(1, "pause", CLERK)
    assert look()[0] is None
    with unit.reading() as conn:
        counted = unit.estimates.founded(conn, unit.now(), "etat-civil", unit.now().at - SHORT_PAUSE_MS)
        assert counted
        assert look()[2] == counted["high"] == pytest.approx(used, rel=0.5), "the door counts who pauses for a moment"
        assert unit.estimates.of_newcomer(conn, unit.now(), "etat-civil") is None, "visitors are promised nothing meanwhile"
    unit.visits.desk(1, "open", CLERK)
    clock.pass_by(2 * used - 300)
    assert board(unit)["etat-civil"]["closed_because"] == FULL


@pytest.mark.parametrize(("high", "waits"), [(None, 40.0), (900, 900.0)])
def test_without_an_estimate_the_simple_forecast_decides(busy: Unit, high: int | None, waits: float) -> None:
    estimate = None if high is None else Estimate(seconds=300, low=60, high=high)
    found = ByEstimate(lambda *_: estimate, lambda *_: 40.0)
    with busy.reading() as conn:
        assert found(conn, busy.now(), "etat-civil") == waits


def test_the_journal_says_when_doors_open_and_close(unit: Unit, clock: ToldClock) -> None:
    keep(unit)
    keeper = Timekeeper(unit)
    keeper.check()
    assert len(events(unit, "services_opened")) == 1
    keeper.check()
    assert len(events(unit, "services_opened", "services_closed")) == 1, "nothing changed"
    clock.pass_by(3 * HOUR)
    keeper.check()
    assert set(events(unit, "services_closed")[0]["services"].values()) == {HOURS}
    Timekeeper(unit).check()
    assert len(events(unit, "services_closed")) == 1, "a start in the middle of the day repeats nothing"
    clock.jump(-2 * HOUR)
    Timekeeper(unit).check()
    assert len(events(unit, "services_opened")) == 2, "the clock was set back into the opening hours"
    clock.pass_by(24 * 30 * HOUR)
    keep(unit, kept=False)
    Timekeeper(unit).check()
    assert board(unit)["etat-civil"]["open"]
    with unit.reading() as conn:
        assert journal.replay(journal.read(conn)) == journal.stored(conn)


def test_a_unit_without_hours_writes_nothing(unit: Unit) -> None:
    unit.writer.run(lambda conn: conn.execute("DELETE FROM opening_hours"))
    Timekeeper(unit).check()
    assert events(unit, "services_opened", "services_closed") == []


def test_changing_hours_is_in_the_journal_with_before_and_after(unit: Unit) -> None:
    keep(unit)
    keep(unit, week={**OFFICE, "friday": "08:30-11:30"})
    last = events(unit, "setup_changed")[-1]
    assert (last["what"], last["id"]) == ("hours", "week")
    assert last["before"]["week"]["friday"] == OFFICE["friday"]
    assert last["after"]["week"]["friday"] == "08:30-11:30"
    keep(unit, week={**OFFICE, "friday": "08:30-11:30"})
    assert len(events(unit, "setup_changed")) == 2, "what changes nothing is not written"


def test_the_second_of_two_managers_is_told(unit: Unit) -> None:
    def change(seen: int, edit: Callable[[Opening], Opening]) -> None:
        unit.writer.run(lambda conn: store.change(conn, unit.journal, MANAGER.id, seen, edit))

    with unit.reading() as conn:
        seen = store.revision(conn)
    change(seen, lambda _: from_data({"kept": True}))
    with pytest.raises(store.EditedMeanwhile):
        change(seen, lambda _: from_data({"kept": False}))


def test_the_document_survives_as_it_was_written(unit: Unit) -> None:
    keep(unit, days=[{"day": "2026-12-24", "name": {"ar": "عطلة"}, "hours": "08:30-11:00"}])
    with unit.reading() as conn:
        document = json.loads(conn.execute("SELECT document FROM opening_hours").fetchone()[0])
    assert document["days"] == [{"day": "2026-12-24", "name": {"ar": "عطلة"}, "hours": "08:30-11:00"}]


@pytest.mark.parametrize(
    ("language", "day"), [("ar", "الثلاثاء 24 نونبر على الساعة 08:30"), ("fr", "mardi 24 novembre à 08:30"), ("zgh", "24")]
)
def test_the_refusal_names_the_next_opening_in_the_visitors_language(server: Server, language: str, day: str) -> None:
    with server.app.test_request_context(headers={"Accept-Language": language}):
        opens = datetime.fromisoformat("2026-11-24T08:30:00+01:00")
        answer = problems.refused(doors.ClosedUntil(opens=opens.astimezone(server.unit.settings.unit.zone)))
    problem = answer.get_json()
    assert day in problem["detail"]
    assert problem["opens"] == "2026-11-24T07:30:00.000Z"
    assert problem["type"].endswith(":closed")
