"""How far off the promises of a period were: error, bias and coverage, by service and by people ahead."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

from server.estimates.promises import Kept, due

BANDS = ((0, "0"), (3, "1-3"), (8, "4-8"), (20, "9-20"))
MOST = "21+"


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Seconds over `cases`; `bias` is the mean of told − actual, `coverage` the share of waits within the range that was told."""

    service: str | None
    people_ahead: str | None
    cases: int
    mean_error: float
    median_error: float
    bias: float
    coverage: float


def accuracy(conn: Any, first: int, past: int) -> list[Accuracy]:
    """Of promises made from `first` until before `past` (UTC ms): all, by service, by service and people ahead."""
    groups: defaultdict[tuple[str | None, str | None], list[Kept]] = defaultdict(list)
    for kept in due(conn, first, past):
        for key in ((None, None), (kept.service, None), (kept.service, band(kept.people_ahead))):
            groups[key].append(kept)
    order = {name: place for place, name in enumerate([None, *(name for _, name in BANDS), MOST])}
    return [_accuracy(*key, groups[key]) for key in sorted(groups, key=lambda key: (key[0] or "", order[key[1]]))]


def band(people_ahead: int) -> str:
    """The band that so many people ahead fall into."""
    return next((name for most, name in BANDS if people_ahead <= most), MOST)


def _accuracy(service: str | None, ahead: str | None, kept: list[Kept]) -> Accuracy:
    off = [one.told["seconds"] - one.actual for one in kept]
    errors = [abs(error) for error in off]
    return Accuracy(service, ahead, len(kept), fmean(errors), median(errors), fmean(off), fmean(one.hit for one in kept))
