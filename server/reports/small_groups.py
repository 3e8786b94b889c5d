"""Groups of ratings too small to be shown: who gave them could be guessed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

FEWEST = 5

K = TypeVar("K")


def hidden(counts: Mapping[K, int]) -> set[K]:
    """The groups that may not be shown. One that alone would be hidden takes the next smallest with it; pure.

    Else it could be had by subtraction.
    """
    small = {key for key, count in counts.items() if 0 < count < FEWEST}
    shown = [key for key, count in counts.items() if count >= FEWEST]
    if len(small) == 1 and shown:
        small.add(min(shown, key=lambda key: counts[key]))
    return small
