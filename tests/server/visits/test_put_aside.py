"""Put aside and back again: why stays with the visitor, and whoever serves them takes them up at once."""

from __future__ import annotations

from typing import Any

import pytest

from server import journal
from server.calling import PREFERENCES, TAKEN_UP
from server.errors import CounterBusy, IllegalTransition
from server.lifecycle import Action
from server.store.migrations.put_aside import STATEMENTS
from server.unit import Unit
from server.visits import Order
from server.visits.desks import NotServedHere
from server.web.language import in_language
from tests.conftest import CLERK, KIOSK, OTHER_CLERK, ToldClock
from tests.programs import Program

ORDER = Order("etat-civil", "ar")


@pytest.fixture
def parked(unit: Unit, clock: ToldClock) -> str:
    """A visitor of etat-civil whom the clerk of counter 1 has put aside after two minutes of service."""
    unit.visits.desk(1, "open", CLERK)
    visit = unit.visits.issue(ORDER, KIOSK)["visit"]
    clock.pass_by(300)
    unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.START, CLERK)
    clock.pass_by(120)
    unit.visits.at_counter(1, Action.PARK, CLERK, reason="copy-missing")
    return visit


def staff(unit: Unit) -> dict[str, Any]:
    with unit.reading() as conn:
        return unit.hall.staff(conn, unit.now(), unit.hall.board(conn, unit.now()))


def current(unit: Unit, counter: int) -> dict[str, Any]:
    return next(desk["current"] for desk in staff(unit)["desks"] if desk["counter"] == counter)


def only(unit: Unit, counter: int, service: str) -> None:
    """The counter serves this service alone."""

    def command(conn: Any) -> None:
        conn.execute("INSERT INTO work_profiles VALUES ('one', 0, '{}')")
        conn.execute("INSERT INTO work_profile_services VALUES ('one', ?, 0)", (service,))
        conn.execute("UPDATE counters SET profile = 'one' WHERE id = ?", (counter,))

    unit.writer.run(command)


def the_journal_tells_the_same(unit: Unit) -> bool:
    with unit.reading() as conn:
        return journal.replay(journal.read(conn)) == journal.stored(conn)


def test_who_is_back_is_called_at_once_before_all_who_wait(unit: Unit, parked: str, clock: ToldClock) -> None:
    unit.visits.issue(ORDER, KIOSK)
    clock.pass_by(600)
    called = unit.visits.take_up(1, parked, CLERK)
    assert (called["ticket"], called["rule"]) == ("A001", "taken-up")
    assert current(unit, 1)["ticket"] == "A001"
    with unit.reading() as conn:
        assert [call["ticket"] for call in unit.hall.calls(conn, unit.now(), of_each_counter=False)] == ["A001"]
        (data,) = conn.execute("SELECT data FROM events WHERE type = 'called' ORDER BY seq DESC LIMIT 1").fetchone()
    assert '"rule":"taken-up"' in data
    assert the_journal_tells_the_same(unit)


def test_it_is_no_call_out_of_order_and_counts_as_a_preference(callers: dict[str, Program]) -> None:
    clerk = callers["clerk"]
    visit = callers["kiosk"].post("/api/v1/tickets", {"service": "etat-civil", "language": "ar"}).get_json()["visit"]
    for action in ("open", "call-next", "park"):
        assert clerk.post(f"/api/v1/counters/1/{action}").status_code == 200
    answer = clerk.post("/api/v1/counters/1/take-up", {"visit": visit})
    assert (answer.status_code, answer.get_json()["rule"]) == (200, TAKEN_UP)
    report = callers["manager"].get("/api/v1/reports/out-of-order").get_json()
    assert report["total"]["out_of_order"] == 0
    assert TAKEN_UP in PREFERENCES


def test_taking_up_is_taken_back_and_the_visitor_is_aside_as_before(unit: Unit, parked: str) -> None:
    unit.visits.take_up(1, parked, CLERK)
    assert unit.visits.undo(1, CLERK)["state"] == "parked"
    assert [(row["ticket"], row["park_reason"]) for row in staff(unit)["aside"]] == [("A001", "copy-missing")]
    assert the_journal_tells_the_same(unit)


def test_another_counter_takes_up_whom_it_serves_and_nobody_else(unit: Unit, parked: str) -> None:
    only(unit, 2, "legalisation")
    unit.visits.desk(2, "open", OTHER_CLERK)
    with pytest.raises(NotServedHere):
        unit.visits.take_up(2, parked, OTHER_CLERK)
    assert staff(unit)["aside"][0]["ticket"] == "A001"
    unit.visits.desk(3, "open", OTHER_CLERK)
    assert unit.visits.take_up(3, parked, OTHER_CLERK)["ticket"] == "A001"


