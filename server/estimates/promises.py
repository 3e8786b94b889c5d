"""The table of promises: what was told, beside what came true.

Which waiting counts: of a leg, from joining its queue to its first call. Somebody who left uncalled or was put aside first leaves
a promise that is counted but not judged; a call that was taken back makes the promise open again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from server.estimates.rounding import Estimate
from server.lifecycle import Leg, State

CALLED = "called"
"""The state of a promise that came due."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A promise that came due, in seconds: what was told, what was."""

    service: str
    people_ahead: int
    priority: str | None
    at: int
    shown: bool
    told: Estimate
    actual: float

    @property
    def hit(self) -> bool:
        return self.told["low"] <= self.actual <= self.told["high"]


def keep(conn: Any, leg: Leg, people_ahead: int, told: Estimate, method: str, shown: bool) -> None:
    """Write a promise down. Inside the transaction in which the leg begins."""
    conn.execute(
        "INSERT INTO promises(visit, leg, service, people_ahead, priority, at, seconds, low, high, method, shown)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        (
            leg.visit, leg.leg, leg.service, people_ahead, leg.priority, leg.joined_at, told["seconds"], told["low"],
            told["high"], method, shown,
        ),
    )  # fmt: skip


def settle(conn: Any, leg: Leg) -> None:
    """Write beside a promise how its leg stands now; a wait that was put aside stays so."""
    conn.execute(
        "UPDATE promises SET state = ?, actual_ms = ? WHERE visit = ? AND leg = ? AND state <> 'aside'",
        (_state(leg), leg.called_after_ms, leg.visit, leg.leg),
    )


def _state(leg: Leg) -> str:
    if leg.called_after_ms is not None:
        return CALLED
    if leg.left_after_ms is not None:
        return "left"
    return "aside" if leg.state is State.PARKED else "waiting"


COLUMNS = "service, people_ahead, priority, at, shown, seconds, low, high, actual_ms"


def due(conn: Any, first: int, past: int) -> Iterator[Kept]:
    """The promises made from `first` until before `past` (UTC ms) that came due, in order; a wait below nothing is left out."""
    rows = conn.execute(
        f"SELECT {COLUMNS} FROM promises WHERE at >= ? AND at < ? AND state = 'called' AND actual_ms >= 0 ORDER BY at",
        (first, past),
    )
    return (_kept(row) for row in rows)


def latest(conn: Any, most: int) -> list[Kept]:
    """The newest promises that came due, oldest first."""
    query = f"SELECT {COLUMNS} FROM promises WHERE state = 'called' AND actual_ms >= 0 ORDER BY at DESC LIMIT ?"
    return [_kept(row) for row in conn.execute(query, (most,))][::-1]


def of_leg(conn: Any, visit: str, leg: int) -> Kept | None:
    """The promise made to a leg, if its call is known."""
    row = conn.execute(
        f"SELECT {COLUMNS} FROM promises WHERE visit = ? AND leg = ? AND state = 'called' AND actual_ms >= 0", (visit, leg)
    ).fetchone()
    return row and _kept(row)


def _kept(row: Any) -> Kept:
    service, ahead, priority, at, shown, seconds, low, high, actual_ms = row
    return Kept(service, ahead, priority, at, bool(shown), Estimate(seconds=seconds, low=low, high=high), actual_ms / 1000)
