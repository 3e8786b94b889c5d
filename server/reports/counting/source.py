"""A source of cases: rows with common keys (service, counter, hour …) and values of its own, read a service day at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from server import setup
from server.clock import MS, day_bounds, local

KEYS = ("service", "counter", "clerk", "hour", "language", "priority")
"""What every case can be grouped by; None where it has none."""

Value = str | int | None
OF_THE_DAY: Mapping[str, Callable[[str], Value]] = {
    "day": lambda day: day,
    "weekday": lambda day: date.fromisoformat(day).isoweekday(),
    "week": lambda day: date.fromisoformat(day).strftime("%G-W%V"),
    "month": lambda day: day[:7],
}
"""Keys that follow from the service day; Monday is weekday 1, weeks and their years are those of ISO 8601."""

Progress = Callable[[float], None]
"""Told the share that is done, 0 to 1."""


def part(progress: Progress, place: int, count: int) -> Progress:
    """For the part at a place of so many equal ones."""
    return lambda share: progress((place + share) / count)


QUARTER_MS = 15 * 60 * MS


@dataclass(frozen=True, slots=True)
class Day:
    """One service day: its local date and its first and past-the-last UTC millisecond."""

    date: str
    start: int
    end: int
    zone: ZoneInfo

    def hour(self, at: int) -> int:
        """The local hour of an instant."""
        return _hour(at // QUARTER_MS, self.zone)


@lru_cache(maxsize=4096)
def _hour(quarter: int, zone: ZoneInfo) -> int:
    """Every zone's offset is a multiple of a quarter of an hour."""
    return local(quarter * QUARTER_MS, zone).hour


def service_day(conn: Any, day: str, zone: ZoneInfo) -> Day:
    """The bounds of a service day; it begins at the manager's hour."""
    hours, minutes = setup.choice(conn, "day_starts", "00:00").split(":")
    later = int(timedelta(hours=int(hours), minutes=int(minutes)).total_seconds()) * MS
    start, end = day_bounds(day, zone)
    return Day(day, start + later, end + later, zone)


@dataclass(frozen=True, slots=True)
class Source:
    """Cases of one kind. `read` gives a day's rows: KEYS, then `numbers` (whole numbers or None), then `words` (or None)."""

    name: str
    numbers: tuple[str, ...]
    words: tuple[str, ...]
    read: Callable[[Any, Day], Iterable[tuple[Any, ...]]]

    @property
    def columns(self) -> tuple[str, ...]:
        return (*KEYS, *self.numbers, *self.words)

    def is_word(self, column: str) -> bool:
        return column in self.words or column in ("service", "clerk", "language", "priority")
