"""Ten years of a busy annex in minutes: `python -m tests.bench.years DIR [--visits 3000000] [--years 10]` fills a unit.db.

Days are made by a small simulation (arrivals with a morning peak, counters that serve first come first served, transfers,
absent visitors, walkouts, calls out of order) and written in bulk. The journal holds what reports read of it: what the
counters did on every day, and every step of the visits of the last weeks.
"""

from __future__ import annotations

import argparse
import base64
import heapq
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from server.clock import day_bounds
from server.operations.making import make_unit, store_of
from server.store.database import connect

ZONE = ZoneInfo("Africa/Casablanca")
LAST = date(2026, 11, 20)
COUNTERS = 12
JOURNAL_DAYS = 30
LANGUAGES = np.array(["ar", "ar", "ar", "zgh", "fr", "fr"])
HOURS = np.array([8, 9, 10, 11, 12, 13, 14, 15])
PROFILE = np.array([0.1, 0.2, 0.2, 0.16, 0.1, 0.08, 0.1, 0.06])
LEG = (
    "visit, leg, service, priority, place, joined_at, joined_steady, state, counter, clerk, rule, called_at, called_steady,"
    " called_seq, serving_at, serving_steady, ended_at, recalls, called_after_ms, waited_ms, walked_ms, served_ms,"
    " left_after_ms, reason"
)
RATINGS = """INSERT INTO ratings SELECT visit, leg, service, 1 + abs(random()) % 4, '[]', 'phone', ended_at FROM legs
    WHERE state = 'served' AND abs(random()) % 3 = 0"""
PROMISES = """INSERT INTO promises SELECT visit, leg, service, abs(random()) % 30, priority, joined_at, told, max(0, told - 600),
        told + 600, 'bench', 1, 'called', called_after_ms
    FROM (SELECT *, called_after_ms / 1000 / 60 * 60 + abs(random()) % 20 * 60 AS told FROM legs WHERE called_after_ms >= 0)"""
Row = tuple[Any, ...]


@dataclass
class Day:
    """What one day adds to the tables."""

    visits: list[Row] = field(default_factory=list)
    legs: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)


def fill(folder: Path, visits: int, years: int, seed: int = 7) -> None:
    """Make a unit in `folder` with about so many visits over so many years."""
    make_unit(folder, "annexe")
    conn = connect(store_of(folder))
    conn.execute("PRAGMA synchronous=OFF")
    conn.execute("PRAGMA cache_size=-1000000")
    conn.executemany("INSERT OR IGNORE INTO counters(id, number) VALUES (?, ?)", [(n, n) for n in range(1, COUNTERS + 1)])
    services = [row[0] for row in conn.execute("SELECT id FROM services ORDER BY position")]
    parked = _park_indexes(conn)
    days = list(_working_days(years))
    dice = np.random.default_rng(seed)
    simulation = Simulation(dice, services)
    conn.execute("BEGIN")
    for place, one in enumerate(days):
        made = simulation.day(one, max(1, int(dice.normal(1, 0.12) * visits / len(days))), place >= len(days) - JOURNAL_DAYS)
        conn.executemany("INSERT INTO visits VALUES (?,?,?,?,?,?,?,?,?,?)", made.visits)
        conn.executemany(f"INSERT INTO legs({LEG}) VALUES ({','.join('?' * 24)})", made.legs)
        conn.executemany(
            "INSERT INTO events(id, epoch, type, at, steady, visit, leg, actor, data) VALUES (?,?,?,?,?,?,?,?,?)", made.events
        )
        if place % 100 == 0:
            print(f"\r{place * 100 // len(days)} %", end="", file=sys.stderr)
    conn.execute("COMMIT")
    print("\rindexes", file=sys.stderr)
    for statement in (RATINGS, PROMISES):
        conn.execute(statement)
    for statement in parked:
        conn.execute(statement)
    conn.execute("ANALYZE")
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    conn.close()


def _park_indexes(conn: Any) -> list[str]:
    """Indexes and triggers of the big tables, dropped until the rows are in."""
    rows = conn.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND tbl_name IN ('legs', 'events', 'visits')"
        " AND sql IS NOT NULL"
    ).fetchall()
    for type, name, _ in rows:
        conn.execute(f"DROP {type} {name}")
    return [sql for _, _, sql in rows]


def _working_days(years: int) -> Iterator[date]:
    first = date(LAST.year - years, LAST.month, LAST.day) + timedelta(days=1)
    for after in range((LAST - first).days + 1):
        day = first + timedelta(days=after)
        if day.weekday() < 5 and (day.month, day.day) not in ((1, 1), (1, 11), (5, 1), (7, 30), (8, 14), (11, 6), (11, 18)):
            yield day


