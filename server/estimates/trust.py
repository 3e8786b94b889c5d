"""Whether a service's ranges have earned to be shown: who misses too often falls silent until they hit again."""

from __future__ import annotations

from collections import deque

REMEMBERED = 50
FEWEST = 20
SILENT_BELOW = 0.60
SHOWN_FROM = 0.70
"""Apart, so that a service does not flicker. What is shown is rounded outwards and should hit more than four of five."""


class Trust:
    """The last promises of one service, kept or not."""

    def __init__(self) -> None:
        self._hits: deque[bool] = deque(maxlen=REMEMBERED)
        self.silent = False

    def learn(self, hit: bool) -> None:
        """A promise came due, shown or not."""
        self._hits.append(hit)
        if len(self._hits) >= FEWEST:
            share = self.coverage
            self.silent = share < (SHOWN_FROM if self.silent else SILENT_BELOW)

    @property
    def coverage(self) -> float:
        """The share of the last promises that were kept; 1 before the first."""
        return sum(self._hits) / len(self._hits) if self._hits else 1.0
