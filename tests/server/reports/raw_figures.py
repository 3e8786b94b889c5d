"""Figures counted the plain way, leg by leg, to hold the packs and tables against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from server.calling import CHOSEN
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


TIMED = """SELECT l.service, l.joined_at, v.day, v.language, l.counter, l.called_after_ms, l.waited_ms, l.left_after_ms,
    l.walked_ms, l.served_ms FROM legs l JOIN visits v USING (visit) WHERE v.day BETWEEN ? AND ?"""
CHOSEN_CALLS = f"""SELECT l.service, e.at, v.day, v.language, json_extract(e.data, '$.counter') FROM events e
    JOIN visits v ON v.visit = e.visit JOIN legs l ON l.visit = e.visit AND l.leg = e.leg
    WHERE e.type = 'called' AND json_extract(e.data, '$.rule') = '{CHOSEN}' AND v.day BETWEEN ? AND ?
        AND e.id NOT IN (SELECT json_extract(data, '$.of') FROM events WHERE type = 'undone')"""


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


def service_times(conn: Any, first: str, last: str, keys: tuple[str, ...], zone: ZoneInfo) -> dict[tuple[Any, ...], Row]:
    """Times at the counter and walks by key values."""
    return {
        key: {
            **_spread("transactions", "transaction", [row[4] for row in rows]),
            **_spread("walks", "walk", [row[3] for row in rows]),
            "odd_times": sum(any(ms is not None and ms < 0 for ms in row) for row in rows),
        }
        for key, rows in _grouped(conn, TIMED, (first, last), keys, zone).items()
    }


def _spread(plural: str, singular: str, durations: Sequence[int | None]) -> Row:
    ordered = sorted(ms for ms in durations if ms is not None and ms >= 0)
    if not ordered:
        return {plural: 0, **dict.fromkeys((f"{singular}_{part}" for part in ("mean", "median", "p90", "longest")), None)}
    return {
        plural: len(ordered),
        f"{singular}_mean": seconds(Fraction(sum(ordered), len(ordered))),
        f"{singular}_median": seconds(percentile(ordered, Fraction(1, 2))),
        f"{singular}_p90": seconds(percentile(ordered, Fraction(9, 10))),
        f"{singular}_longest": seconds(Fraction(ordered[-1])),
    }


def out_of_order(conn: Any, first: str, last: str, keys: tuple[str, ...], zone: ZoneInfo) -> dict[tuple[Any, ...], Row]:
    """Legs that were called (by the hour of joining) and calls of a chosen visitor (by their own hour), by key values."""
    legs = _grouped(conn, TIMED, (first, last), keys, zone)
    chosen = _grouped(conn, CHOSEN_CALLS, (first, last), keys, zone)
    return {
        key: {
            "called": sum(row[0] is not None for row in legs.get(key, ())),
            "out_of_order": len(chosen.get(key, ())),
        }
        for key in {*legs, *chosen}
    }


DESKS = {"counter_opened": "open", "counter_paused": "paused", "counter_closed": "closed"}
COMES, GOES = ("called", "walked_in"), ("served", "no_show", "parked", "transferred")
HALL_NAMES = ("id", "type", "epoch", "at", "steady", "visit", "counter", "of", "day")
HALL = f"""SELECT e.id, e.type, e.epoch, e.at, e.steady, e.visit, json_extract(e.data, '$.counter'),
    json_extract(e.data, '$.of'), v.day FROM events e LEFT JOIN visits v ON v.visit = e.visit
    WHERE e.type IN {(*DESKS, *COMES, *GOES, "undone")} ORDER BY e.seq"""


def counters(conn: Any, first: str, last: str, keys: tuple[str, ...], zone: ZoneInfo) -> dict[tuple[Any, ...], Row]:
    """What each counter was, asked anew of all that had happened that day before each stretch of time."""
    times: dict[tuple[Any, ...], dict[str, int]] = defaultdict(lambda: {"open": 0, "paused": 0, "busy": 0})
    for values, state, taken, ms in _stretches(tuple(conn.execute(HALL)), first, last, zone):
        found = times[tuple(values.get(key) for key in keys)]
        found[state] += ms
        found["busy"] += ms if taken and state == "open" else 0
    return {
        key: {
            "open_time": seconds(Fraction(one["open"])),
            "busy_time": seconds(Fraction(one["busy"])),
            "idle_time": seconds(Fraction(one["open"] - one["busy"])),
            "pause_time": seconds(Fraction(one["paused"])),
            "busy_share": round(one["busy"] / one["open"], 4) if one["open"] else None,
        }
        for key, one in times.items()
    }


@lru_cache(maxsize=1)
def _stretches(rows: tuple[tuple[Any, ...], ...], first: str, last: str, zone: ZoneInfo) -> list[tuple[Row, str, bool, int]]:
    """Stretches of time within an hour: counter, hour and day; what the counter was, whether somebody was at it, milliseconds."""
    made: list[tuple[Row, str, bool, int]] = []
    events = [dict(zip(HALL_NAMES, row, strict=True)) for row in rows]
    for day in _days(first, last):
        start, end = (_midnight(one, zone) for one in (day, day + timedelta(days=1)))
        of_day = [one for one in events if (start <= one["at"] < end if one["visit"] is None else one["day"] == day.isoformat())]
        for place, (one, following) in enumerate(pairwise(of_day)):
            if one["epoch"] != following["epoch"] or not start <= one["at"] < end:
                continue
            passed = min(following["steady"] - one["steady"], end - one["at"])
            for counter, state, taken in _desks(of_day[: place + 1]):
                for hour, ms in _hours(one["at"], passed, zone) if state != "closed" else ():
                    made.append(({"counter": counter, "hour": hour, "day": day.isoformat()}, state, taken, ms))
    return made


def _desks(events: list[Row]) -> Iterator[tuple[int, str, bool]]:
    """Each counter that was ever opened, what it is after these events, and whether somebody is at it."""
    undone = {one["of"] for one in events if one["type"] == "undone"}
    stands = [one for one in events if one["id"] not in undone]
    for counter in dict.fromkeys(one["counter"] for one in events if one["type"] in DESKS):
        state = next(DESKS[one["type"]] for one in reversed(stands) if one["type"] in DESKS and one["counter"] == counter)
        came = [place for place, one in enumerate(stands) if one["type"] in COMES and one["counter"] == counter]
        visit = stands[came[-1]]["visit"] if came else None
        gone = any(one["visit"] == visit and one["type"] in GOES for one in stands[came[-1] :]) if came else True
        yield counter, state, not gone


def _days(first: str, last: str) -> Iterator[date]:
    day = date.fromisoformat(first)
    while day <= date.fromisoformat(last):
        yield day
        day += timedelta(days=1)


def _midnight(day: date, zone: ZoneInfo) -> int:
    return int(datetime.combine(day, time(), zone).timestamp() * 1000)


def _hours(at: int, ms: int, zone: ZoneInfo) -> Iterator[tuple[int, int]]:
    """A stretch of time cut at the quarters of an hour."""
    while ms > 0:
        part = min(ms, 900_000 - at % 900_000)
        yield local(at, zone).hour, part
        at, ms = at + part, ms - part
