"""A visitor convened for a time: from the order to the ticket, the clerk's screen, the call and the journal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server import journal
from server.app import Server
from server.clock import rfc3339
from server.lifecycle import Action
from server.unit import Unit
from server.visits import Order, look_at_visit
from server.visits.appointments import due_at
from tests.conftest import CLERK, KIOSK, ToldClock
from tests.programs import Program

ORDINARY = Order("etat-civil", "ar")
CONVENED = replace(ORDINARY, appointment="09:30")


def ahead(unit: Unit, visit: str) -> int | None:
    with unit.reading() as conn:
        return look_at_visit(conn, visit, now=unit.now())["people_ahead"]


def test_who_is_convened_waits_like_everybody_until_the_time_has_come(unit: Unit, clock: ToldClock) -> None:
    """It is nine o'clock."""
    for _ in range(3):
        unit.visits.issue(ORDINARY, KIOSK)
    look = unit.visits.issue(CONVENED, KIOSK)
    assert (look["appointment"], look["people_ahead"]) == ("09:30", 3)
    unit.visits.desk(1, "open", CLERK)
    first = unit.visits.call_next(1, CLERK)
    assert first
    assert (first["ticket"], first["rule"]) == ("A001", "arrival")
    unit.visits.at_counter(1, Action.NO_SHOW, CLERK)
    assert ahead(unit, look["visit"]) == 2
    clock.pass_by(26 * 60)
    assert ahead(unit, look["visit"]) == 0
    second = unit.visits.call_next(1, CLERK)
    assert second
    assert (second["ticket"], second["rule"]) == ("A004", "appointment")


def test_the_journal_alone_gives_the_appointment_also_after_a_transfer(unit: Unit) -> None:
    visit = unit.visits.issue(CONVENED, KIOSK)["visit"]
    unit.visits.desk(1, "open", CLERK)
    unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.TRANSFER, CLERK, service="legalisation")
    unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.NO_SHOW, CLERK)
    unit.visits.walk_direct(1, replace(CONVENED, appointment="08:45"), CLERK)
    with unit.reading() as conn:
        replayed = journal.replay(journal.read(conn))
        assert replayed == journal.stored(conn)
    times = [rfc3339(leg.due_at) for leg in replayed[1].values() if leg.due_at is not None]
    assert times == ["2026-11-23T08:30:00.000Z"] * 2 + ["2026-11-23T07:45:00.000Z"]
    assert {leg.visit for leg in replayed[1].values() if leg.leg == 2} == {visit}


def test_the_clerk_sees_the_appointment_of_who_waits_and_of_who_is_there(unit: Unit) -> None:
    unit.visits.issue(CONVENED, KIOSK)
    unit.visits.issue(ORDINARY, KIOSK)
    unit.visits.desk(1, "open", CLERK)

    def seen() -> tuple[list[str | None], str | None]:
        with unit.reading() as conn:
            staff = unit.hall.staff(conn, unit.now(), unit.hall.board(conn, unit.now()))
        current = staff["desks"][0]["current"]
        return [one.get("due_at") for one in staff["waiting"]], current and current["due_at"]

    assert seen() == (["2026-11-23T08:30:00.000Z", None], None)
    unit.visits.call_next(1, CLERK)
    assert seen() == ([None], "2026-11-23T08:30:00.000Z")


def test_an_appointment_is_kept_where_a_clerk_was_removed_from_an_open_counter(unit: Unit) -> None:
    """A counter that nobody holds any more must not count as the somebody whom the convened visitor was sent to."""
    unit.visits.issue(CONVENED, KIOSK)
    unit.visits.desk(1, "open", CLERK)
    unit.writer.run(lambda conn: conn.execute("UPDATE counters SET state = 'paused' WHERE id = 2"))
    called = unit.visits.call_next(1, CLERK)
    assert called
    assert called["ticket"] == "A001"


@pytest.mark.parametrize(
    "wrong", ["", "9:30", "24:00", "10:60", "10:30:00", "10:30\n", "١٠:٣٠", "2026-11-23T09:30:00Z", 930, ["10:30"]]
)
def test_a_time_that_is_none_is_refused_and_changes_nothing(server: Server, callers: dict[str, Program], wrong: object) -> None:
    order = {"service": "etat-civil", "language": "fr", "appointment": wrong}
    with server.unit.reading() as conn:
        before = journal.last_seq(conn)
    response = callers["kiosk"].post("/api/v1/tickets", order)
    assert (response.status_code, response.get_json()["type"].rsplit(":", 1)[-1]) == (422, "wrong-value")
    with server.unit.reading() as conn:
        assert journal.last_seq(conn) == before


@pytest.mark.parametrize("role", ["kiosk", "clerk", "manager"])
def test_a_kiosk_a_clerk_and_a_manager_may_give_it(callers: dict[str, Program], role: str) -> None:
    order = {"service": "etat-civil", "language": "fr", "appointment": "10:30"}
    ticket = callers[role].post("/api/v1/tickets", order).get_json()
    assert (ticket["ticket"], ticket["appointment"]) == ("A001", "10:30")


def test_it_is_today_by_the_halls_clock_whatever_the_clock_is_set_to(unit: Unit, clock: ToldClock) -> None:
    zone = unit.settings.unit.zone
    assert due_at(clock(), zone, None) is None
    nine = due_at(clock(), zone, "09:00")
    assert nine == clock().at
    clock.pass_by(14 * 3600)
    assert due_at(clock(), zone, "09:00") == nine
    clock.pass_by(2 * 3600)
    assert due_at(clock(), zone, "09:00") == (nine or 0) + 24 * 3600 * 1000
