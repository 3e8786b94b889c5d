"""Groups too small to be shown, and those that would give them away: the one rule of the portal's figures and a unit's reports."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Set
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


def hidden(counts: Mapping[K, int], smallest: int, already: Set[K] = frozenset()) -> set[K]:
    """The groups that may not be shown beside the total of all; `already` are hidden anyhow. Pure.

    Hidden is what has fewer than `smallest`, and the next smallest with it while one group alone is hidden, or all of them
    together are fewer than `smallest`: the total less what is shown would give them away. Of two alike the first by name goes.
    """
    left_out = {key for key, count in counts.items() if 0 < count < smallest} | already
    while left_out and (len(left_out) == 1 or sum(counts[key] for key in left_out) < smallest):
        others = [key for key, count in counts.items() if count > 0 and key not in left_out]
        if not others:
            break
        left_out.add(min(others, key=lambda key: (counts[key], str(key))))
    return left_out
