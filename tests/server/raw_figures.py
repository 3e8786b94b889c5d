"""Figures counted the plain way, leg by leg, to hold the packs and tables against."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from server.clock import local

QUERY = """SELECT l.service, l.joined_at, l.state, l.waited_ms, l.called_after_ms, l.left_after_ms, v.day, v.language, l.counter
    FROM legs l JOIN visits v USING (visit) WHERE v.day BETWEEN ? AND ?"""
TARGET_MS = 1200 * 1000

Row = dict[str, Any]


@dataclass
class Figures:
    """Counts and waits of one group of legs."""

    arrivals: int = 0
    served: int = 0
    no_shows: int = 0
    walkouts: int = 0
    due: int = 0
    in_time: int = 0
    waits: list[int] = field(default_factory=list)

    def add(self, target: int, state: str, waited: int | None, called: int | None, left: int | None) -> None:
        self.arrivals += 1
        self.served += state == "served"
        self.no_shows += state == "no_show"
        self.walkouts += left is not None
        self.due += (called is not None and called >= 0) or (left is not None and left > target)
        self.in_time += called is not None and 0 <= called <= target
        if waited is not None and waited >= 0:
            self.waits.append(waited)

    def row(self) -> Row:
        waits = sorted(self.waits)
        return {
            "arrivals": self.arrivals,
            "served": self.served,
            "no_shows": self.no_shows,
            "walkouts": self.walkouts,
            "waits": len(waits),
            "wait_mean": seconds(Fraction(sum(waits), len(waits))) if waits else None,
            "wait_median": seconds(percentile(waits, Fraction(1, 2))) if waits else None,
            "wait_p90": seconds(percentile(waits, Fraction(9, 10))) if waits else None,
            "wait_longest": seconds(Fraction(waits[-1])) if waits else None,
            "service_level": round(self.in_time / self.due, 4) if self.due else None,
            "service_level_cases": self.due,
        }


def percentile(ordered: list[int], share: Fraction) -> Fraction:
    position = (len(ordered) - 1) * share
    low = int(position)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (position - low)


def seconds(ms: Fraction) -> int:
    return int((ms + 500) // 1000)


def wait_times(conn: Any, first: str, last: str, keys: tuple[str, ...], zone: ZoneInfo) -> dict[tuple[Any, ...], Row]:
    """Figures by key values, of the annex's services."""
    targets = dict(conn.execute("SELECT id, target_s * 1000 FROM services").fetchall())
    groups: dict[tuple[Any, ...], Figures] = defaultdict(Figures)
    for service, joined, state, waited, called, left, day, language, counter in conn.execute(QUERY, (first, last)):
        values = {"service": service, "hour": local(joined, zone).hour, "day": day, "language": language, "counter": counter}
        groups[tuple(values[key] for key in keys)].add(targets.get(service, TARGET_MS), state, waited, called, left)
    return {key: figures.row() for key, figures in groups.items()}


RATED = """SELECT l.service, l.joined_at, v.day, v.language, l.counter, r.score FROM legs l JOIN visits v USING (visit)
    LEFT JOIN ratings r ON r.visit = l.visit AND r.leg = l.leg WHERE l.state = 'served' AND v.day BETWEEN ? AND ?"""
PROMISED = """SELECT l.service, l.joined_at, v.day, v.language, l.counter, p.seconds, p.low, p.high, p.state, p.actual_ms
    FROM promises p JOIN legs l USING (visit, leg) JOIN visits v USING (visit) WHERE v.day BETWEEN ? AND ?"""


def _grouped(conn: Any, query: str, period: tuple[str, str], keys: tuple[str, ...], zone: ZoneInfo) -> dict[Any, list[Any]]:
    groups: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for service, joined, day, language, counter, *rest in conn.execute(query, period):
        values = {"service": service, "hour": local(joined, zone).hour, "day": day, "language": language, "counter": counter}
        groups[tuple(values[key] for key in keys)].append(rest)
    return groups


def ratings(conn: Any, first: str, last: str, keys: tuple[str, ...], zone: ZoneInfo) -> dict[tuple[Any, ...], Row]:
    """Figures of ratings by key values, before anything is hidden."""
    found = {}
    for key, rows in _grouped(conn, RATED, (first, last), keys, zone).items():
        scores = [score for (score,) in rows if score is not None]
        count = len(scores)
        found[key] = {
            "could_rate": len(rows),
            "ratings": count,
            "response_rate": round(count / len(rows), 4),
            "rating_mean": round(sum(scores) / count, 4) if count else None,
            "satisfied": round(sum(score >= 3 for score in scores) / count, 4) if count else None,
            **{f"rated_{score}": scores.count(score) for score in (1, 2, 3, 4)},
        }
    return found


def promises(conn: Any, first: str, last: str, keys: tuple[str, ...], zone: ZoneInfo) -> dict[tuple[Any, ...], Row]:
    """Figures of estimated waits by key values."""
    found = {}
    for key, rows in _grouped(conn, PROMISED, (first, last), keys, zone).items():
        due = [(1000 * told, 1000 * low, 1000 * high, ms) for told, low, high, state, ms in rows if state == "called" and ms >= 0]
        errors = sorted(abs(told - actual) for told, _, _, actual in due)
        count = len(due)
        found[key] = {
            "promises": len(rows),
            "promises_due": count,
            "error_mean": seconds(Fraction(sum(errors), count)) if count else None,
            "error_median": seconds(percentile(errors, Fraction(1, 2))) if count else None,
            "error_p90": seconds(percentile(errors, Fraction(9, 10))) if count else None,
            "bias": seconds(Fraction(sum(told - actual for told, _, _, actual in due), count)) if count else None,
            "coverage": round(sum(low <= actual <= high for _, low, high, actual in due) / count, 4) if count else None,
            "range_mean": seconds(Fraction(sum(high - low for _, low, high, _ in due), count)) if count else None,
        }
    return found
