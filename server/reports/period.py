"""Periods of local service days, by their dates or by a name, and the period before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date

from server.errors import N_, BadPeriod
from server.web.language import LANGUAGES, in_language


@dataclass(frozen=True)
class Period:
    """Local days, both included."""

    first: date
    last: date

    @classmethod
    def parse(cls, first: str, last: str) -> Period:
        """From two dates `YYYY-MM-DD`; raises BadPeriod."""
        try:
            period = cls(date.fromisoformat(first), date.fromisoformat(last))
        except ValueError as error:
            raise BadPeriod from error
        if period.first > period.last or period.last.year >= 9999 or period.first.year < 1970:
            raise BadPeriod
        return period

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def before(self) -> Period:
        """The period before, for comparison: whole months before whole months, else as many days."""
        end = self.first - timedelta(days=1)
        if self.first.day == 1 and (self.last + timedelta(days=1)).day == 1:
            months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
            whole = self.first.year * 12 + self.first.month - 1 - months
            return Period(date(whole // 12, whole % 12 + 1, 1), end)
        return Period(end - timedelta(days=self.days - 1), end)

    def __str__(self) -> str:
        return f"{self.first}_{self.last}"


def month_of(day: date) -> Period:
    """The whole calendar month of a day."""
    first = day.replace(day=1)
    return Period(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def _week_before(today: date) -> Period:
    monday = today - timedelta(days=today.weekday() + 7)
    return Period(monday, monday + timedelta(days=6))


def _yesterday(today: date) -> Period:
    return Period(today - timedelta(days=1), today - timedelta(days=1))


NAMED: Mapping[str, Callable[[date], Period]] = {
    "today": lambda today: Period(today, today),
    "yesterday": _yesterday,
    "this-week": lambda today: Period(today - timedelta(days=today.weekday()), today),
    "last-week": _week_before,
    "this-month": lambda today: Period(today.replace(day=1), today),
    "last-month": lambda today: month_of(today.replace(day=1) - timedelta(days=1)),
    "last-year": lambda today: Period(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
}
"""Periods by name, seen from today's service day; a week begins on Monday."""

NAMES: Mapping[str, str] = {
    "today": N_("Today"),
    "yesterday": N_("Yesterday"),
    "this-week": N_("This week"),
    "last-week": N_("Last week"),
    "this-month": N_("This month"),
    "last-month": N_("Last month"),
    "last-year": N_("Last year"),
}


def usual(today: date, since: date | None) -> str:
    """The period that is shown when none is asked for: last month, or what a unit has that is younger."""
    if since is not None and since <= NAMED["last-month"](today).last:
        return "last-month"
    return "this-month" if since is not None and since < NAMED["this-week"](today).first else "this-week"


def chosen(today: date, first: str | None = None, last: str | None = None, name: str | None = None) -> Period:
    """The period that was asked for: by name, else by one or both dates, else today; raises BadPeriod."""
    if name:
        if name not in NAMED:
            raise BadPeriod
        return NAMED[name](today)
    return Period.parse(first or last or today.isoformat(), last or first or today.isoformat())


def period_text(period: Period, language: str) -> str:
    """A period in words: a day, a month, or from one day to another."""
    locale = LANGUAGES[language].locale
    first, last = period.first, period.last
    if first == last:
        return format_date(first, "full", locale=locale)
    if first.day == 1 and (last + timedelta(days=1)).day == 1 and (first.year, first.month) == (last.year, last.month):
        return format_date(first, "LLLL y", locale=locale)
    written = {"first": format_date(first, "long", locale=locale), "last": format_date(last, "long", locale=locale)}
    return in_language(language, N_("From %(first)s to %(last)s"), **written)
