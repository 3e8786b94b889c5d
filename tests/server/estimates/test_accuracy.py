"""How true the estimates were, for the manager: over the API, as CSV, on the page; and why a service says nothing."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from server import setup
from server.app import Server
from server.estimates.trust import FEWEST
from server.reports.accuracy import WHY_SILENT
from server.unit import Unit
from tests.conftest import CLERK, ToldClock
from tests.programs import Program
from tests.server.estimates.test_estimates import a_morning


def keep(conn: Any, visit: str, day: str, service: str, ahead: int, at: int, told: tuple[int, int, int], actual: int) -> None:
    """A visit of a day, what it was told on joining, and what came true."""
    conn.execute("INSERT INTO visits VALUES (?, ?, NULL, NULL, ?, 'ar', 'kiosk', ?, 1, NULL)", (visit, day, visit, at))
    conn.execute(
        "INSERT INTO legs(visit, leg, service, place, joined_at, joined_steady, state, recalls, called_after_ms)"
        " VALUES (?, 1, ?, 0, ?, ?, 'no_show', 0, ?)",
        (visit, service, at, at, actual),
    )
    conn.execute(
        "INSERT INTO promises(visit, leg, service, people_ahead, at, seconds, low, high, method, shown, state, actual_ms)"
        " VALUES (?, 1, ?, ?, ?, ?, ?, ?, 'x', 1, 'called', ?)",
        (visit, service, ahead, at, *told, actual),
    )


@pytest.fixture
def kept(server: Server) -> Server:
    """Three promises that came due today: one hit, one too much, one of another service too little and missed."""
    at = server.unit.now().at
    with server.unit.reading() as conn:
        today = setup.service_day(conn, at, server.unit.settings.unit.zone)
    rows: list[Any] = [
        ("a", today, "etat-civil", 2, at, (600, 300, 900), 540_000),
        ("b", today, "etat-civil", 9, at, (1200, 900, 1500), 900_000),
        ("c", today, "residence", 0, at, (300, 240, 360), 600_000),
        ("d", "2020-02-03", "residence", 0, at, (300, 240, 360), 600_000),
    ]
    server.unit.writer.run(lambda conn: [keep(conn, *row) for row in rows])
    return server


def test_errors_bias_and_coverage_by_service_and_people_ahead(kept: Server, callers: dict[str, Program]) -> None:
    answer = callers["manager"].get("/api/v1/reports/estimates").get_json()
    rows = {(row["service"], row["people_ahead"]): row for row in answer["rows"]}
    assert rows[None, None] == {
        "service": None, "people_ahead": None, "cases": 3,
        "mean_error": 220, "median_error": 300, "bias": 20, "coverage": 0.6667,
    }  # fmt: skip
    assert rows["etat-civil", "1-3"]["mean_error"] == 60
    assert rows["residence", None]["bias"] == -300
    assert {one["why"] for one in answer["silent"]} == {"no-counter"}
    text = callers["manager"].get("/api/v1/reports/estimates?format=csv")
    assert text.mimetype == "text/csv"
    read = list(csv.DictReader(io.StringIO(text.get_data(as_text=True))))
    assert (read[0]["service"], read[0]["cases"]) == ("", "3")
    assert len(read) == len(answer["rows"])


def test_services_are_listed_as_the_unit_has_them(kept: Server, callers: dict[str, Program]) -> None:
    def listed() -> list[str | None]:
        answer = callers["manager"].get("/api/v1/reports/estimates").get_json()
        return [row["service"] for row in answer["rows"] if row["people_ahead"] is None]

    assert listed() == [None, "etat-civil", "residence"]
    kept.unit.writer.run(lambda conn: conn.execute("UPDATE services SET position = 99 WHERE id = 'etat-civil'"))
    assert listed() == [None, "residence", "etat-civil"]


@pytest.mark.parametrize("query", ["from=2026-02-01&to=2026-01-01", "from=x", "period=never"])
def test_a_nonsense_period_is_told_beside_the_form(kept: Server, callers: dict[str, Program], query: str) -> None:
    assert callers["manager"].get(f"/manager/estimates?{query}").status_code == 422
    assert 'role="alert"' in callers["manager"].get(f"/manager/estimates?{query}&lang=fr").get_data(as_text=True)


def test_the_page_shows_the_figures_in_minutes(kept: Server, callers: dict[str, Program]) -> None:
    page = callers["manager"].get("/manager/estimates?period=today&lang=fr").get_data(as_text=True)
    assert "data-estimates" in page
    assert ">3,7</span>" in page
    assert ">−5,0</span>" in page
    assert "67\N{NARROW NO-BREAK SPACE}%" in page
    empty = callers["manager"].get("/manager/estimates?from=2020-01-01&to=2020-01-02&lang=fr").get_data(as_text=True)
    assert "data-estimates" not in empty
    assert callers["clerk"].get("/api/v1/reports/estimates").status_code == 403


def test_each_reason_for_silence_is_told(unit: Unit, clock: ToldClock) -> None:
    def why() -> str | None:
        with unit.reading() as conn:
            return unit.estimates.why_silent(conn, clock(), "etat-civil")

    assert why() == "no-counter"
    unit.visits.desk(1, "open", CLERK)
    assert why() == "little-evidence"
    unit.visits.desk(1, "close", CLERK)
    a_morning(unit, clock, waiting=0)
    assert why() is None
    for _ in range(FEWEST):
        unit.estimates._trust["etat-civil"].learn(False)
    clock.pass_by(10)
    assert why() == "missed"
    assert {"missed", "no-counter", "little-evidence"} < set(WHY_SILENT)
