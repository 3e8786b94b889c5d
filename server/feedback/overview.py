"""What a manager sees of ratings: by service, hour and reason, the response rate beside it, never a small group.

A group of fewer than FEWEST ratings is hidden, with the next smallest where the total less what is shown would give it away.
Nothing here is by counter or clerk.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from server.clock import day_bounds, local
from server.reports.small_groups import hidden

LONGEST_VISIT_MS = 36 * 3600 * 1000
"""A leg that ends in a period joined its queue at most so long before it."""


@dataclass(frozen=True, slots=True)
class Group:
    """One line: how many ended at the counter, how many of them were rated; None where it is hidden."""

    key: str | int
    served: int
    rated: int
    mean: float | None
    satisfied: float | None
    hidden: bool

    @property
    def response(self) -> float | None:
        """The share of ended visits that were rated."""
        return self.rated / self.served if self.served and not self.hidden else None


@dataclass(frozen=True, slots=True)
class Overview:
    """Ratings of the visits that ended in a period."""

    total: Group
    services: list[Group]
    hours: list[Group]
    reasons: list[tuple[str, int | None]]
    """Reason and how often it was given; None when it is hidden."""


def overview(conn: Any, first: str, last: str, zone: ZoneInfo) -> Overview:
    """Of the local days `first` to `last`, both included."""
    start, end = day_bounds(first, zone)[0], day_bounds(last, zone)[1]
    rows = conn.execute(
        "SELECT l.service, l.ended_at, r.score, r.reasons FROM legs l LEFT JOIN ratings r ON r.visit = l.visit AND r.leg = l.leg"
        " WHERE l.joined_at >= ? AND l.joined_at < ? AND l.state = 'served' AND l.ended_at >= ? AND l.ended_at < ?",
        (start - LONGEST_VISIT_MS, end, start, end),
    ).fetchall()
    by_service: dict[str | int, list[int | None]] = defaultdict(list)
    by_hour: dict[str | int, list[int | None]] = defaultdict(list)
    reasons: dict[str, int] = defaultdict(int)
    for service, ended_at, score, given in rows:
        by_service[service].append(score)
        by_hour[local(ended_at, zone).hour].append(score)
        for reason in json.loads(given) if given else ():
            reasons[reason] += 1
    total = _groups({"all": [row[2] for row in rows]})[0] if rows else Group("all", 0, 0, None, None, False)
    too_few = hidden(reasons)
    return Overview(
        total,
        _groups(by_service),
        _groups(dict(sorted(by_hour.items()))),
        [(reason, None if reason in too_few else count) for reason, count in sorted(reasons.items(), key=lambda one: -one[1])],
    )


def _groups(scores: Mapping[str | int, list[int | None]]) -> list[Group]:
    rated = {key: [score for score in group if score is not None] for key, group in scores.items()}
    not_shown = hidden({key: len(group) for key, group in rated.items()})
    return [_group(key, len(group), rated[key], key in not_shown) for key, group in scores.items()]


def _group(key: str | int, served: int, rated: list[int], not_shown: bool) -> Group:
    if not_shown or not rated:
        return Group(key, served, 0 if not_shown else len(rated), None, None, not_shown)
    return Group(key, served, len(rated), mean(rated), sum(score >= 3 for score in rated) / len(rated), hidden=False)


def mean(scores: Iterable[int]) -> float:
    """The mean of scores, of which there is at least one."""
    all_scores = list(scores)
    return sum(all_scores) / len(all_scores)
