"""The wait-time report against the definitions in docs/figures.md, worked out by hand."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from server import reports
from server.errors import BadPeriod
from server.lifecycle import Action
from server.reports.figures.registry import KINDS
from server.reports.making import make
from server.reports.period import usual
from server.reports.writing import comma
from server.unit import Unit
from server.visits import Order
from tests.conftest import CLERK, KIOSK, ToldClock

ZONE = ZoneInfo("Africa/Casablanca")
DAY = reports.Period(date(2026, 11, 23), date(2026, 11, 23))


def report(unit: Unit, kind: str, by: str = "", period: reports.Period = DAY) -> reports.Report:
    with unit.reading() as conn:
        return make(conn, reports.Request(kind, period, reports.keys(by)), ZONE)


def wait_times(unit: Unit, by: str) -> tuple[list[reports.Row], reports.Row]:
    made = report(unit, "wait-times", by)
    return made.rows, made.total


def serve_one(unit: Unit, clock: ToldClock, seconds: float) -> None:
    unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.START, CLERK)
    clock.pass_by(seconds)
    unit.visits.at_counter(1, Action.FINISH, CLERK)


def a_morning(unit: Unit, clock: ToldClock) -> None:
    """The worked example of docs/figures.md: etat-civil has a target of 20 minutes."""
    unit.visits.desk(1, "open", CLERK)
    order = Order("etat-civil", "ar")
    for _ in range(3):  # waits of 60, 660 and 1,560 s
        unit.visits.issue(order, KIOSK)
    clock.pass_by(60)
    serve_one(unit, clock, 600)
    serve_one(unit, clock, 900)
    serve_one(unit, clock, 0)
    unit.visits.issue(order, KIOSK)  # called after 120 s, does not come
    clock.pass_by(120)
    unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.NO_SHOW, CLERK)
    early = unit.visits.issue(order, KIOSK)["visit"]
    clock.pass_by(300)
    unit.visits.cancel(early, KIOSK)  # left within the target
    late = unit.visits.issue(order, KIOSK)["visit"]
    clock.pass_by(1500)
    unit.visits.expire(late, KIOSK)  # left after the target


def test_it_counts_as_the_worked_example_says(unit: Unit, clock: ToldClock) -> None:
    a_morning(unit, clock)
    rows, total = wait_times(unit, "service")
    assert rows == [{"service": "etat-civil", **total}]
    assert total == {
        "arrivals": 6,
        "served": 3,
        "no_shows": 1,
        "walkouts": 2,
        "waits": 3,
        "wait_mean": 760,
        "wait_median": 660,
        "wait_p90": 1380,
        "wait_longest": 1560,
        "service_level": 0.6,
        "service_level_cases": 5,
        "odd_times": 0,
    }


def test_it_groups_by_local_hour_of_arrival(unit: Unit, clock: ToldClock) -> None:
    unit.visits.issue(Order("legalisation", "fr"), KIOSK)
    clock.pass_by(3600)
    unit.visits.issue(Order("etat-civil", "fr"), KIOSK)
    rows, _ = wait_times(unit, "service,hour")
    by_hour, _ = wait_times(unit, "hour")
    assert [(row["service"], row["hour"], row["arrivals"]) for row in rows] == [("etat-civil", 10, 1), ("legalisation", 9, 1)]
    assert [row["hour"] for row in by_hour] == [9, 10]


def test_it_begins_and_ends_the_day_at_local_midnight(unit: Unit, clock: ToldClock) -> None:
    clock.pass_by(14 * 3600 + 3599)
    unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    clock.pass_by(1)
    unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    _, total = wait_times(unit, "service")
    assert total["arrivals"] == 1


def test_it_has_no_figure_where_there_is_nothing_to_measure(unit: Unit) -> None:
    rows, total = wait_times(unit, "service")
    assert rows == []
    assert (total["arrivals"], total["wait_mean"], total["service_level"]) == (0, None, None)


def test_its_csv_is_rfc_4180(unit: Unit, clock: ToldClock) -> None:
    a_morning(unit, clock)
    text = comma.for_programs(report(unit, "wait-times", "service,hour"))
    names = [figure.name for figure in KINDS["wait-times"].figures]
    assert text.splitlines(keepends=True)[0] == ",".join(["service", "hour", *names]) + "\r\n"
    assert [row["arrivals"] for row in csv.DictReader(io.StringIO(text))] == ["6"]


@pytest.mark.parametrize(("first", "last"), [("2026-11-02", "2026-11-01"), ("x", "2026-11-01"), ("2026-13-01", "2026-13-02")])
def test_it_refuses_a_period_that_is_none(first: str, last: str) -> None:
    with pytest.raises(BadPeriod):
        reports.Period.parse(first, last)


@pytest.mark.parametrize(
    ("since", "name"),
    [
        (None, "this-week"),
        ("2026-11-23", "this-week"),
        ("2026-11-16", "this-month"),
        ("2026-10-31", "last-month"),
        ("2020-01-01", "last-month"),
    ],
)
def test_a_young_unit_is_shown_what_it_has(since: str | None, name: str) -> None:
    assert usual(date(2026, 11, 25), date.fromisoformat(since) if since else None) == name


def test_the_server_holds_no_library_that_counts_or_writes_reports() -> None:
    code = "import server.app, sys; print({'numpy', 'xlsxwriter', 'weasyprint', 'pandas'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