@pytest.mark.parametrize(("language", "name"), [("ar", "الحالة المدنية"), ("fr", "État civil")])
def test_who_is_refused_reads_the_name_of_the_service(unit: Unit, parked: str, language: str, name: str) -> None:
    only(unit, 2, "legalisation")
    unit.visits.desk(2, "open", OTHER_CLERK)
    with pytest.raises(NotServedHere) as refused:
        unit.visits.take_up(2, parked, OTHER_CLERK)
    sentence = in_language(language, NotServedHere.message, **refused.value.params)
    assert name in sentence
    assert "etat-civil" not in sentence


def test_a_counter_takes_up_whom_another_one_sent_to_it_and_the_list_says_so(unit: Unit, parked: str) -> None:
    only(unit, 3, "legalisation")
    unit.visits.desk(3, "open", OTHER_CLERK)
    unit.visits.take_up(1, parked, CLERK)
    unit.visits.at_counter(1, Action.TRANSFER, CLERK, to_counter=3)
    unit.visits.call_next(3, OTHER_CLERK)
    unit.visits.at_counter(3, Action.PARK, OTHER_CLERK)
    (row,) = staff(unit)["aside"]
    assert (row["for_counter"], "for_clerk" in row) == (3, False)
    unit.visits.desk(3, "close", OTHER_CLERK)
    unit.visits.desk(1, "close", CLERK)
    unit.visits.desk(3, "open", CLERK)
    assert unit.visits.take_up(3, parked, CLERK)["ticket"] == "A001"


def test_a_clerk_takes_up_whom_they_put_aside_whatever_the_counter_serves(unit: Unit, parked: str) -> None:
    only(unit, 1, "legalisation")
    assert unit.visits.take_up(1, parked, CLERK)["ticket"] == "A001"


def test_only_who_was_put_aside_is_taken_up_and_only_at_a_free_counter(unit: Unit, parked: str) -> None:
    waiting = unit.visits.issue(ORDER, KIOSK)["visit"]
    with pytest.raises(IllegalTransition):
        unit.visits.take_up(1, waiting, CLERK)
    unit.visits.call_next(1, CLERK)
    with pytest.raises(CounterBusy):
        unit.visits.take_up(1, parked, CLERK)
    unit.visits.at_counter(1, Action.NO_SHOW, CLERK)
    with pytest.raises(IllegalTransition):
        unit.visits.take_up(1, waiting, CLERK)


@pytest.mark.parametrize("back", ["taken up", "through the queue"])
def test_the_next_clerk_sees_why_and_the_note(unit: Unit, clock: ToldClock, back: str) -> None:
    for counter, clerk in ((1, CLERK), (2, OTHER_CLERK)):
        unit.visits.desk(counter, "open", clerk)
    visit = unit.visits.issue(ORDER, KIOSK)["visit"]
    unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.TRANSFER, CLERK, to_counter=1, note="comes for her mother")
    unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.PARK, CLERK, reason="copy-missing")
    clock.pass_by(60)
    aside = staff(unit)["aside"][0]
    assert (aside["park_reason"], aside["note"], aside["since"]) == (
        "copy-missing",
        "comes for her mother",
        "2026-11-23T08:00:00.000Z",
    )
    if back == "taken up":
        unit.visits.take_up(2, visit, OTHER_CLERK)
    else:
        unit.visits.back_to_queue(1, visit, CLERK)
        unit.visits.desk(1, "close", CLERK)
        waits = staff(unit)["waiting"][0]
        assert (waits["park_reason"], waits["note"]) == ("copy-missing", "comes for her mother")
        unit.visits.call_next(2, OTHER_CLERK)
    shown = current(unit, 2)
    assert (shown["park_reason"], shown["note"]) == ("copy-missing", "comes for her mother")


def test_a_note_stays_until_another_is_given_and_a_reason_with_its_service(unit: Unit, parked: str) -> None:
    unit.visits.take_up(1, parked, CLERK)
    unit.visits.at_counter(1, Action.TRANSFER, CLERK, to_counter=1, note="first")
    unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.TRANSFER, CLERK, to_counter=1)
    unit.visits.call_next(1, CLERK)
    assert (current(unit, 1)["note"], current(unit, 1)["park_reason"]) == ("first", "copy-missing")
    unit.visits.at_counter(1, Action.TRANSFER, CLERK, service="legalisation", note="second")
    unit.visits.call_next(1, CLERK)
    assert (current(unit, 1)["note"], current(unit, 1)["park_reason"]) == ("second", None)
    assert the_journal_tells_the_same(unit)


