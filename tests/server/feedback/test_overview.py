"""What a manager sees of ratings: figures with the response rate, no small group, and a dip told."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.app import Server
from server.feedback import Feedback
from server.feedback.dips import DAY_MS, dip
from server.feedback.overview import overview
from server.lifecycle import Action
from server.operations.admitting import new_person
from server.reports.small_groups import FEWEST, hidden, hidden_cells
from server.unit import Unit
from server.visits import VISITOR, Order
from tests.conftest import CLERK, KIOSK, ToldClock
from tests.programs import Program


def rate_some(unit: Unit, feedback: Feedback, scores: list[int | None], service: str = "etat-civil") -> None:
    unit.visits.desk(3, "open", CLERK)
    for score in scores:
        visit = unit.visits.walk_direct(3, Order(service, "fr"), CLERK)["visit"]
        unit.visits.at_counter(3, Action.FINISH, CLERK)
        if score:
            feedback.rate(visit, score, ["waiting"] if score < 3 else [], None, "phone", VISITOR)


def look(unit: Unit, clock: ToldClock) -> Any:
    with unit.reading() as conn:
        return overview(conn, "2026-11-23", "2026-11-23", unit.settings.unit.zone)


def test_by_service_and_hour_with_the_response_rate(unit: Unit, feedback: Feedback, clock: ToldClock) -> None:
    rate_some(unit, feedback, [4, 4, 3, 1, 2, None, None, None, None, None])
    found = look(unit, clock)
    (service,) = found.services
    assert (service.key, service.served, service.rated, service.response) == ("etat-civil", 10, 5, 0.5)
    assert (service.mean, service.satisfied) == (2.8, 0.6)
    assert [one.key for one in found.hours] == [9]
    assert found.reasons == [("waiting", None)]


def test_a_group_of_fewer_than_five_is_hidden_and_can_not_be_had_by_subtraction(
    unit: Unit, feedback: Feedback, clock: ToldClock
) -> None:
    rate_some(unit, feedback, [1] * 4, "legalisation")
    rate_some(unit, feedback, [4] * 6, "etat-civil")
    rate_some(unit, feedback, [4] * 9, "residence")
    found = {one.key: one for one in look(unit, clock).services}
    assert {key for key, one in found.items() if one.hidden} == {"legalisation", "etat-civil"}
    assert (found["legalisation"].mean, found["legalisation"].rated, found["legalisation"].response) == (None, 0, None)


@given(st.dictionaries(st.integers(), st.integers(0, 30)))
def test_what_is_hidden_is_never_one_group_nor_fewer_than_five_that_a_total_gives_away(counts: dict[int, int]) -> None:
    not_shown = hidden(counts)
    assert {key for key, count in counts.items() if 0 < count < FEWEST} <= not_shown
    safe = not not_shown or (len(not_shown) > 1 and sum(counts[key] for key in not_shown) >= FEWEST)
    assert safe or not_shown == {key for key, count in counts.items() if count}, "unless nothing else is left to hide"


def test_two_groups_of_one_take_a_third_with_them() -> None:
    assert hidden({"A": 40, "B": 1, "C": 1}) == {"A", "B", "C"}
    assert hidden({"A": 40, "B": 1, "C": 1, "D": 6}) == {"B", "C", "D"}


Cells = dict[tuple[str | int, ...], int]
CELLS = st.dictionaries(st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(0, 30))


@given(CELLS)
def test_no_row_and_no_column_of_two_keys_gives_a_small_group_away(counts: dict[tuple[int, ...], int]) -> None:
    not_shown = hidden_cells(counts)
    assert {cell for cell, count in counts.items() if 0 < count < FEWEST} <= not_shown
    for way, group in {(way, cell[way]) for cell in not_shown for way in (0, 1)}:
        line = {cell for cell, count in counts.items() if count and cell[way] == group}
        gone = line & not_shown
        assert gone == line or (len(gone) > 1 and sum(counts[cell] for cell in gone) >= FEWEST)


def test_a_single_rating_can_not_be_had_from_its_row_or_its_column() -> None:
    cells: Cells = {("A", 9): 10, ("A", 10): 1, ("A", 11): 30, ("B", 9): 20, ("B", 10): 40, ("B", 11): 50}
    assert hidden_cells(cells) == {("A", 10), ("A", 9), ("B", 10), ("B", 9)}


def test_what_one_key_alone_hides_is_hidden_of_two_keys_too() -> None:
    cells: Cells = {("A", 9): 20, ("A", 10): 20, ("B", 9): 3, ("C", 9): 10, ("C", 10): 30}
    assert {cell for cell in cells if cell[0] in ("A", "B")} <= hidden_cells(cells)


def test_a_dip_is_told_against_what_is_usual(unit: Unit, feedback: Feedback, clock: ToldClock) -> None:
    rate_some(unit, feedback, [4, 3] * 20)
    clock.pass_by(60)
    with unit.reading() as conn:
        assert dip(conn, clock().at) is None
    rate_some(unit, feedback, [2] * 20)
    with unit.reading() as conn:
        found = dip(conn, clock().at)
        assert found is not None
        assert (found.recent, found.usual) == (2.0, 3.5)
        assert dip(conn, clock().at + 13 * DAY_MS) == found, "ratings that stopped coming are no better"
        assert dip(conn, clock().at + 15 * DAY_MS) is None


def rate_day_by_day(unit: Unit, clock: ToldClock, scores: list[int], a_day: int) -> None:
    """So many ratings a day, evenly spread."""
    for score in scores:
        clock.pass_by(DAY_MS / 1000 / a_day)
        visit = unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"]
        unit.visits.cancel(visit, KIOSK)
        row = (visit, 1, "etat-civil", score, "[]", "phone", clock().at)
        unit.writer.run(lambda conn, row=row: conn.execute("INSERT INTO ratings VALUES (?,?,?,?,?,?,?)", row))


@pytest.mark.parametrize(("a_day", "told"), [(2, True), (1, False)])
def test_a_small_hall_is_told_of_a_dip_too_and_one_with_hardly_a_rating_is_not(
    unit: Unit, clock: ToldClock, a_day: int, told: bool
) -> None:
    """Twenty ratings of less than a fortnight are enough to tell; of longer ago they say nothing about now."""
    rate_day_by_day(unit, clock, [4, 3] * 20, a_day)
    with unit.reading() as conn:
        assert dip(conn, clock().at) is None
    rate_day_by_day(unit, clock, [2] * 20, a_day)
    with unit.reading() as conn:
        assert (dip(conn, clock().at) is not None) is told
    rate_day_by_day(unit, clock, [4] * 9, a_day)
    with unit.reading() as conn:
        assert (dip(conn, clock().at, told=True) is not None) is told, "half way up it is told as long as it was told"
        assert dip(conn, clock().at) is None
    rate_day_by_day(unit, clock, [4] * 4, a_day)
    with unit.reading() as conn:
        assert dip(conn, clock().at, told=True) is None


def test_the_page_is_the_managers_alone_and_stands_without_a_rating(server: Server, callers: dict[str, Program]) -> None:
    new_person(server.unit.folder, "chef", "Chef", "manager", "a good password")
    browser = server.app.test_client()
    browser.post("/sign-in", data={"login": "chef", "password": "a good password"}, headers={"Origin": "http://localhost"})
    page = browser.get("/manager/ratings?lang=fr")
    assert page.status_code == 200
    assert "Évaluations" in page.text
    assert browser.get("/manager/ratings?from=x&to=y&lang=fr").status_code == 200
    rate_some(server.unit, server.feedback, [4] * 40 + [1] * 20)
    assert "Les évaluations ont baissé : 1,00 sur 4 dernièrement, 4,00 d’habitude." in browser.get("/manager/ratings?lang=fr").text
    assert callers["clerk"].get("/manager/ratings").status_code in (302, 401, 403)
