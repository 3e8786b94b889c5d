"""Groups of ratings too small to be shown: who gave them could be guessed, or worked out from what is shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Set
from typing import TypeVar

FEWEST = 5

K = TypeVar("K", bound=Hashable)


def hidden(counts: Mapping[K, int], already: Set[K] = frozenset()) -> set[K]:
    """The groups that may not be shown beside the total of all; `already` are hidden anyhow. Pure.

    The next smallest is hidden with them while one group alone is hidden, or all of them together are fewer than FEWEST: the
    total less what is shown would give them away.
    """
    left_out = {key for key, count in counts.items() if 0 < count < FEWEST} | already
    while left_out and (len(left_out) == 1 or sum(counts[key] for key in left_out) < FEWEST):
        others = [key for key, count in counts.items() if count > 0 and key not in left_out]
        if not others:
            break
        left_out.add(min(others, key=lambda key: (counts[key], str(key))))
    return left_out


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
