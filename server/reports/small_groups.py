"""Groups of ratings too small to be shown: who gave them could be guessed, or worked out from what is shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Set
from typing import TypeVar

from portal.insight import small_groups

FEWEST = 5

K = TypeVar("K", bound=Hashable)


def hidden(counts: Mapping[K, int], already: Set[K] = frozenset()) -> set[K]:
    """The groups of ratings that may not be shown beside the total of all: the portal's rule, with FEWEST. Pure."""
    return small_groups.hidden(counts, FEWEST, already)


def hidden_cells(counts: Mapping[tuple[K, ...], int]) -> set[tuple[K, ...]]:
    """The cells of a table of one or two keys that may not be shown beside its totals, and beside a table of either key alone.

    Of two keys: every cell of a group that a table of its key alone hides, and in each row and each column what `hidden` says,
    until nothing more has to go. Pure.
    """
    if len(next(iter(counts), ())) < 2:
        return hidden(counts)
    left_out: set[tuple[K, ...]] = set()
    lines: list[dict[tuple[K, ...], int]] = []
    for way in (0, 1):
        of_group: dict[K, dict[tuple[K, ...], int]] = defaultdict(dict)
        for cell, count in counts.items():
            if count:
                of_group[cell[way]][cell] = count
        lines += of_group.values()
        for group in hidden({(key,): sum(cells.values()) for key, cells in of_group.items()}):
            left_out |= of_group[group[0]].keys()
    before = -1
    while before < len(left_out):
        before = len(left_out)
        for line in lines:
            left_out |= hidden(line, left_out & line.keys())
    return left_out
