"""The hours of the coming seven days in words, as kiosk and phone tell them: days with the same hours on one line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from server.errors import N_
from server.opening.calendar import ALL_DAY, Day, Span
from server.opening.store import opening
from server.web.language import CITIZEN_LANGUAGES, calendar, in_language

DAYS = N_("%(first)s to %(last)s")
LINE = N_("%(days)s: %(hours)s")
SPAN = N_("from %(starts)s to %(ends)s")
CLOSED = N_("closed")
WHOLE_DAY = N_("all day")
COMMA = {"ar": "، "}

Lines = dict[str, list[str]]
"""By language, a line for each run of days."""


def hours_of_hall(conn: Any, today: date) -> Lines:
    """Empty where the unit has no hours to keep to."""
    decided = opening(conn)
    return _lines(decided.calendar.hall_on, today) if decided.kept else {}


def hours_of_service(conn: Any, service: str, today: date) -> Lines:
    """Empty where the unit has no hours to keep to."""
    decided = opening(conn)
    return _lines(lambda day: decided.calendar.service_on(service, day), today) if decided.kept else {}


def _lines(on: Callable[[date], Day], today: date) -> Lines:
    """The next Monday to Sunday, each weekday at its next date, so that a holiday of the coming week is told."""
    week = [on(today + timedelta(days=(weekday - today.weekday()) % 7)) for weekday in range(7)]
    if all(day == ALL_DAY for day in week):
        return {}
    runs = [(spans, [number for number, _ in run]) for spans, run in groupby(enumerate(week), key=lambda one: one[1])]
    return {lang: [_line(spans, days, lang) for spans, days in runs] for lang in CITIZEN_LANGUAGES}


def _line(spans: Day, days: list[int], lang: str) -> str:
    names = calendar(lang)["days"]
    first, last = names[days[0]], names[days[-1]]
    written = first if len(days) == 1 else in_language(lang, DAYS, first=first, last=last)
    return in_language(lang, LINE, days=written, hours=_hours(spans, lang))


def _hours(spans: Day, lang: str) -> str:
    if not spans:
        return in_language(lang, CLOSED)
    if spans == ALL_DAY:
        return in_language(lang, WHOLE_DAY)
    return COMMA.get(lang, ", ").join(_span(span, lang) for span in spans)


def _span(span: Span, lang: str) -> str:
    starts, ends = (f"{minutes // 60:02d}:{minutes % 60:02d}" for minutes in (span.starts, span.ends))
    return in_language(lang, SPAN, starts=starts, ends=ends)
