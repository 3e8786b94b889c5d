"""What a clerk and a citizen do, one after the other, and what is written down."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from server import journal, setup
from server.errors import (
    ClerkNotThere,
    CounterBusy,
    CounterNotOpen,
    CounterTaken,
    KeyReused,
    NobodyAtCounter,
    NowhereToTransfer,
    ServiceClosed,
    UnknownCounter,
    UnknownService,
)
from server.lifecycle import Action
from server.unit import Unit
from server.visits import Once, Order, look_at_visit
from server.visits.looks import current_leg
from tests.conftest import CLERK, KIOSK, MANAGER, OTHER_CLERK, ToldClock

ORDER = Order("etat-civil", "ar")


def test_it_measures_waiting_walking_and_serving_by_the_steady_clock(unit: Unit, clock: ToldClock) -> None:
    visit = unit.visits.issue(ORDER, KIOSK)["visit"]
    unit.visits.desk(1, "open", CLERK)
    clock.pass_by(300)
    clock.jump(3600)
    called = unit.visits.call_next(1, CLERK)
    assert called is not None
    assert (called["ticket"], called["waited"], called["rule"]) == ("A001", 300, "arrival")
    clock.pass_by(20)
    unit.visits.at_counter(1, Action.START, CLERK)
    clock.jump(-7200)
    clock.pass_by(240)
    assert unit.visits.at_counter(1, Action.FINISH, CLERK)["state"] == "served"
    with unit.reading() as conn:
        leg = current_leg(conn, visit)[1]
    assert (leg.waited_ms, leg.walked_ms, leg.served_ms) == (300_000, 20_000, 240_000)


def test_it_counts_recalls_and_measures_the_wait_to_the_call_that_was_answered(unit: Unit, clock: ToldClock) -> None:
    visit = unit.visits.issue(ORDER, KIOSK)["visit"]
    unit.visits.desk(1, "open", CLERK)
    clock.pass_by(60)
    unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.RECALL, CLERK)
    unit.visits.at_counter(1, Action.RECALL, CLERK)
    unit.visits.at_counter(1, Action.NO_SHOW, CLERK)
    unit.visits.back_to_queue(1, visit, CLERK)
    clock.pass_by(60)
    unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.START, CLERK)
    with unit.reading() as conn:
        leg = current_leg(conn, visit)[1]
    assert (leg.called_after_ms, leg.waited_ms, leg.recalls) == (60_000, 120_000, 0)


def test_it_keeps_the_place_of_a_transferred_visitor(unit: Unit) -> None:
    first, second = (unit.visits.issue(Order("legalisation", "ar"), KIOSK)["visit"] for _ in range(2))
    moved = unit.visits.issue(ORDER, KIOSK)["visit"]
    third = unit.visits.issue(Order("legalisation", "ar"), KIOSK)["visit"]
    unit.visits.desk(1, "open", CLERK)
    unit.visits.call(1, moved, "wrong queue", CLERK)
    unit.visits.at_counter(1, Action.TRANSFER, CLERK, service="legalisation", note="birth certificate missing")
    order = []
    while called := unit.visits.call_next(1, CLERK):
        order.append(called["visit"])
        unit.visits.at_counter(1, Action.NO_SHOW, CLERK)
    assert order == [first, second, moved, third]


def test_it_tells_how_many_are_ahead_and_where_to_go(unit: Unit) -> None:
    visits = [unit.visits.issue(ORDER, KIOSK) for _ in range(3)]
    assert [look["people_ahead"] for look in visits] == [0, 1, 2]
    assert unit.visits.issue(Order("legalisation", "ar"), KIOSK)["people_ahead"] == 3
    assert unit.visits.issue(Order("etat-civil", "ar", "elderly"), KIOSK)["people_ahead"] == 0
    unit.visits.desk(2, "open", CLERK)
    unit.visits.call_next(2, CLERK)
    with unit.reading() as conn:
        assert look_at_visit(conn, visits[2]["visit"])["people_ahead"] == 2


def test_it_calls_each_visitor_once_though_many_counters_call_at_the_same_time(unit: Unit) -> None:
    clerks = {n: type(CLERK)(f"person:{n}", f"clerk {n}", "clerk") for n in (1, 2, 3, 4)}
    for n, clerk in clerks.items():
        unit.visits.desk(n, "open", clerk)
    issued = {unit.visits.issue(ORDER, KIOSK)["visit"] for _ in range(80)}
    called: list[str] = []

    def work(n: int) -> None:
        while look := unit.visits.call_next(n, clerks[n]):
            called.append(look["visit"])
            unit.visits.at_counter(n, Action.NO_SHOW, clerks[n])

    threads = [threading.Thread(target=work, args=(n,)) for n in clerks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(called) == 80
    assert set(called) == issued


def test_it_refuses_with_a_sentence_and_changes_nothing(unit: Unit) -> None:
    unit.visits.issue(ORDER, KIOSK)
    with unit.reading() as conn:
        before = journal.last_seq(conn)
    for refused, command in (
        (UnknownService, lambda: unit.visits.issue(Order("nothing", "ar"), KIOSK)),
        (CounterNotOpen, lambda: unit.visits.call_next(1, CLERK)),
    ):
        with pytest.raises(refused):
            command()
    with unit.reading() as conn:
        assert journal.last_seq(conn) == before
    unit.visits.desk(1, "open", CLERK)
    with pytest.raises(NobodyAtCounter):
        unit.visits.at_counter(1, Action.START, CLERK)
    with pytest.raises(CounterTaken):
        unit.visits.desk(1, "open", OTHER_CLERK)
    unit.visits.call_next(1, CLERK)
    for action in ("pause", "close"):
        with pytest.raises(CounterBusy):
            unit.visits.desk(1, action, CLERK)
    with pytest.raises(CounterBusy):
        unit.visits.call_next(1, CLERK)


def test_it_lets_a_manager_close_a_counter_that_a_clerk_left_open(unit: Unit) -> None:
    unit.visits.desk(1, "open", CLERK)
    assert unit.visits.desk(1, "close", MANAGER) == {"id": 1, "number": 1, "state": "closed", "clerk": None}


def test_it_answers_a_repeated_key_without_doing_it_again(unit: Unit) -> None:
    key = Once("abc", "the same request")
    first = unit.visits.issue(ORDER, KIOSK, key)
    assert unit.visits.issue(ORDER, KIOSK, key) == first
    assert unit.visits.issue(ORDER, CLERK, key) != first
    with pytest.raises(KeyReused):
        unit.visits.issue(ORDER, KIOSK, Once("abc", "another request"))


def test_it_records_who_is_served_without_a_ticket_but_gives_them_no_waiting_time(unit: Unit) -> None:
    unit.visits.desk(1, "open", CLERK)
    look = unit.visits.walk_direct(1, Order("etat-civil", "fr"), CLERK)
    assert (look["ticket"], look["state"], look["counter"]) == (None, "serving", 1)
    unit.visits.at_counter(1, Action.FINISH, CLERK)
    with unit.reading() as conn:
        leg = current_leg(conn, look["visit"])[1]
        assert (leg.waited_ms, leg.called_after_ms, leg.served_ms) == (None, None, 0)
        assert journal.replay(journal.read(conn)) == journal.stored(conn)


def test_it_owes_a_slip_and_a_portal_event_in_the_same_transaction(unit: Unit) -> None:
    look = unit.visits.issue(Order("etat-civil", "zgh", printer="hall-1"), KIOSK)
    unit.visits.cancel(look["visit"], KIOSK)
    with unit.reading() as conn:
        rows = conn.execute("SELECT kind, target, payload, sequence FROM deliveries ORDER BY id").fetchall()
    (_, printer, slip, _), (_, _, event, sequence) = rows
    assert printer == "hall-1"
    assert json.loads(slip)["ticket"] == "A001"
    assert json.loads(event)["type"] == "cancelled"
    assert sequence == 1


def test_it_never_lets_the_journal_be_changed(unit: Unit) -> None:
    unit.visits.issue(ORDER, KIOSK)
    with pytest.raises(Exception, match="append-only"):
        unit.writer.run(lambda conn: conn.execute("UPDATE events SET type = 'served'"))


def test_a_visitor_sent_to_a_counter_or_clerk_is_called_there_and_nowhere_else_while_they_are_there(unit: Unit) -> None:
    unit.visits.desk(1, "open", CLERK)
    unit.visits.desk(2, "open", OTHER_CLERK)
    sent = unit.visits.issue(ORDER, KIOSK)["visit"]
    unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.TRANSFER, CLERK, to_counter=2, note="needs the archive")
    assert unit.visits.call_next(1, CLERK) is None
    called = unit.visits.call_next(2, OTHER_CLERK)
    assert called is not None
    assert (called["visit"], called["rule"]) == (sent, "reserved")
    with unit.reading() as conn:
        assert current_leg(conn, sent)[1].note == "needs the archive"
    unit.visits.at_counter(2, Action.TRANSFER, OTHER_CLERK, clerk=CLERK.id)
    assert unit.visits.call_next(2, OTHER_CLERK) is None
    unit.visits.desk(1, "close", CLERK)
    assert unit.visits.call_next(2, OTHER_CLERK) is not None, "the clerk has gone; anyone may call"


def test_a_transfer_must_lead_somewhere_that_is_open(unit: Unit) -> None:
    unit.visits.issue(ORDER, KIOSK)
    unit.visits.desk(1, "open", CLERK)
    unit.visits.call_next(1, CLERK)
    unit.writer.run(lambda conn: conn.execute("UPDATE services SET open = 0 WHERE id = 'residence'"))
    for refused, where in (
        (NowhereToTransfer, {}),
        (ServiceClosed, {"service": "residence"}),
        (CounterNotOpen, {"to_counter": 3}),
        (UnknownCounter, {"to_counter": 99}),
        (ClerkNotThere, {"clerk": "person:77"}),
    ):
        with pytest.raises(refused):
            unit.visits.at_counter(1, Action.TRANSFER, CLERK, **where)


def test_a_counter_with_a_work_profile_calls_in_its_order_and_leaves_the_rest(unit: Unit) -> None:
    def set_up(conn: Any) -> None:
        conn.execute("INSERT INTO work_profiles VALUES ('fast', 0, '{}')")
        conn.execute("INSERT INTO work_profile_services VALUES ('fast', 'legalisation', 0), ('fast', 'etat-civil', 1)")
        conn.execute("UPDATE counters SET profile = 'fast' WHERE id = 1")

    unit.writer.run(set_up)
    for service in ("residence", "etat-civil", "legalisation"):
        unit.visits.issue(Order(service, "ar"), KIOSK)
    unit.visits.desk(1, "open", CLERK)
    rules = []
    while called := unit.visits.call_next(1, CLERK):
        rules.append((called["ticket"], called["rule"]))
        unit.visits.at_counter(1, Action.NO_SHOW, CLERK)
    assert rules == [("B001", "service-order"), ("A001", "arrival")]


@pytest.mark.parametrize(("where", "position"), [("end", 4), ("place", 0), ("after", 2)])
def test_who_is_put_back_stands_where_the_manager_said(unit: Unit, where: str, position: int) -> None:
    unit.writer.run(lambda conn: setup.choose(conn, "put_back", where))
    unit.writer.run(lambda conn: setup.choose(conn, "put_back_after", 2))
    visits = [unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"] for _ in range(5)]
    unit.visits.desk(1, "open", CLERK)
    unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.PARK, CLERK, reason="missing-document")
    unit.visits.back_to_queue(1, visits[0], CLERK)
    order = []
    while called := unit.visits.call_next(1, CLERK):
        order.append(called["visit"])
        unit.visits.at_counter(1, Action.NO_SHOW, CLERK)
    assert order.index(visits[0]) == position
    with unit.reading() as conn:
        assert journal.replay(journal.read(conn)) == journal.stored(conn)


def test_nobody_is_transferred_to_a_service_that_the_manager_closed(unit: Unit) -> None:
    unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    unit.visits.desk(1, "open", CLERK)
    unit.visits.call_next(1, CLERK)
    unit.writer.run(lambda conn: conn.execute("UPDATE services SET open = 0 WHERE id = 'legalisation'"))
    with pytest.raises(ServiceClosed):
        unit.visits.at_counter(1, Action.TRANSFER, CLERK, service="legalisation", note=None)
