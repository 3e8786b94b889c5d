"""The wait-time report: figures of the legs that joined a queue in a period, by service and hour.

Definitions are those of `docs/figures.md`. Durations are whole seconds, rounded half up once, at the end.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from server.clock import day_bounds, local
from server.errors import BadPeriod

GROUPINGS = ("service", "hour", "service,hour")
FIGURES = (
    "arrivals",
    "served",
    "no_shows",
    "walkouts",
    "waits",
    "wait_mean",
    "wait_median",
    "wait_p90",
    "wait_longest",
    "service_level",
)
LEG_COLUMNS = "l.service, l.joined_at, s.target_s, l.state, l.waited_ms, l.called_after_ms, l.left_after_ms"
DEFAULT_TARGET_S = 20 * 60

Row = dict[str, Any]


@dataclass
class Figures:
    """Counts and waits of one group of legs."""

    arrivals: int = 0
    served: int = 0
    no_shows: int = 0
    walkouts: int = 0
    called: int = 0
    called_in_time: int = 0
    late_walkouts: int = 0
    waits_ms: list[int] = field(default_factory=list)

    def add(self, target_ms: int, state: str, waited: int | None, called_after: int | None, left_after: int | None) -> None:
        """Count one leg; a negative duration (a clock that jumped between two boots) is counted but left out of means."""
        self.arrivals += 1
        self.served += state == "served"
        self.no_shows += state == "no_show"
        if left_after is not None:
            self.walkouts += 1
            self.late_walkouts += left_after > target_ms
        if called_after is not None:
            self.called += 1
            self.called_in_time += called_after <= target_ms
        if waited is not None and waited >= 0:
            self.waits_ms.append(waited)

    def row(self) -> Row:
        """The report's figures; None where there is nothing to take a figure of."""
        waits = sorted(self.waits_ms)
        due = self.called + self.late_walkouts
        return {
            "arrivals": self.arrivals,
            "served": self.served,
            "no_shows": self.no_shows,
            "walkouts": self.walkouts,
            "waits": len(waits),
            "wait_mean": _seconds(sum(waits) / len(waits)) if waits else None,
            "wait_median": _seconds(percentile(waits, 0.5)) if waits else None,
            "wait_p90": _seconds(percentile(waits, 0.9)) if waits else None,
            "wait_longest": _seconds(waits[-1]) if waits else None,
            "service_level": round(self.called_in_time / due, 4) if due else None,
        }


def percentile(ordered: Sequence[int], share: float) -> float:
    """The value below which `share` of `ordered` (not empty) lies, linear between neighbours (R-7, as in Excel and pandas)."""
    position = (len(ordered) - 1) * share
    low = int(position)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (position - low)


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

    def bounds(self, zone: ZoneInfo) -> tuple[int, int]:
        """First and past-the-last UTC millisecond."""
        return day_bounds(self.first.isoformat(), zone)[0], day_bounds(self.last.isoformat(), zone)[1]


def wait_times(conn: Any, period: Period, by: str, zone: ZoneInfo) -> tuple[list[Row], Row]:
    """Rows of the report, ordered by their keys, and the figures of all legs together.

    `by` is one of GROUPINGS; each row has its keys and FIGURES. The hour is the local hour of joining the queue.
    """
    keys = by.split(",")
    groups: dict[tuple[Any, ...], Figures] = defaultdict(Figures)
    total = Figures()
    for service, joined_at, target_s, *leg in _legs(conn, period.bounds(zone)):
        values = {"service": service, "hour": local(joined_at, zone).hour}
        target_ms = (target_s or DEFAULT_TARGET_S) * 1000
        for figures in (groups[tuple(values[key] for key in keys)], total):
            figures.add(target_ms, *leg)
    rows = [{**dict(zip(keys, group, strict=True)), **groups[group].row()} for group in sorted(groups)]
    return rows, total.row()


def _legs(conn: Any, bounds: tuple[int, int]) -> Iterable[Any]:
    query = f"SELECT {LEG_COLUMNS} FROM legs l LEFT JOIN services s ON s.id = l.service WHERE l.joined_at >= ? AND l.joined_at < ?"
    rows: Iterable[Any] = conn.execute(query, bounds)
    return rows


def to_csv(rows: Sequence[Row], by: str) -> str:
    """The rows as RFC 4180 text: comma, CRLF, one header line, an empty cell where there is no figure."""
    out = io.StringIO()
    writer = csv.DictWriter(out, [*by.split(","), *FIGURES], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _seconds(ms: float) -> int:
    return int((ms + 500) // 1000)
