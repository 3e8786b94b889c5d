"""Last month's results on the displays: only when switched on, and only from enough cases."""

from __future__ import annotations

import pytest

from server import media, setup
from server.lifecycle import Action
from server.media.results import ENOUGH, KEPT, count
from server.unit import Unit
from server.visits import Order
from tests.conftest import CLERK, KIOSK, MANAGER, ToldClock


def serve(unit: Unit, clock: ToldClock, visitors: int) -> None:
    unit.visits.desk(1, "open", CLERK)
    for _ in range(visitors):
        unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
        clock.pass_by(6 * 60)
        unit.visits.call_next(1, CLERK)
        unit.visits.at_counter(1, Action.START, CLERK)
        unit.visits.at_counter(1, Action.FINISH, CLERK)


def switch_on(unit: Unit) -> None:
    unit.writer.run(lambda conn: media.show_results(conn, unit.journal, MANAGER.id, True))


@pytest.mark.parametrize("visitors", [3, 100])
def test_results_are_shown_when_there_are_enough_cases(unit: Unit, clock: ToldClock, visitors: int) -> None:
    serve(unit, clock, visitors)
    clock.pass_by(20 * 86_400)
    count(unit)
    with unit.reading() as conn:
        assert media.results(conn, unit.now(), unit) is None, "not switched on"
    switch_on(unit)
    count(unit)
    with unit.reading() as conn:
        shown = media.results(conn, unit.now(), unit)
    if visitors < ENOUGH:
        assert shown is None
        return
    assert shown is not None
    assert [one["figure"] for one in shown["fr"]["figures"]] == ["100", "6", "100\N{NARROW NO-BREAK SPACE}%"]
    assert "novembre 2026" in shown["fr"]["title"]
    assert "نونبر" in shown["ar"]["title"]


@pytest.mark.parametrize(("share", "shown"), [(0.29, "29"), (0.57, "57"), (0.8999, "89"), (1.0, "100"), (0.0, "0")])
def test_a_share_is_shown_in_whole_per_cents_and_never_more_than_it_was(
    unit: Unit, clock: ToldClock, share: float, shown: str
) -> None:
    switch_on(unit)
    found = {"counted_on": "2026-11-23", "month": "2026-10-01", "served": 500, "wait_s": None, "share": share}
    unit.writer.run(lambda conn: setup.choose(conn, KEPT, found))
    with unit.reading() as conn:
        results = media.results(conn, unit.now(), unit)
    assert results is not None
    assert results["fr"]["figures"][1]["figure"] == f"{shown}\N{NARROW NO-BREAK SPACE}%"


@pytest.mark.parametrize("minutes", [1, 2, 5, 11, 101])
def test_a_wait_is_told_in_words_that_suit_every_number_and_numbers_as_the_reports_write_them(unit: Unit, minutes: int) -> None:
    switch_on(unit)
    found = {"counted_on": "2026-11-23", "month": "2026-10-01", "served": 1518, "wait_s": minutes * 60, "share": 0.781}
    unit.writer.run(lambda conn: setup.choose(conn, KEPT, found))
    with unit.reading() as conn:
        results = media.results(conn, unit.now(), unit)
    assert results is not None
    share = "78\N{NARROW NO-BREAK SPACE}%"
    assert [one["figure"] for one in results["ar"]["figures"]] == ["1.518", str(minutes), share]
    assert [one["figure"] for one in results["fr"]["figures"]] == ["1\N{NARROW NO-BREAK SPACE}518", str(minutes), share]
    for lang in ("ar", "zgh", "fr"):
        assert [one["common"] for one in results[lang]["figures"]] == ["1\N{NARROW NO-BREAK SPACE}518", str(minutes), share]
    words = {lang: results[lang]["figures"][1]["words"] for lang in ("ar", "zgh", "fr")}
    assert words["ar"].startswith("مدة الانتظار بالدقائق")
    assert words["zgh"].startswith("ⴰⵔⴰⵊⵓ ⵙ ⵜⵓⵙⴷⵉⴷⵉⵏ")
    assert words["fr"].startswith("attente en minutes")


def test_results_of_an_older_month_are_not_shown_as_last_months(unit: Unit, clock: ToldClock) -> None:
    serve(unit, clock, 100)
    clock.pass_by(20 * 86_400)
    switch_on(unit)
    count(unit)
    clock.pass_by(31 * 86_400)
    with unit.reading() as conn:
        assert media.results(conn, unit.now(), unit) is None
