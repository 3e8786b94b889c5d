"""Whoever was put back waits at the place that was stated, also with a priority, an appointment or a sending."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server import journal, setup
from server.lifecycle import Action
from server.unit import Unit
from server.visits import VISITOR, Order, look_at_visit
from server.visits.looks import current_leg
from tests.conftest import CLERK, KIOSK, ToldClock

ORDINARY = Order("etat-civil", "ar")
ELDERLY = replace(ORDINARY, priority="elderly")
CONVENED = replace(ORDINARY, appointment="08:50")


def put_back(unit: Unit, where: str, after: int = 3) -> None:
    unit.writer.run(lambda conn: setup.choose(conn, "put_back", where))
    unit.writer.run(lambda conn: setup.choose(conn, "put_back_after", after))


def call(unit: Unit) -> str:
    called = unit.visits.call_next(1, CLERK)
    assert called
    return called["visit"]


def call_all(unit: Unit) -> list[str]:
    order = []
    while called := unit.visits.call_next(1, CLERK):
        order.append(called["visit"])
        unit.visits.at_counter(1, Action.NO_SHOW, CLERK)
    return order


def ahead(unit: Unit, visit: str) -> int | None:
    with unit.reading() as conn:
        return look_at_visit(conn, visit, now=unit.now())["people_ahead"]


@pytest.fixture
def ordinary(unit: Unit) -> list[str]:
    """Four who wait, and an open counter; it is nine o'clock."""
    unit.writer.run(lambda conn: conn.execute("INSERT INTO priorities(id, position, name) VALUES ('appointment', 9, '{}')"))
    unit.visits.desk(1, "open", CLERK)
    return [unit.visits.issue(ORDINARY, KIOSK)["visit"] for _ in range(4)]


@pytest.mark.parametrize("order", [ORDINARY, ELDERLY, CONVENED, replace(ORDINARY, priority="appointment", appointment="08:50")])
@pytest.mark.parametrize(("where", "position"), [("end", 4), ("after", 2), ("place", 0)])
@pytest.mark.parametrize("away", [Action.NO_SHOW, Action.PARK])
def test_the_place_holds_for_every_class(
    unit: Unit, ordinary: list[str], order: Order, where: str, position: int, away: Action
) -> None:
    put_back(unit, where, 2)
    visit = unit.visits.issue(order, KIOSK)["visit"]
    if order == ORDINARY:
        unit.visits.call(1, visit, "a train", CLERK)
        position = position or 4
    else:
        assert call(unit) == visit
    unit.visits.at_counter(1, away, CLERK)
    unit.visits.back_to_queue(1, visit, CLERK)
    assert ahead(unit, visit) == position
    assert call_all(unit).index(visit) == position
    with unit.reading() as conn:
        assert journal.replay(journal.read(conn)) == journal.stored(conn)


def test_who_was_sent_here_and_was_absent_stands_at_the_end_too_and_is_still_called_here_only(
    unit: Unit, ordinary: list[str]
) -> None:
    put_back(unit, "end")
    assert call(unit) == ordinary[0]
    unit.visits.at_counter(1, Action.TRANSFER, CLERK, to_counter=1)
    assert call(unit) == ordinary[0]
    unit.visits.at_counter(1, Action.NO_SHOW, CLERK)
    unit.visits.back_to_queue(1, ordinary[0], CLERK)
    other = replace(CLERK, id="person:7")
    unit.visits.desk(2, "open", other)
    for visit in ordinary[1:3]:
        assert call(unit) == visit
        unit.visits.at_counter(1, Action.NO_SHOW, CLERK)
    elsewhere = unit.visits.call_next(2, other)
    assert elsewhere
    assert elsewhere["visit"] == ordinary[3]
    unit.visits.at_counter(2, Action.NO_SHOW, other)
    assert unit.visits.call_next(2, other) is None
    assert call(unit) == ordinary[0]


def test_more_time_by_phone_means_the_end_of_the_queue_for_the_elderly_too(unit: Unit, ordinary: list[str]) -> None:
    visit = unit.visits.issue(ELDERLY, KIOSK)["visit"]
    assert call(unit) == visit
    assert unit.visits.more_time(visit, VISITOR)["people_ahead"] == 4
    assert call_all(unit) == [*ordinary, visit]


def test_a_call_makes_them_what_they_were_and_an_undone_one_puts_them_back_again(
    unit: Unit, clock: ToldClock, ordinary: list[str]
) -> None:
    put_back(unit, "end")
    visit = unit.visits.issue(ELDERLY, KIOSK)["visit"]
    call(unit)
    unit.visits.at_counter(1, Action.NO_SHOW, CLERK)
    unit.visits.back_to_queue(1, visit, CLERK)
    clock.pass_by(60)
    unit.visits.call(1, visit, "she is back", CLERK)
    unit.visits.undo(1, CLERK)
    assert ahead(unit, visit) == 4
    unit.visits.call(1, visit, "she is back", CLERK)
    unit.visits.at_counter(1, Action.TRANSFER, CLERK, service="legalisation")
    assert call(unit) == visit, "a new leg, with the priority"
    with unit.reading() as conn:
        assert journal.replay(journal.read(conn)) == journal.stored(conn)
        assert current_leg(conn, visit)[1].priority == "elderly"


def test_those_who_wait_and_who_comes_now_count_them_where_they_stand(unit: Unit, ordinary: list[str]) -> None:
    put_back(unit, "end")
    visit = unit.visits.issue(ELDERLY, KIOSK)["visit"]
    assert ahead(unit, ordinary[3]) == 4
    call(unit)
    unit.visits.at_counter(1, Action.NO_SHOW, CLERK)
    unit.visits.back_to_queue(1, visit, CLERK)
    assert ahead(unit, ordinary[3]) == 3
    newcomer = unit.visits.issue(ELDERLY, KIOSK)
    assert newcomer["people_ahead"] == 0
    assert unit.visits.issue(ORDINARY, KIOSK)["people_ahead"] == 6


@pytest.mark.parametrize(("keeps", "position"), [(True, 0), (False, 2)])
def test_a_service_decides_whether_a_transferred_visitor_keeps_the_place(unit: Unit, keeps: bool, position: int) -> None:
    unit.writer.run(lambda conn: conn.execute("UPDATE services SET keeps_place = ? WHERE id = 'legalisation'", (keeps,)))
    moved = unit.visits.issue(ORDINARY, KIOSK)["visit"]
    for _ in range(2):
        unit.visits.issue(Order("legalisation", "ar"), KIOSK)
    unit.visits.desk(1, "open", CLERK)
    assert call(unit) == moved
    assert unit.visits.at_counter(1, Action.TRANSFER, CLERK, service="legalisation")["people_ahead"] == position
    assert call_all(unit).index(moved) == position