class Simulation:
    """Days, one after another."""

    def __init__(self, dice: np.random.Generator, services: list[str]) -> None:
        self._dice = dice
        self._services = services
        self._place = 0
        self._epoch = "bench"

    def day(self, day: date, count: int, journal: bool) -> Day:
        """A day with so many visits."""
        made = Day()
        start = day_bounds(day.isoformat(), ZONE)[0]
        shift = day_bounds(day.isoformat(), ZONE)[1] - start - 86_400_000
        hours = self._dice.choice(HOURS, count, p=PROFILE)
        arrivals = np.sort(start + shift + hours * 3_600_000 + self._dice.integers(0, 3_600_000, count)).tolist()
        serving = self._dice.gamma(2.2, 0.82 * COUNTERS * 8 * 3_600_000 / count / 2.2, count).astype(int).tolist()
        walking = self._dice.integers(8_000, 70_000, count).tolist()
        kinds = self._dice.random(count).tolist()
        services = self._dice.choice(len(self._services), count, p=_weights(len(self._services))).tolist()
        languages = self._dice.choice(LANGUAGES, count).tolist()
        patience = (self._dice.exponential(2.5 * 3_600_000, count) + 600_000).astype(int).tolist()
        raw = self._dice.bytes(16 * count)
        self._desks(made, start + shift + 8 * 3_600_000, start + shift + 16 * 3_600_000)
        free = [(start + shift + 8 * 3_600_000 + 60_000 * n, n) for n in range(1, COUNTERS + 1)]
        heapq.heapify(free)
        numbers: dict[int, int] = {}
        for i, at in enumerate(arrivals):
            visit = base64.b32encode(raw[16 * i : 16 * i + 16])[:26].decode().lower()
            service = services[i]
            number = numbers[service] = numbers.get(service, 0) + 1
            self._place += 1
            name = self._services[service]
            priority = "elderly" if kinds[i] > 0.95 else None
            transfer = 0.90 < kinds[i] < 0.95
            row = (visit, day.isoformat(), name, number, f"{chr(65 + service)}{number:03d}", languages[i], "device:1", at)
            made.visits.append((*row, 2 if transfer else 1, 0))
            self._leg(
                made,
                free,
                visit,
                1,
                name,
                priority,
                at,
                serving[i],
                walking[i],
                patience[i],
                kinds[i],
                start,
                journal,
                languages[i],
            )
            if transfer:
                ended = made.legs[-1][16]
                other = self._services[(service + 1) % len(self._services)]
                self._leg(
                    made,
                    free,
                    visit,
                    2,
                    other,
                    priority,
                    ended,
                    serving[i] // 2,
                    walking[i],
                    patience[i],
                    0.5,
                    start,
                    journal,
                    languages[i],
                )
        return made

    def _leg(
        self, made: Day, free: list[tuple[int, int]], visit: str, leg: int, service: str, priority: str | None, at: int,
        serving: int, walking: int, patience: int, kind: float, start: int, journal: bool, language: str,
    ) -> None:  # fmt: skip
        soonest, counter = free[0]
        called = max(at, soonest) + 4_000
        self._place += 1
        steps: list[tuple[str, int, dict[str, Any]]] = []
        if leg == 1:
            steps.append(("issued", at, {"service": service, "priority": priority, "language": language}))
        clerk = f"person:{counter}"
        if called - at > patience and not 0.90 < kind < 0.95:
            row = (
                "cancelled",
                None,
                None,
                None,
                None,
                None,
                None,
                None,
                None,
                at + patience,
                0,
                None,
                None,
                None,
                None,
                patience,
                None,
            )
            steps.append(("cancelled", at + patience, {}))
        else:
            chosen = 0.895 < kind <= 0.9
            rule, reason = ("chosen", "urgent") if chosen else ("arrival", None)
            steps.append(("called", called, {"counter": counter, "rule": rule, "reason": reason}))
            wait = called - at
            if kind < 0.04:
                ended = called + 90_000
                heapq.heapreplace(free, (ended, counter))
                row = (
                    "no_show",
                    counter,
                    clerk,
                    rule,
                    called,
                    called,
                    self._place,
                    None,
                    None,
                    ended,
                    0,
                    wait,
                    None,
                    None,
                    None,
                    None,
                    reason,
                )
                steps.append(("no_show", ended, {}))
            else:
                begun = called + walking
                ended = begun + serving
                heapq.heapreplace(free, (ended, counter))
                state = "transferred" if leg == 1 and 0.90 < kind < 0.95 else "served"
                row = (
                    state,
                    counter,
                    clerk,
                    rule,
                    called,
                    called,
                    self._place,
                    begun,
                    begun,
                    ended,
                    0,
                    wait,
                    wait,
                    walking,
                    serving,
                    None,
                    reason,
                )
                steps += [("started", begun, {}), (state, ended, {"service": service, "keep_place": True})]
        made.legs.append((visit, leg, service, priority, self._place, at, at, *row))
        for type, when, data in steps if journal else [step for step in steps if step[2].get("rule") == "chosen"]:
            self._event(made, type, when, visit, leg, clerk, data)

    def _desks(self, made: Day, opens: int, closes: int) -> None:
        for counter in range(1, COUNTERS + 1):
            for type, at in (
                ("counter_opened", opens + counter * 60_000),
                ("counter_paused", opens + 4 * 3_600_000 + counter * 300_000),
                ("counter_opened", opens + 4 * 3_600_000 + counter * 300_000 + 1_800_000),
                ("counter_closed", closes + counter * 60_000),
            ):
                self._event(made, type, at, None, None, f"person:{counter}", {"counter": counter})

    def _event(self, made: Day, type: str, at: int, visit: str | None, leg: int | None, actor: str, data: dict[str, Any]) -> None:
        self._place += 1
        made.events.append((f"{self._place:026d}", self._epoch, type, at, at, visit, leg, actor, json.dumps(data)))


def _weights(count: int) -> list[float]:
    raw = [1 / (place + 1) for place in range(count)]
    return [one / sum(raw) for one in raw]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--visits", type=int, default=3_000_000)
    parser.add_argument("--years", type=int, default=10)
    asked = parser.parse_args()
    begun = time.perf_counter()
    fill(asked.folder, asked.visits, asked.years)
    print(f"{asked.visits:,} visits of {asked.years} years in {asked.folder}: {time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()
