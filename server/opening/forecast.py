"""When somebody who takes a ticket now would be called: by the estimate of the hall, or simply from the queue as it stands.

The simple formula is pure (`expected_wait_s`); `forecast` gathers its evidence. Anything with the shape of `WaitForecast` may
take its place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from server import setup
from server.clock import MS, Moment
from server.estimates.rounding import Estimate

LATEST = 15
"""Finished visitors of each counter that are looked at."""
ENOUGH = 5
SHORT_PAUSE_MS = 30 * 60 * MS
"""A counter that paused less long ago is taken for open: a prayer or a break sends nobody home for the day."""
LONGEST_S = 3600
"""No visitor is taken to keep a counter longer than this."""


class WaitForecast(Protocol):
    """Seconds until a newcomer to this service would be called, or None when there is nothing to tell it from."""

    def __call__(self, conn: Any, now: Moment, service: str) -> float | None: ...


@dataclass(frozen=True, slots=True)
class ByEstimate:
    """The far end of the estimate's range, so that who gets a ticket is most likely served; else the other forecast.

    `estimate` is asked with the UTC millisecond after which a counter's pause is short. There is no such estimate while the history
    is short, and none for a service whose ranges missed too often of late.
    """

    estimate: Callable[[Any, Moment, str, int], Estimate | None]
    otherwise: WaitForecast

    def __call__(self, conn: Any, now: Moment, service: str) -> float | None:
        estimate = self.estimate(conn, now, service, now.at - SHORT_PAUSE_MS)
        return self.otherwise(conn, now, service) if estimate is None else float(estimate["high"])


@dataclass(frozen=True, slots=True)
class Evidence:
    """`ahead`: who waits in queues that share a counter; `counters`: those that serve it and are open, or paused for a short
    while; `handled_s`: how long each of the last visitors kept one of these counters, call to end."""

    ahead: int
    counters: int
    handled_s: tuple[float, ...]


def expected_wait_s(evidence: Evidence) -> float | None:
    """People ahead × mean time at the counter ÷ counters; None without one or with fewer than ENOUGH
    finished visitors (nobody is sent away on a guess)."""
    if not evidence.counters or len(evidence.handled_s) < ENOUGH:
        return None
    mean = sum(min(LONGEST_S, seconds) for seconds in evidence.handled_s) / len(evidence.handled_s)
    return evidence.ahead * mean / evidence.counters


def forecast(conn: Any, now: Moment, service: str) -> float | None:
    """The forecast of the queue as it stands in the database."""
    counters = _working_counters(conn, now, service)
    return expected_wait_s(Evidence(_ahead(conn, service), len(counters), tuple(_handled_s(conn, counters))))


def _working_counters(conn: Any, now: Moment, service: str) -> list[int]:
    rows = conn.execute(
        "SELECT id FROM counters WHERE (state = 'open' OR (state = 'paused' AND clerk IS NOT NULL AND since > ?))"
        f" AND ({setup.SERVES_ALL} OR profile IN (SELECT profile FROM work_profile_services WHERE service = ?))",
        (now.at - SHORT_PAUSE_MS, service),
    )
    return [row[0] for row in rows]


def _ahead(conn: Any, service: str) -> int:
    shared = setup.shared_services(conn, service)
    rows = conn.execute("SELECT service, SUM(count) FROM waiting GROUP BY service").fetchall()
    return sum(count for name, count in rows if shared is None or name in shared)


def _handled_s(conn: Any, counters: list[int]) -> list[float]:
    """Seconds from call to end of the newest visitors of each counter."""
    found = []
    for counter in counters:
        rows = conn.execute(
            "SELECT walked_ms + served_ms FROM (SELECT walked_ms, served_ms FROM legs WHERE counter = ?"
            " AND called_seq IS NOT NULL ORDER BY called_seq DESC LIMIT ?) WHERE served_ms IS NOT NULL",
            (counter, LATEST),
        )
        found += [row[0] / 1000 for row in rows if row[0] is not None]
    return found
