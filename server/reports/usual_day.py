"""Today beside a usual day: arrivals by quarter of an hour, and the median of the same weekdays before.

Quarters are numbered from the midnight of the service day's date, on past 95 where the day ends after the next midnight.
Read from the legs themselves, which lie in order of joining: nine short ranges. Days on which nobody came (holidays, days before
the unit) and days whose rows were dropped are no usual days.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from server.clock import MS, Moment, local
from server.reports.counting.source import service_day
from server.setup import service_day as day_of

QUARTER_S = 15 * 60
OF_A_DAY = 96
WEEKS = 8
FEWEST_DAYS = 3
"""Below so many days nothing is called usual."""
OFFICE = (32, 66)
"""Quarters of the clock that are shown at least: 08:00 to 16:30."""


@dataclass(frozen=True, slots=True)
class Quarter:
    """`today` is None for quarters that have not begun, `usual` where too few days are known."""

    time: str
    today: int | None
    usual: float | None


@dataclass(frozen=True, slots=True)
class UsualDay:
    """Quarters in order; `so_far` who came today, `usual_so_far` who usually come in the quarters that are over."""

    quarters: Sequence[Quarter]
    so_far: int
    usual_so_far: float | None
    days: int


def usual_day(conn: Any, now: Moment, zone: ZoneInfo) -> UsualDay:
    """Today until now, and the median of the last WEEKS same weekdays, quarter by quarter."""
    today = date.fromisoformat(day_of(conn, now.at, zone))
    counts = _arrivals(conn, today, zone)
    before = [_arrivals(conn, today - timedelta(weeks=weeks), zone) for weeks in range(1, WEEKS + 1)]
    before = [day for day in before if day]
    first = _quarter(service_day(conn, today.isoformat(), zone).start, today, zone)
    office = [quarter if quarter >= first else quarter + OF_A_DAY for quarter in OFFICE]
    seen = {*counts, *(quarter for day in before for quarter in day), *office}
    present = _quarter(now.at, today, zone)
    known = len(before) >= FEWEST_DAYS
    quarters = [
        Quarter(
            f"{quarter // 4 % 24:02d}:{quarter % 4 * 15:02d}",
            counts[quarter] if quarter <= present else None,
            float(median(day[quarter] for day in before)) if known else None,
        )
        for quarter in range(min(seen), max(seen) + 1)
    ]
    over = float(median(sum(many for quarter, many in day.items() if quarter < present) for day in before)) if known else None
    return UsualDay(quarters, counts.total(), over, len(before))


def _arrivals(conn: Any, day: date, zone: ZoneInfo) -> Counter[int]:
    bounds = service_day(conn, day.isoformat(), zone)
    rows = conn.execute("SELECT joined_at FROM legs WHERE joined_at >= ? AND joined_at < ?", (bounds.start, bounds.end))
    by_instant = Counter(at // (QUARTER_S * MS) for (at,) in rows)
    found: Counter[int] = Counter()
    for instant, many in by_instant.items():
        found[_quarter(instant * QUARTER_S * MS, day, zone)] += many
    return found


def _quarter(at: int, day: date, zone: ZoneInfo) -> int:
    """The quarter in which an instant lies, by the clock, counted from the midnight of `day`."""
    there = local(at, zone)
    return (there.date() - day).days * OF_A_DAY + there.hour * 4 + there.minute // 15
