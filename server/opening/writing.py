"""Hours as people write them, `08:30-12:00, 14:00-16:30`, and whole calendars as plain data; both ways, checked.

The same texts are in the manager's form, in the database and in a profile's TOML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Any

from server.errors import N_, Refused
from server.opening.calendar import (
    CLOSED,
    DAYS,
    WHOLE_DAY_MIN,
    Calendar,
    Day,
    Names,
    Season,
    ServiceHours,
    Span,
    SpecialDay,
    Week,
)

SPAN = re.compile(r"(\d{1,2})[:.hH](\d{2})\s*[-–—]\s*(\d{1,2})[:.hH](\d{2})")
TIME = re.compile(r"(\d{1,2})[:.hH](\d{2})")
MOST_SPANS, MOST_SEASONS, MOST_SPECIAL = 6, 20, 400


class NotHours(Refused):
    status, slug = 422, "not-hours"
    message = N_("“%(text)s” are no hours: write them like 08:30-12:00, 14:00-16:30, or nothing for a closed day.")


class EndsBeforeItBegins(Refused):
    status, slug = 422, "ends-before-it-begins"
    message = N_("%(text)s ends before it begins.")


class SpansOverlap(Refused):
    status, slug = 422, "spans-overlap"
    message = N_("%(first)s and %(second)s overlap.")


class NotADate(Refused):
    status, slug = 422, "not-a-date"
    message = N_("“%(text)s” is no date.")


class NotATime(Refused):
    status, slug = 422, "not-a-time"
    message = N_("“%(text)s” is no time of day: write it like 17:30.")


class NameMissing(Refused):
    status, slug = 422, "name-missing"
    message = N_("Write a name in at least one language.")


class DayTwice(Refused):
    status, slug = 422, "day-twice"
    message = N_("This day is in the list already.")


class SeasonBackwards(Refused):
    status, slug = 422, "season-backwards"
    message = N_("The last day is before the first.")


class SeasonsOverlap(Refused):
    status, slug = 422, "seasons-overlap"
    message = N_("These days are in another season already: %(first)s to %(last)s.")


class TooMany(Refused):
    status, slug = 422, "too-many"
    message = N_("No more than %(limit)s are possible.")


class NotANumber(Refused):
    status, slug = 422, "not-a-number"
    message = N_("Write a whole number from %(least)s to %(most)s.")


class Misread(Exception):
    """One place of a calendar can't be read; `field` names it (`week.monday`), `refusal` says why."""

    def __init__(self, field: str, refusal: Refused) -> None:
        super().__init__(f"{field}: {refusal}")
        self.field = field
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Opening:
    """All that a manager decides about opening and closing.

    `kept`: the kiosk keeps to the calendar (a new unit only proposes its profile's hours). `turn_away`: no tickets either
    when the forecast says that the visitor can't be served with `margin_min` to spare; visitors with a priority still get
    one if `priorities_always`. The day ends, and who is left expires, at `day_end_at` (minutes of the day), or
    `day_end_after_min` after closing, or with neither when the next day's numbers begin.
    """

    kept: bool = False
    calendar: Calendar = field(default_factory=Calendar)
    turn_away: bool = False
    margin_min: int = 10
    priorities_always: bool = True
    day_end_at: int | None = None
    day_end_after_min: int | None = None


def spans(text: str) -> Day:
    """The spans of a day from their text; raises NotHours, EndsBeforeItBegins or SpansOverlap."""
    found = sorted(_span(part) for part in re.split(r"[,;،\n]", text) if part.strip())
    if len(found) > MOST_SPANS:
        raise TooMany(limit=MOST_SPANS)
    for one, following in pairwise(found):
        if following.starts < one.ends:
            raise SpansOverlap(first=span_text(one), second=span_text(following))
    return tuple(found)


def _span(text: str) -> Span:
    match = SPAN.fullmatch(text.strip())
    if match is None:
        raise NotHours(text=text.strip()[:40])
    first, last = _minutes(*match.group(1, 2)), _minutes(*match.group(3, 4))
    if first is None or last is None:
        raise NotHours(text=text.strip()[:40])
    if last <= first:
        raise EndsBeforeItBegins(text=text.strip())
    return Span(first, last)


def _minutes(hours: str, minutes: str) -> int | None:
    total = int(hours) * 60 + int(minutes)
    return total if int(minutes) < 60 and total <= WHOLE_DAY_MIN else None


def time_of_day(text: str) -> int:
    """Minutes of the day from `17:30`; raises NotATime."""
    match = TIME.fullmatch(text.strip())
    minutes = _minutes(*match.group(1, 2)) if match else None
    if minutes is None or minutes == WHOLE_DAY_MIN:
        raise NotATime(text=text.strip()[:40])
    return minutes


