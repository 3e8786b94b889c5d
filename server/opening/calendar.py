"""Weekly hours, seasons and special days: is it open, until when, when does it open again.

Pure: no clock but the instant passed in. Hours are minutes of the local day, instants are UTC milliseconds; the time zone
turns one into the other, so that a change of the clock (Ramadan, summer time) moves the instant and never the hour on the door.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from server.clock import MS, local

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WHOLE_DAY_MIN = 24 * 60
LOOK_AHEAD_DAYS = 400
"""How far the next opening is looked for; a hall that is closed longer has none."""

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Open from `starts` until before `ends`, minutes of the local day (24:00 is 1440)."""

    starts: int
    ends: int


Day = tuple[Span, ...]
Week = tuple[Day, ...]
"""Seven days, Monday first; a day's spans are in order and apart."""

ALL_DAY: Day = (Span(0, WHOLE_DAY_MIN),)
CLOSED: Day = ()


@dataclass(frozen=True, slots=True)
class Season:
    """A week of its own from `first` to `last`, both included: Ramadan, summer."""

    first: date
    last: date
    name: Names
    week: Week

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """One day that goes before week and season: a public holiday (no spans) or other hours."""

    day: date
    name: Names
    spans: Day = CLOSED


@dataclass(frozen=True, slots=True)
class ServiceHours:
    """Hours of one service: `always` open, or its own week within the hall's hours."""

    always: bool = False
    week: Week | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """The hall's hours: special days before seasons before the week; services may have hours of their own."""

    week: Week = (ALL_DAY,) * 7
    seasons: tuple[Season, ...] = ()
    special: tuple[SpecialDay, ...] = ()
    services: Mapping[str, ServiceHours] = field(default_factory=dict)

    def hall_on(self, day: date) -> Day:
        """The hall's spans of a local day."""
        for one in self.special:
            if one.day == day:
                return one.spans
        week = next((season.week for season in self.seasons if season.holds(day)), self.week)
        return week[day.weekday()]

    def service_on(self, service: str, day: date) -> Day:
        """A service's spans of a local day: its own hours as far as the hall is open."""
        own = self.services.get(service)
        if own is not None and own.always:
            return ALL_DAY
        hall = self.hall_on(day)
        return hall if own is None or own.week is None else both(hall, own.week[day.weekday()])


def both(one: Day, other: Day) -> Day:
    """The time that is in both."""
    common = (Span(max(a.starts, b.starts), min(a.ends, b.ends)) for a in one for b in other)
    return tuple(sorted(span for span in common if span.starts < span.ends))


@dataclass(frozen=True, slots=True)
class Stretch:
    """What an instant lies in: open until `until`, or closed with the next opening at `opens` (UTC ms).

    None: not within LOOK_AHEAD_DAYS. `left_ms`: open time that is left until the local day ends, breaks not counted.
    `opens_another_day`: the first opening after this local day.
    """

    open: bool
    until: int | None
    opens: int | None
    opens_another_day: int | None
    left_ms: int


def stretch(on: Callable[[date], Day], at: int, zone: ZoneInfo) -> Stretch:
    """The stretch of time that `at` lies in, for hours given by `on` (local day → spans)."""
    today = local(at, zone).date()
    tomorrow = instant(today + timedelta(days=1), 0, zone)
    here: tuple[int, int] | None = None
    opens = another_day = None
    left_ms = 0
    for starts, ends in _joined(_instants(on, today, zone)):
        left_ms += max(0, min(ends, tomorrow) - max(starts, at))
        if starts <= at < ends:
            here = starts, ends
        if starts > at and opens is None:
            opens = starts
        if starts >= tomorrow:
            another_day = starts
            break
        if ends > tomorrow:  # it is open over midnight: tomorrow has begun already
            another_day = tomorrow
            break
    until = here[1] if here and here[1] < instant(today + timedelta(days=LOOK_AHEAD_DAYS), 0, zone) else None
    return Stretch(here is not None, until, opens, another_day, left_ms)


def instant(day: date, minutes: int, zone: ZoneInfo) -> int:
    """UTC milliseconds of a minute of a local day; an hour that the clock skips is as if it had not been set yet."""
    day, minutes = (day + timedelta(days=1), 0) if minutes == WHOLE_DAY_MIN else (day, minutes)
    return int(datetime(day.year, day.month, day.day, minutes // 60, minutes % 60, tzinfo=zone).timestamp() * MS)


def _instants(on: Callable[[date], Day], today: date, zone: ZoneInfo) -> Iterator[tuple[int, int]]:
    for number in range(-1, LOOK_AHEAD_DAYS + 1):
        day = today + timedelta(days=number)
        for span in on(day):
            starts, ends = instant(day, span.starts, zone), instant(day, span.ends, zone)
            if starts < ends:
                yield starts, ends


def _joined(spans: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans that touch (over midnight) or, at a change of the clock, overlap, as one."""
    present: tuple[int, int] | None = None
    for starts, ends in spans:
        if present is not None and starts <= present[1]:
            present = present[0], max(ends, present[1])
            continue
        if present is not None:
            yield present
        present = starts, ends
    if present is not None:
        yield present


def with_special(calendar: Calendar, *days: SpecialDay) -> Calendar:
    """The calendar with these special days, each in the place of one of the same date."""
    new = {one.day for one in days}
    kept = [one for one in calendar.special if one.day not in new]
    return replace(calendar, special=tuple(sorted([*kept, *days], key=lambda one: one.day)))