@pytest.mark.parametrize("step", ["park", "transfer"])
def test_who_came_without_a_ticket_gets_a_number_and_is_announced_by_it(unit: Unit, step: str) -> None:
    unit.visits.desk(1, "open", CLERK)
    unit.visits.issue(Order("legalisation", "fr"), KIOSK)
    visit = unit.visits.walk_direct(1, ORDER, CLERK)["visit"]
    if step == "park":
        look = unit.visits.at_counter(1, Action.PARK, CLERK, reason="copy-missing")
        unit.visits.take_up(1, visit, CLERK)
    else:
        look = unit.visits.at_counter(1, Action.TRANSFER, CLERK, service="legalisation")
        unit.visits.call(1, visit, "was here already", CLERK)
    wanted = "A001" if step == "park" else "B002"
    assert look["ticket"] == wanted
    with unit.reading() as conn:
        calls = unit.hall.calls(conn, unit.now(), of_each_counter=False)
        assert conn.execute("SELECT COUNT(*) FROM deliveries WHERE kind = 'print'").fetchone() == (0,)
    assert [call["ticket"] for call in calls] == [wanted]
    assert unit.visits.issue(Order("legalisation", "fr"), KIOSK)["ticket"] == ("B002" if step == "park" else "B003")
    assert the_journal_tells_the_same(unit)


def test_a_number_is_given_once_and_stays_when_the_step_is_taken_back(unit: Unit) -> None:
    unit.visits.desk(1, "open", CLERK)
    unit.visits.walk_direct(1, ORDER, CLERK)
    assert unit.visits.at_counter(1, Action.PARK, CLERK)["ticket"] == "A001"
    assert unit.visits.undo(1, CLERK)["state"] == "serving"
    assert current(unit, 1)["ticket"] == "A001"
    assert unit.visits.at_counter(1, Action.TRANSFER, CLERK, service="legalisation")["ticket"] == "A001"
    assert the_journal_tells_the_same(unit)


def test_who_joined_no_queue_has_no_waiting_time_when_taken_up(unit: Unit, clock: ToldClock) -> None:
    unit.visits.desk(1, "open", CLERK)
    visit = unit.visits.walk_direct(1, ORDER, CLERK)["visit"]
    unit.visits.at_counter(1, Action.PARK, CLERK)
    clock.pass_by(900)
    unit.visits.take_up(1, visit, CLERK)
    unit.visits.at_counter(1, Action.START, CLERK)
    with unit.reading() as conn:
        assert conn.execute("SELECT called_after_ms, waited_ms FROM legs").fetchone() == (None, None)


def test_the_portal_learns_of_a_numbered_visitor_what_it_learns_of_every_other(unit: Unit) -> None:
    unit.visits.desk(1, "open", CLERK)
    unit.visits.walk_direct(1, ORDER, CLERK)
    unit.visits.at_counter(1, Action.TRANSFER, CLERK, service="legalisation")
    unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.START, CLERK)
    unit.visits.at_counter(1, Action.FINISH, CLERK)
    with unit.reading() as conn:
        payloads = [row[0] for row in conn.execute("SELECT payload FROM deliveries WHERE kind = 'portal' ORDER BY id")]
    assert ['"transferred"' in payloads[0], '"served"' in payloads[1], len(payloads)] == [True, True, 2]
    assert not any("B001" in payload or "numbered" in payload for payload in payloads)


def test_who_is_aside_while_the_unit_is_upgraded_keeps_why_and_since_when(unit: Unit, parked: str) -> None:
    """The migration reads both from where they were before: a leg's reason, and the journal."""

    def as_before(conn: Any) -> None:
        conn.execute("ALTER TABLE legs DROP COLUMN park_reason")
        conn.execute("ALTER TABLE legs DROP COLUMN parked_at")
        for statement in STATEMENTS:
            conn.execute(statement)

    before = staff(unit)["aside"]
    unit.writer.run(as_before)
    assert staff(unit)["aside"] == before
    assert (before[0]["ticket"], before[0]["park_reason"]) == ("A001", "copy-missing")
    assert the_journal_tells_the_same(unit)
