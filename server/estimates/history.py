"""What an estimator has to relive after a start: the waits of the newest legs, in the order in which they happened."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from server.estimates.counters import read_counters
from server.estimates.estimator import ORDINARY, Estimator, Joining

LEGS = 8000
"""The newest legs that are relived: two to four weeks of a busy hall, about two seconds."""
_JOINS, _CALLED, _LEAVES = range(3)
QUERY = (
    "SELECT visit, leg, service, priority, joined_steady, called_after_ms, left_after_ms, state, called_steady,"
    " for_counter IS NULL AND for_clerk IS NULL AND due_at IS NULL FROM legs"
    " WHERE rule IS NOT 'walk-direct' ORDER BY joined_at DESC LIMIT ?"
)


class _Step(NamedTuple):
    at: float
    kind: int
    id: str
    service: str
    klass: str
    counts: bool


def leg_id(visit: str, leg: int) -> str:
    """What the estimator knows a leg by."""
    return f"{visit}/{leg}"


def relived(conn: Any, zone: ZoneInfo, enough_history: int) -> Estimator:
    """An estimator that was told the newest legs, with a fit at each day's end.

    How many counters were open then is not known any more: the pace of the last gaps is taken to be that of one.
    """
    estimator = Estimator(zone, enough_history)
    estimator.set_views(read_counters(conn).views)
    day: date | None = None
    for step in sorted(step for row in conn.execute(QUERY, (LEGS,)) for step in _steps(row)):
        today = datetime.fromtimestamp(step.at, zone).date()
        if day is not None and today != day:
            estimator.fit()
        day = today
        _tell(estimator, step)
    return estimator


def _tell(estimator: Estimator, step: _Step) -> None:
    if step.kind == _CALLED:
        estimator.call(step.id, step.at)
    elif step.kind == _LEAVES:
        estimator.leave(step.id)
    elif step.counts:
        estimator.join(step.id, Joining(step.service, step.at, step.klass))
    else:
        estimator.join_again(step.id, Joining(step.service, step.at, step.klass))


def _steps(row: Any) -> list[_Step]:
    visit, leg, service, priority, joined, called_after, left_after, state, called, free = row
    words = (leg_id(visit, leg), service, priority or ORDINARY, bool(free))
    steps = [_Step(joined / 1000, _JOINS, *words)]
    ends = [(after, kind) for after, kind in ((called_after, _CALLED), (left_after, _LEAVES)) if after is not None]
    if ends:
        after, kind = ends[0]
        steps.append(_Step((joined + max(0, after)) / 1000, kind, *words))
    elif state != "waiting":
        steps.append(_Step((called or joined) / 1000, _LEAVES, *words))
    return steps
