"""Sections as HTML, the same for the manager's page and for paper."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from server.reports.figures.figure import Unit
from server.reports.period import period_text
from server.reports.writing import chart
from server.reports.writing.document import Document, Section, written

PAPER = "paper.html"


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("server.reports.writing"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, document: Document, **more: Any) -> str:
    """A template of this folder with a document."""
    rtl = document.direction == "rtl"
    width = chart.WIDTH_ON_PAPER if template == PAPER else chart.WIDTH
    return _templates().get_template(template).render(
        document=document,
        period=period_text(document.period, document.language),
        before=period_text(document.period.before(), document.language),
        _=document.say,
        written=lambda value, unit: written(value, unit, document.language),
        shown=chart.shown,
        heat_of=chart.heat_of,
        along_time=chart.along_time,
        columns=lambda section: chart.columns(section, rtl, width),
        bar=lambda value, greatest, order: chart.bar(value, greatest, order, rtl),
        greatest=greatest,
        of_before=of_before,
        inks=chart.INKS,
        change=lambda now, then, unit: change(now, then, unit, document.language),
        **more,
    )  # fmt: skip


def sections(document: Document) -> Markup:
    """The sections for a page: pictures, tables, the comparison with the period before."""
    return Markup(render("sections.html", document))


def greatest(section: Section) -> float:
    """Where the scale of the charted figures ends: the greatest value, of scores the best."""
    places = [section.figure(name) for name in chart.shown(section)]
    if any(section.heads[place].unit is Unit.SCORE for place in places):
        return chart.BEST_SCORE
    return max((row[place] or 0 for row in section.rows for place in places), default=0)


def of_before(section: Section) -> Sequence[Any]:
    """The totals of the period before; where it has no data at all None each, so that no count says 0 beside a time that says –."""
    before = section.before or ()
    return before if any(before) else [None] * len(before)


def change(now: Any, then: Any, unit: Unit, language: str) -> str:
    """How much more or less than the period before: points for a share, else percent of the value before; empty if unknown."""
    if now is None or then is None or (unit is not Unit.SHARE and not then):
        return ""
    points = (now - then) * 100 if unit is Unit.SHARE else (now - then) / then * 100
    sign = "+" if points > 0 else "−" if points < 0 else "±"
    return f"\N{LEFT-TO-RIGHT ISOLATE}{sign}{written(abs(points) / 100, Unit.SHARE, language)}\N{POP DIRECTIONAL ISOLATE}"