def day(text: str) -> date:
    """A date from `2026-11-23`; raises NotADate."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise NotADate(text=text.strip()[:40]) from None


def number(text: str, least: int, most: int) -> int:
    """A whole number within bounds; raises NotANumber."""
    text = text.strip()
    if not (text.isascii() and text.isdecimal() and least <= int(text[:9]) <= most):
        raise NotANumber(least=least, most=most)
    return int(text)


def time_text(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def span_text(span: Span) -> str:
    return f"{time_text(span.starts)}-{time_text(span.ends)}"


def day_text(spans: Day) -> str:
    """`08:30-12:00, 14:00-16:30`, empty for a closed day."""
    return ", ".join(map(span_text, spans))


def with_season(calendar: Calendar, season: Season, place: int | None = None) -> Calendar:
    """The calendar with one more season, or with it in the place of another; raises SeasonBackwards or SeasonsOverlap."""
    if season.last < season.first:
        raise SeasonBackwards
    others = [one for at, one in enumerate(calendar.seasons) if at != place]
    for other in others:
        if season.first <= other.last and other.first <= season.last:
            raise SeasonsOverlap(first=other.first.isoformat(), last=other.last.isoformat())
    if len(others) >= MOST_SEASONS:
        raise TooMany(limit=MOST_SEASONS)
    return replace(calendar, seasons=tuple(sorted([*others, season], key=lambda one: one.first)))


def some_name(names: Mapping[str, str]) -> Names:
    """The names that are written; raises NameMissing when none is."""
    found = {code: name.strip()[:100] for code, name in names.items() if name.strip()}
    if not found:
        raise NameMissing
    return found


def as_data(opening: Opening) -> dict[str, Any]:
    """Plain data, as the database and a TOML file hold it."""
    calendar = opening.calendar
    return {
        "kept": opening.kept,
        "week": _week_data(calendar.week),
        "seasons": [
            {"first": one.first.isoformat(), "last": one.last.isoformat(), "name": {**one.name}, "week": _week_data(one.week)}
            for one in calendar.seasons
        ],
        "days": [{"day": one.day.isoformat(), "name": {**one.name}, "hours": day_text(one.spans)} for one in calendar.special],
        "services": {
            service: {"always": True} if own.always else {"week": _week_data(own.week or (CLOSED,) * 7)}
            for service, own in sorted(calendar.services.items())
        },
        "turn_away": {
            "on": opening.turn_away, "margin_minutes": opening.margin_min, "priorities_always": opening.priorities_always
        },
        "day_end": {
            **({} if opening.day_end_at is None else {"at": time_text(opening.day_end_at)}),
            **({} if opening.day_end_after_min is None else {"minutes_after_closing": opening.day_end_after_min}),
        },
    }  # fmt: skip


def _week_data(week: Week) -> dict[str, str]:
    return {name: day_text(spans) for name, spans in zip(DAYS, week, strict=True)}


def from_data(data: Mapping[str, Any]) -> Opening:
    """What `as_data` wrote, or a person by hand; parts left out are as in a new unit. Raises Misread."""
    calendar = Calendar(week=_week("week", data["week"]) if "week" in data else Calendar().week)
    for number_, one in enumerate(data.get("seasons", [])):
        where = f"seasons.{number_}"
        first, last = _read(f"{where}.first", day, one["first"]), _read(f"{where}.last", day, one["last"])
        season = Season(first, last, _read(f"{where}.name", some_name, one["name"]), _week(f"{where}.week", one["week"]))
        calendar = _read(where, lambda season, calendar=calendar: with_season(calendar, season), season)
    special = [_special(f"days.{place}", one) for place, one in enumerate(data.get("days", []))]
    _no_day_twice(special)
    services = {id: _service(f"services.{id}", one) for id, one in data.get("services", {}).items()}
    turn_away, day_end = data.get("turn_away", {}), data.get("day_end", {})
    return Opening(
        kept=bool(data.get("kept", False)),
        calendar=replace(calendar, special=tuple(sorted(special, key=lambda one: one.day)), services=services),
        turn_away=bool(turn_away.get("on", False)),
        margin_min=_read("turn_away.margin_minutes", lambda text: number(str(text), 0, 240), turn_away.get("margin_minutes", 10)),
        priorities_always=bool(turn_away.get("priorities_always", True)),
        day_end_at=_read("day_end.at", time_of_day, day_end["at"]) if "at" in day_end else None,
        day_end_after_min=_read(
            "day_end.minutes_after_closing", lambda text: number(str(text), 0, 720), day_end["minutes_after_closing"]
        )
        if "minutes_after_closing" in day_end
        else None,
    )


def _special(where: str, data: Mapping[str, Any]) -> SpecialDay:
    return SpecialDay(
        _read(f"{where}.day", day, data["day"]),
        _read(f"{where}.name", some_name, data["name"]),
        _read(f"{where}.hours", spans, data.get("hours", "")),
    )


def _no_day_twice(special: Sequence[SpecialDay]) -> None:
    seen: set[date] = set()
    for place, one in enumerate(special):
        if one.day in seen:
            raise Misread(f"days.{place}.day", DayTwice())
        seen.add(one.day)
    if len(special) > MOST_SPECIAL:
        raise Misread("days", TooMany(limit=MOST_SPECIAL))


def _service(where: str, data: Mapping[str, Any]) -> ServiceHours:
    return ServiceHours(always=True) if data.get("always") else ServiceHours(week=_week(f"{where}.week", data.get("week", {})))


def _week(where: str, data: Mapping[str, str]) -> Week:
    return tuple(_read(f"{where}.{name}", spans, data.get(name, "")) for name in DAYS)


def _read(where: str, reader: Any, value: Any) -> Any:
    try:
        return reader(value)
    except Refused as refusal:
        raise Misread(where, refusal) from None
