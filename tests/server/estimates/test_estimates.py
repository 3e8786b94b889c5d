"""The estimate in a hall: what a visitor is told, what is kept of it, and that it never stops a ticket."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from server import journal, settings, setup
from server.estimates import following, promises
from server.estimates.estimator import ORDINARY, Estimator, Guess, Joining
from server.estimates.following import Follower
from server.estimates.history import relived
from server.estimates.trust import FEWEST, REMEMBERED, Trust
from server.lifecycle import Action, Event
from server.unit import Unit
from server.visits import Order, look_at_visit
from tests.conftest import CLERK, KIOSK, OTHER_CLERK, ToldClock

ORDER = Order("etat-civil", "ar")


def serve(unit: Unit, clock: ToldClock, seconds: float, counter: int = 1) -> None:
    """A clerk calls the next, who comes at once and is served so long."""
    assert unit.visits.call_next(counter, CLERK) is not None
    unit.visits.at_counter(counter, Action.START, CLERK)
    clock.pass_by(seconds)
    unit.visits.at_counter(counter, Action.FINISH, CLERK)


def a_morning(unit: Unit, clock: ToldClock, served: int = 8, waiting: int = 4, seconds: float = 300) -> list[str]:
    """One clerk who takes five minutes each; the ids of those who still wait."""
    unit.visits.desk(1, "open", CLERK)
    visits = [unit.visits.issue(ORDER, KIOSK)["visit"] for _ in range(served + waiting)]
    for _ in range(served):
        serve(unit, clock, seconds)
    return visits[served:]


def kept(unit: Unit) -> list[Any]:
    with unit.reading() as conn:
        return list(conn.execute("SELECT visit, state, actual_ms, shown, seconds, low, high FROM promises ORDER BY at, visit"))


def told(unit: Unit, visit: str) -> Any:
    with unit.reading() as conn:
        return look_at_visit(conn, visit, unit.estimates, unit.now())["estimated_wait"]


def test_a_ticket_tells_the_wait_once_there_is_evidence_and_keeps_the_promise(unit: Unit, clock: ToldClock) -> None:
    unit.visits.desk(1, "open", CLERK)
    first = unit.visits.issue(ORDER, KIOSK)
    assert first["estimated_wait"] is None
    a_morning(unit, clock)
    ticket = unit.visits.issue(ORDER, KIOSK)
    estimate = ticket["estimated_wait"]
    assert estimate is not None
    assert 600 <= estimate["low"] <= estimate["seconds"] <= estimate["high"] <= 3600
    assert kept(unit) == [(ticket["visit"], "waiting", None, 1, estimate["seconds"], estimate["low"], estimate["high"])]
    for _ in range(5):
        serve(unit, clock, 300)
    unit.visits.call_next(1, CLERK)
    assert kept(unit)[0][1:3] == ("called", 1_500_000)


def test_it_is_shorter_for_whom_fewer_wait_before_and_nothing_when_all_counters_close(unit: Unit, clock: ToldClock) -> None:
    waiting = a_morning(unit, clock)
    first, last = told(unit, waiting[0]), told(unit, waiting[-1])
    assert first["seconds"] < last["seconds"]
    unit.visits.desk(1, "close", CLERK)
    assert told(unit, waiting[0]) is None
    assert unit.visits.issue(ORDER, KIOSK)["estimated_wait"] is None


def test_a_second_counter_shortens_it_at_once(unit: Unit, clock: ToldClock) -> None:
    a_morning(unit, clock, waiting=12)
    alone = unit.visits.issue(Order("etat-civil", "ar", "elderly"), KIOSK)
    for _ in range(5):
        unit.visits.issue(Order("etat-civil", "ar", "elderly"), KIOSK)
    before = unit.visits.issue(Order("etat-civil", "ar", "elderly"), KIOSK)["estimated_wait"]
    unit.visits.desk(2, "open", OTHER_CLERK)
    after = unit.visits.issue(Order("etat-civil", "ar", "elderly"), KIOSK)["estimated_wait"]
    assert alone["estimated_wait"] is not None
    assert before is not None
    assert after is not None
    assert alone["estimated_wait"]["seconds"] < before["seconds"]
    assert after["seconds"] < 0.7 * before["seconds"]


def divide(conn: Any) -> None:
    """Counter 1 serves civil status and the others the rest."""
    services = [row[0] for row in conn.execute("SELECT id FROM services")]
    conn.execute("INSERT INTO work_profiles(id, position, name) VALUES ('mine', 0, '{}'), ('theirs', 1, '{}')")
    for service in services:
        profile = "mine" if service == "etat-civil" else "theirs"
        conn.execute("INSERT INTO work_profile_services(profile, service, rank) VALUES (?, ?, 0)", (profile, service))
    conn.execute("UPDATE counters SET profile = CASE WHEN id = 1 THEN 'mine' ELSE 'theirs' END")


def test_services_of_other_counters_do_not_lengthen_it(unit: Unit, clock: ToldClock) -> None:
    unit.writer.run(divide)
    a_morning(unit, clock)
    with unit.reading() as conn:
        other = next(one.id for one in setup.services(conn) if one.id != "etat-civil")
    before = unit.visits.issue(ORDER, KIOSK)["estimated_wait"]
    for _ in range(20):
        assert unit.visits.issue(Order(other, "ar"), KIOSK)["estimated_wait"] is None
    after = unit.visits.issue(ORDER, KIOSK)["estimated_wait"]
    assert before is not None
    assert after is not None
    assert after["seconds"] <= before["seconds"] + 600


def test_a_call_taken_back_opens_the_promise_again(unit: Unit, clock: ToldClock) -> None:
    a_morning(unit, clock, waiting=0)
    unit.visits.issue(ORDER, KIOSK)
    clock.pass_by(60)
    unit.visits.call_next(1, CLERK)
    assert kept(unit)[0][1:3] == ("called", 60_000)
    unit.visits.undo(1, CLERK)
    assert kept(unit)[0][1:3] == ("waiting", None)
    clock.pass_by(60)
    unit.visits.call_next(1, CLERK)
    assert kept(unit)[0][1:3] == ("called", 120_000)


def test_who_leaves_or_is_sent_on_is_not_judged_by_the_first_promise(unit: Unit, clock: ToldClock) -> None:
    a_morning(unit, clock, waiting=0)
    gone = unit.visits.issue(ORDER, KIOSK)["visit"]
    unit.visits.cancel(gone, KIOSK)
    stays = unit.visits.issue(ORDER, KIOSK)["visit"]
    clock.pass_by(30)
    unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.TRANSFER, CLERK, clerk=CLERK.id)
    states = {row[0]: row[1] for row in kept(unit)}
    assert states == {gone: "left", stays: "called"}
    with unit.reading() as conn:
        assert [one.actual for one in promises.due(conn, 0, clock().at + 1)] == [30.0]


def test_a_failing_estimate_never_stops_a_ticket(unit: Unit, clock: ToldClock, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    a_morning(unit, clock)
    monkeypatch.setattr(Estimator, "estimate", broken)
    monkeypatch.setattr(Estimator, "join", broken)
    ticket = unit.visits.issue(ORDER, KIOSK)
    assert ticket["estimated_wait"] is None
    assert unit.visits.issue(ORDER, KIOSK)["ticket"] != ticket["ticket"]
    unit.writer.run(lambda conn: conn.execute("DROP TABLE promises"))
    assert unit.visits.call_next(1, CLERK) is not None


def test_a_service_that_misses_falls_silent_until_it_hits_again() -> None:
    trust = Trust()
    for _ in range(FEWEST):
        trust.learn(hit=False)
    assert trust.silent
    for _ in range(REMEMBERED * 6 // 10):
        trust.learn(hit=True)
    assert trust.silent, "a little better is not yet good"
    for _ in range(REMEMBERED):
        trust.learn(hit=True)
    assert not trust.silent


def test_a_silent_service_tells_nothing_but_keeps_its_promises(unit: Unit, clock: ToldClock) -> None:
    a_morning(unit, clock)
    for _ in range(FEWEST):
        unit.estimates._trust["etat-civil"].learn(hit=False)
    ticket = unit.visits.issue(ORDER, KIOSK)
    assert ticket["estimated_wait"] is None
    assert kept(unit)[-1][3] == 0
    with unit.reading() as conn:
        assert all(
            one["estimated_wait"] is None for one in unit.hall.board(conn, unit.now())["services"] if one["id"] == "etat-civil"
        )


def test_after_a_restart_it_knows_what_it_knew(unit: Unit, clock: ToldClock, folder: Path) -> None:
    waiting = a_morning(unit, clock, served=30)
    before = told(unit, waiting[-1])
    again = Unit(folder, settings.load(folder), clock)
    try:
        assert told(again, waiting[-1]) == before
    finally:
        again.close()


def test_the_first_tickets_do_not_wait_for_a_long_past(
    unit: Unit, clock: ToldClock, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_morning(unit, clock)
    unit.close()
    go, taken = threading.Event(), []

    def slowly(*asked: Any) -> Estimator:
        go.wait(30)
        return relived(*asked)

    def take(follower: Follower, conn: Any, event: Event) -> None:
        taken.append(event.type)
        took(follower, conn, event)

    took = Follower._take
    monkeypatch.setattr(following, "RELIVED_AT_ONCE", 5)
    monkeypatch.setattr(following.history, "relived", slowly)
    monkeypatch.setattr(Follower, "_take", take)
    again = Unit(folder, settings.load(folder), clock)
    assert again.visits.issue(ORDER, KIOSK)["estimated_wait"] is None
    assert taken == ["issued"]
    go.set()
    (thread,) = [one for one in threading.enumerate() if one.name == "estimates-begin"]
    thread.join(30)
    assert again.visits.issue(ORDER, KIOSK)["estimated_wait"] is not None
    again.close()


def test_the_board_tells_it_for_every_open_service(unit: Unit, clock: ToldClock) -> None:
    a_morning(unit, clock)
    with unit.reading() as conn:
        services = unit.hall.board(conn, unit.now())["services"]
    assert all(one["estimated_wait"] for one in services if one["open"])


@pytest.mark.parametrize("counters", ["alike", "divided"])
def test_a_ticket_tells_what_the_board_told_of_its_service_a_moment_before(unit: Unit, clock: ToldClock, counters: str) -> None:
    if counters == "divided":
        unit.writer.run(divide)
    a_morning(unit, clock)
    unit.visits.desk(2, "open", OTHER_CLERK)
    for service in ("legalisation", "etat-civil", "etat-civil", "residence", "legalisation", "etat-civil"):
        with unit.reading() as conn:
            board = {one["id"]: one for one in unit.hall.board(conn, unit.now())["services"]}
        ticket = unit.visits.issue(Order(service, "ar"), KIOSK)
        told_before = (board[service]["people_ahead"], board[service]["estimated_wait"])
        assert (ticket["people_ahead"], ticket["estimated_wait"]) == told_before, service
        clock.pass_by(0.1)
    with unit.reading() as conn:
        board = {one["id"]: one for one in unit.hall.board(conn, unit.now())["services"]}
    mine, theirs = (7, 3) if counters == "divided" else (10, 10)
    assert [board[one]["people_ahead"] for one in ("etat-civil", "legalisation", "residence")] == [mine, theirs, theirs]
    assert [board[one]["waiting"] for one in ("etat-civil", "legalisation", "residence")] == [7, 2, 1]


def test_the_journal_still_gives_the_tables(unit: Unit, clock: ToldClock) -> None:
    a_morning(unit, clock)
    with unit.reading() as conn:
        assert journal.replay(journal.read(conn)) == journal.stored(conn)


def test_reliving_the_past_takes_in_every_end_of_a_wait(unit: Unit, clock: ToldClock) -> None:
    waiting = a_morning(unit, clock, waiting=6)
    unit.visits.cancel(waiting[0], KIOSK)
    unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.PARK, CLERK, reason="missing-document")
    with unit.reading() as conn:
        found = relived(conn, unit.settings.unit.zone, 200)
    assert len(found._waiting) == 4


def test_closing_a_counter_raises_it_at_once(unit: Unit, clock: ToldClock) -> None:
    unit.visits.desk(2, "open", OTHER_CLERK)
    waiting = a_morning(unit, clock, served=10, waiting=12)
    before, newcomer = told(unit, waiting[-1]), told_to_newcomer(unit)
    unit.visits.desk(2, "close", OTHER_CLERK)
    clock.pass_by(3)
    assert told(unit, waiting[-1])["seconds"] > 1.2 * before["seconds"]
    assert told_to_newcomer(unit)["seconds"] > newcomer["seconds"]


def test_priority_is_told_less_and_lengthens_the_others_wait(unit: Unit, clock: ToldClock) -> None:
    waiting = a_morning(unit, clock, served=10, waiting=8)
    ordinary = unit.visits.issue(ORDER, KIOSK)
    before = told(unit, waiting[-1])
    elderly = [unit.visits.issue(Order("etat-civil", "ar", "elderly"), KIOSK) for _ in range(4)]
    assert elderly[0]["estimated_wait"] is not None
    assert elderly[0]["estimated_wait"]["seconds"] < ordinary["estimated_wait"]["seconds"]
    assert elderly[0]["people_ahead"] == 0
    after = told(unit, waiting[-1])
    assert after["seconds"] > before["seconds"]
    assert told(unit, elderly[0]["visit"])["seconds"] < after["seconds"]


def told_to_newcomer(unit: Unit) -> Any:
    with unit.reading() as conn:
        return unit.estimates.of_newcomer(conn, unit.now(), "etat-civil")


def test_priority_is_never_told_more_than_everybody_else_is(unit: Unit, clock: ToldClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hall where only people with priority waited of late may make the estimator think so."""
    a_morning(unit, clock)

    def estimate(_: Estimator, joining: Joining, share: float = 1.0) -> Guess:
        seconds = 600.0 if joining.klass == ORDINARY else 1800.0
        return Guess(seconds, seconds / 2, seconds * 2, "pace")

    monkeypatch.setattr(Estimator, "estimate", estimate)
    ticket = unit.visits.issue(Order("etat-civil", "ar", "elderly"), KIOSK)
    assert ticket["estimated_wait"]["seconds"] == 600
    assert told(unit, ticket["visit"])["seconds"] == 600
