"""Pictures of sections: where a scale ends, and which figure stands beside which bar."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from server import reports
from server.reports.figures.figure import Unit
from server.reports.writing import chart, html
from server.reports.writing.document import Document, Head, Section

ISOLATES = {0x2066: None, 0x2069: None}
DAY = reports.Period(date(2026, 11, 23), date(2026, 11, 23))


def section(by: str, figures: dict[str, Unit], *rows: tuple[object, ...]) -> Section:
    heads = [Head(by, by), *(Head(name, name, unit) for name, unit in figures.items())]
    return Section("a title", (by,), heads, rows, [row[:1] for row in rows], [None] * len(figures))


def drawn(*sections: Section) -> str:
    return str(html.sections(Document("fr", "a unit", "a title", DAY, sections)))


@pytest.mark.parametrize(("before", "told"), [([0, None], ["avant : –", "avant : –"]), ([4, 60], ["avant : 4", "avant : 0:01:00"])])
def test_a_period_before_without_data_has_a_dash_for_counts_too(before: list[int | None], told: list[str]) -> None:
    figures = {"arrivals": Unit.CASES, "wait_mean": Unit.SECONDS}
    compared = replace(section("service", figures, ("a", 8, 90)), total=[8, 90], before=before)
    found = re.findall(r"avant\s*:[^<]*", drawn(compared))
    assert [re.sub(r"\s+", " ", one).translate(ISOLATES) for one in found] == told


def test_the_scale_of_scores_ends_at_the_best_score_however_low_they_are() -> None:
    """A mean of 2 of 4 fills half the bar."""
    picture = drawn(section("service", {"rating_mean": Unit.SCORE}, ("a", 2.0), ("b", 1.0), ("c", None)))
    assert re.findall(r'class="chart__bar[^>]*width="([\d.]+)"', picture)[:3] == ["50.00", "25.00", "0.00"]
    columns = chart.columns(section("hour", {"rating_mean": Unit.SCORE}, (9, 2.0), (10, 1.0)), rtl=False)
    assert re.findall(r"chart__side[^>]*>([^<]*)", columns) == ["0", "1", "2", "3", "4"]


def test_the_scale_of_anything_else_ends_at_the_greatest_value() -> None:
    picture = drawn(section("service", {"out_of_order": Unit.CASES}, ("a", 8), ("b", 2)))
    assert re.findall(r'class="chart__bar[^>]*width="([\d.]+)"', picture)[:2] == ["100.00", "25.00"]


@pytest.mark.parametrize(
    ("figures", "row", "beside"),
    [
        ({"wait_mean": Unit.SECONDS, "wait_p90": Unit.SECONDS}, ("a", 60, 600), [("10.00", "0:01:00"), ("100.00", "0:10:00")]),
        (
            {"busy_time": Unit.SECONDS, "idle_time": Unit.SECONDS, "pause_time": Unit.SECONDS},
            ("a", 30, 60, 15),
            [("50.00", "0:00:30"), ("100.00", "0:01:00"), ("25.00", "0:00:15")],
        ),
    ],
)
def test_each_bar_has_its_own_figure_beside_it(
    figures: dict[str, Unit], row: tuple[object, ...], beside: list[tuple[str, str]]
) -> None:
    bars = re.findall(
        r'class="chart__bar[^>]*width="([\d.]+)".*?bars__figure"><span class="number">([^<]*)<',
        drawn(section("service", figures, row)),
        re.S,
    )
    assert bars == beside
