"""What a family of figures is: taken together from one source of cases, each figure with its unit and its words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from server.reports.counting.groups import Groups, Mask
from server.reports.counting.source import Source
from server.reports.counting.table import Table
from server.reports.figures.figure import Figure, Unit

Taken = Mapping[str, Sequence[Any]]
"""Values by figure, one a group; None where there is nothing to take the figure of."""


@dataclass(frozen=True, slots=True)
class Aims:
    """What service levels are measured against: seconds by service, and for a service that has none."""

    by_service: Mapping[str, int]
    otherwise: int

    def of(self, table: Table) -> NDArray[np.int64]:
        """The aim of each case in milliseconds."""
        words = table.words["service"] or [None]
        aims = np.array([self.by_service.get(word or "", self.otherwise) * 1000 for word in words], dtype=np.int64)
        of_cases: NDArray[np.int64] = aims[table.columns["service"]]
        return of_cases


@dataclass(frozen=True, slots=True)
class Family:
    """Figures that are taken from `columns` of `source` by `take(table, groups, aims)`."""

    name: str
    source: Source
    columns: tuple[str, ...]
    figures: tuple[Figure, ...]
    take: Callable[[Table, Groups, Aims], Taken]


def distribution(name: str, source: Source, column: str, plural: str, singular: str, words: Sequence[str]) -> Family:
    """How many durations of a column there are, and their mean, median, 90th percentile and maximum.

    Percentiles are of type 7 (Hyndman and Fan 1996); a negative duration is left out. Rounded half up to seconds, once.
    """
    figures = (
        Figure(plural, Unit.CASES, words[0]),
        *(
            Figure(f"{singular}_{part}", Unit.SECONDS, word)
            for part, word in zip(("mean", "median", "p90", "longest"), words[1:], strict=True)
        ),
    )

    def take(table: Table, groups: Groups, aims: Aims) -> Taken:
        numbers = table.columns[column]
        rows = spread(groups, numbers, numbers >= 0)
        return {figure.name: [row[place] for row in rows] for place, figure in enumerate(figures)}

    return Family(name, source, (column,), figures, take)


def spread(groups: Groups, numbers: NDArray[Any], mask: Mask) -> list[tuple[int | None, ...]]:
    """Count, mean, median, 90th percentile and maximum of each group, in whole seconds."""
    counts = groups.counts(mask)
    sums = groups.sums(numbers, mask)
    last = np.maximum(counts - 1, 0)
    tenths = np.stack([last * 5, last * 5 + 10, last * 9, last * 9 + 10, last * 10], axis=1)
    ranks = np.minimum(tenths // 10, last[:, None])
    if not counts.any():
        return [(0, None, None, None, None)] * groups.size
    there = counts > 0
    picked = np.zeros_like(ranks)
    picked[there] = Groups(np.cumsum(there)[groups.ids] - 1, [groups.values[int(place)] for place in np.flatnonzero(there)]).picked(
        numbers, mask, ranks[there]
    )
    return [
        (0, None, None, None, None)
        if not count
        else (
            count,
            (total + 500 * count) // (1000 * count),
            _between(low, high, last_place * 5 % 10),
            _between(low_90, high_90, last_place * 9 % 10),
            (longest + 500) // 1000,
        )
        for count, total, last_place, (low, high, low_90, high_90, longest) in zip(
            counts.tolist(), sums, last.tolist(), picked.tolist(), strict=True
        )
    ]


def _between(low: int, high: int, tenths: int) -> int:
    """Milliseconds so many tenths of the way from `low` to `high`, as whole seconds."""
    return (10 * low + tenths * (high - low) + 5000) // 10_000
