"""The forms of the opening hours: what a manager sent, as a change to make, or what of it can't be kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from werkzeug.datastructures import MultiDict

from server.errors import N_, Refused
from server.opening import writing
from server.opening.calendar import DAYS, Season, ServiceHours, SpecialDay, Week, with_special
from server.opening.holidays import BY_THE_MOON, fixed
from server.opening.store import EditedMeanwhile
from server.opening.writing import DayTwice, Opening
from server.web.language import CITIZEN_LANGUAGES

T = TypeVar("T")
Values = MultiDict[str, str]
Edit = Callable[[Opening], Opening]
MOST_DAYS_AT_ONCE = 31


class TooLong(Refused):
    status, slug = 422, "too-long"
    message = N_("These are more than %(limit)s days; make a season of them.")


@dataclass
class Sent:
    """A form while it is read: the first thing wrong with each of its fields."""

    values: Values
    faults: dict[str, Refused] = field(default_factory=dict)

    def read(self, name: str, reader: Callable[[str], T], text: str | None = None) -> T | None:
        """A field by its reader; None, and a fault, when the reader refuses it."""
        return self.checked(name, lambda: reader(self.values.get(name, "") if text is None else text))

    def checked(self, name: str, make: Callable[[], T]) -> T | None:
        try:
            return make()
        except Refused as refusal:
            self.faults.setdefault(name, refusal)
            return None

    def week(self) -> Week:
        return tuple(self.read(name, writing.spans) or () for name in DAYS)

    def names(self) -> Mapping[str, str]:
        moon = self.values.get("moon", "")
        if moon in map(str, range(len(BY_THE_MOON))):
            return BY_THE_MOON[int(moon)]
        return self.read("name", lambda _: writing.some_name(self._names())) or {}

    def _names(self) -> dict[str, str]:
        return {code: self.values.get(f"name-{code}", "") for code in CITIZEN_LANGUAGES}


def week(sent: Sent) -> Edit:
    """The ordinary week, and whether the kiosk keeps to the hours."""
    found, kept = sent.week(), "kept" in sent.values
    return lambda old: replace(old, kept=kept, calendar=replace(old.calendar, week=found))


def closing(sent: Sent) -> Edit:
    """Before and after closing: turning visitors away, and the end of the day."""
    margin = sent.read("margin", lambda text: writing.number(text, 0, 240))
    ends = sent.values.get("ends", "next-day")
    at = sent.read("ends-at", writing.time_of_day) if ends == "at" else None
    after = sent.read("ends-after", lambda text: writing.number(text, 0, 720)) if ends == "after" else None
    return lambda old: replace(
        old,
        turn_away="turn-away" in sent.values,
        priorities_always="priorities" in sent.values,
        margin_min=margin if margin is not None else old.margin_min,
        day_end_at=at,
        day_end_after_min=after,
    )


def season(sent: Sent) -> Edit:
    """A new season, or one in the place of another."""
    first, last = sent.read("first", writing.day), sent.read("last", writing.day)
    names, found = sent.names(), sent.week()
    place = _place(sent.values)
    if first is None or last is None:
        return lambda old: old
    new = Season(first, last, names, found)
    return lambda old: replace(old, calendar=writing.with_season(old.calendar, new, place))


def season_away(sent: Sent) -> Edit:
    place = _place(sent.values)

    def edit(old: Opening) -> Opening:
        if place is None or place >= len(old.calendar.seasons):
            raise EditedMeanwhile
        kept = tuple(one for at, one in enumerate(old.calendar.seasons) if at != place)
        return replace(old, calendar=replace(old.calendar, seasons=kept))

    return edit


def day(sent: Sent) -> Edit:
    """A special day, or several in a row."""
    first = sent.read("day", writing.day)
    last = sent.read("until", writing.day) if sent.values.get("until", "").strip() else first
    names, hours = sent.names(), sent.read("hours", writing.spans) or ()
    if first is None or last is None:
        return lambda old: old
    days = sent.checked("until", lambda: _row(first, last)) or []

    def edit(old: Opening) -> Opening:
        known = {one.day for one in old.calendar.special}
        if known & set(days):
            raise DayTwice
        if len(known) + len(days) > writing.MOST_SPECIAL:
            raise writing.TooMany(limit=writing.MOST_SPECIAL)
        return replace(old, calendar=with_special(old.calendar, *(SpecialDay(one, names, hours) for one in days)))

    return edit


def day_away(sent: Sent) -> Edit:
    gone = sent.values.get("day")

    def edit(old: Opening) -> Opening:
        kept = tuple(one for one in old.calendar.special if one.day.isoformat() != gone)
        return replace(old, calendar=replace(old.calendar, special=kept))

    return edit


def holidays(sent: Sent) -> Edit:
    """The public holidays of a year whose dates are fixed, but for days that are in the list already."""
    year = sent.read("year", lambda text: writing.number(text, 2020, 2100))

    def edit(old: Opening) -> Opening:
        known = {one.day for one in old.calendar.special}
        new = [one for one in fixed(year or 0) if one.day not in known] if year else []
        return replace(old, calendar=with_special(old.calendar, *new))

    return edit


def service(sent: Sent) -> Edit:
    """One service's hours: those of the place, its own, or always open."""
    id, kind = sent.values.get("service", ""), sent.values.get("kind", "hall")
    own = {"always": ServiceHours(always=True)}.get(kind) if kind != "own" else ServiceHours(week=sent.week())

    def edit(old: Opening) -> Opening:
        services = {name: hours for name, hours in old.calendar.services.items() if name != id}
        return replace(old, calendar=replace(old.calendar, services={**services, **({id: own} if own else {})}))

    return edit


PARTS: Mapping[str, tuple[Callable[[Sent], Edit], str]] = {
    "week": (week, "monday"),
    "closing": (closing, "margin"),
    "season": (season, "first"),
    "season-away": (season_away, "first"),
    "day": (day, "day"),
    "day-away": (day_away, "day"),
    "holidays": (holidays, "year"),
    "service": (service, "service"),
}
"""Part of the page → how its form is read, and the field beside which a refusal of the whole stands."""


def as_values(week: Week) -> dict[str, Any]:
    """A week as its fields show it."""
    return {name: writing.day_text(spans) for name, spans in zip(DAYS, week, strict=True)}


def _place(values: Values) -> int | None:
    text = values.get("place", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else None


def _row(first: date, last: date) -> list[date]:
    if last < first:
        raise writing.SeasonBackwards
    if (last - first).days >= MOST_DAYS_AT_ONCE:
        raise TooLong(limit=MOST_DAYS_AT_ONCE)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
