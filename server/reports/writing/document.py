"""A report as a document in a reader's language: sections of columns and rows, ready for any writer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date, get_day_names

from server.errors import N_
from server.reports.counting.promises import BANDS
from server.reports.figures.figure import Unit
from server.reports.figures.registry import FIGURES, KINDS
from server.reports.making import labels
from server.reports.period import Period
from server.reports.request import KEY_WORDS, Report, Row
from server.web.language import LANGUAGES, in_language, written_number, written_share

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Head:
    """A column: its name in data, its words, and its unit (None for a key)."""

    name: str
    words: str
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A table with a title. Cells of keys are text or dates, of figures whole seconds, counts, shares or None.

    `by` names the keys; `places` keeps each row's own key values, as the report has them. `total` and `before` have figures only.
    """

    title: str
    by: tuple[str, ...]
    heads: Sequence[Head]
    rows: Sequence[Sequence[Any]]
    places: Sequence[tuple[Any, ...]]
    total: Sequence[Any]
    before: Sequence[Any] | None = None

    @property
    def figures(self) -> Sequence[Head]:
        return self.heads[len(self.by) :]

    def figure(self, name: str) -> int:
        """The column of a figure."""
        return [head.name for head in self.heads].index(name)


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report: `unit` is the unit's name, `period` its period in words."""

    language: str
    unit: str
    title: str
    period: Period
    sections: Sequence[Section]
    made: str = ""

    @property
    def locale(self) -> str:
        return LANGUAGES[self.language].locale

    @property
    def direction(self) -> str:
        return LANGUAGES[self.language].direction

    def say(self, message: str, **params: Any) -> str:
        """A sentence in the document's language."""
        return in_language(self.language, message, **params)


def section(conn: Any, report: Report, language: str, title: str | None = None) -> Section:
    """A report as a section: names for ids, figures as they are."""
    by = report.request.by
    figures = KINDS[report.request.kind].figures
    names = {key: labels(conn, key, language) for key in by}
    heads = [
        *(Head(key, in_language(language, KEY_WORDS[key])) for key in by),
        *(Head(figure.name, in_language(language, figure.words), figure.unit) for figure in figures),
    ]
    found = _services_in_order(report, list(names.get("service", ())))
    rows = [[*(key_text(key, row[key], language, names[key]) for key in by), *(row[one.name] for one in figures)] for row in found]
    return Section(
        title or in_language(language, KINDS[report.request.kind].title),
        by,
        heads,
        rows,
        [tuple(row[key] for key in by) for row in found],
        _figures(report.total, heads),
        _figures(report.before, heads) if report.before else None,
    )


def _services_in_order(report: Report, services: Sequence[Any]) -> Sequence[Row]:
    """The rows with services as they stand in `services`, the unit's own order, which every page has; data has them by id."""
    by = report.request.by
    if "service" not in by:
        return report.rows
    before = by[: by.index("service")]
    groups = {key: place for place, key in enumerate(dict.fromkeys(tuple(row[one] for one in before) for row in report.rows))}
    places = {service: place for place, service in enumerate(services)}

    def order(row: Row) -> tuple[int, int]:
        return groups[tuple(row[one] for one in before)], places.get(row["service"], len(places))

    return sorted(report.rows, key=order)


def _figures(row: Row, heads: Sequence[Head]) -> list[Any]:
    return [row[head.name] for head in heads if head.unit is not None]


def key_text(key: str, value: Any, language: str, names: Any) -> Any:
    """A key's value for a reader: a name, a date, `08:00`, a weekday's name."""
    locale = LANGUAGES[language].locale
    if value is None:
        return NOTHING
    if key == "hour":
        return f"{value:02d}:00"
    if key == "weekday":
        return str(get_day_names("wide", locale=locale)[value - 1])
    if key == "day":
        return date.fromisoformat(value)
    if key == "month":
        return format_date(date.fromisoformat(f"{value}-01"), "LLLL y", locale=locale)
    if key == "language":
        return LANGUAGES[value].name if value in LANGUAGES else value
    if key == "people_ahead":
        return _band(value, language)
    return names.get(value, str(value))


def _band(first: int, language: str) -> str:
    """People ahead from a band's first number to its last, in words: a dash between digits is turned around in Arabic."""
    last = BANDS[first][1]
    if last is None:
        return in_language(language, N_("%(first)s or more"), first=first)
    return str(first) if first == last else in_language(language, N_("between %(first)s and %(last)s"), first=first, last=last)


def written(value: Any, unit: Unit | None, language: str) -> str:
    """A cell as a reader sees it: `0:12:40`, `83,0 %`, `1 204`, a date."""
    locale = LANGUAGES[language].locale
    if value is None:
        return NOTHING
    if isinstance(value, date):
        return format_date(value, "EEE d MMM y", locale=locale)
    if unit is Unit.SECONDS:
        return duration(value)
    if unit is Unit.SIGNED:
        return f"{'−' if value < 0 else '+' if value else ''}{duration(abs(value))}"
    if unit is Unit.SHARE:
        return written_share(value, language, places=1, even=True)
    if unit is Unit.CASES:
        return written_number(value, language)
    if unit is Unit.SCORE:
        return written_number(value, language, places=2)
    return str(value)


def duration(seconds: int) -> str:
    """Seconds as `h:mm:ss`."""
    minutes, rest = divmod(abs(seconds), 60)
    return f"{'-' if seconds < 0 else ''}{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


def words_of(names: Sequence[str], language: str) -> dict[str, str]:
    """The words of figures by name."""
    return {name: in_language(language, FIGURES[name].words) for name in names}
