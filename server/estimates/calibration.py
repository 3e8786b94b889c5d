"""The range around an estimate: where four of five actual waits lay, learnt from how far off recent estimates were.

Errors are differences on the scale of `line.scaled` (about log(actual / estimated)), divided by the error usual for an
estimate of that size. The shares left out below and above are steered by what is missed (adaptive conformal inference,
Gibbs & Candès 2021), so that the range keeps its promise when the hall changes.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from dataclasses import dataclass

TAIL = 0.095
"""Left out at each end: a little less than a tenth, for what was learnt is always a little late."""
STEP = 0.005
REMEMBERED = 600
FEWEST = 150
"""Errors of a service of its own before its range no longer comes from all services together."""
SIZES = 12
BEGINNING = (-1.2, -0.9, -0.7, -0.5, -0.35, -0.2, -0.1, 0.0, 0.0, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9, 1.2)
"""Errors taken for granted before any was seen, wide; each real one takes its place among them."""


class Scale:
    """The usual size of the error by the size of the estimate."""

    def __init__(self) -> None:
        self._sums = [0.5 * 20.0] * SIZES
        self._counts = [20.0] * SIZES

    def of(self, size: float) -> float:
        """For a scaled estimate."""
        place = _size(size)
        return self._sums[place] / self._counts[place]

    def learn(self, size: float, error: float) -> None:
        place = _size(size)
        self._sums[place] = 0.998 * self._sums[place] + abs(error)
        self._counts[place] = 0.998 * self._counts[place] + 1.0


def _size(size: float) -> int:
    return min(SIZES - 1, max(0, int((size - 4.0) * 2.5)))


class Tails:
    """The last errors and how much of them is left out at each end."""

    def __init__(self) -> None:
        self._latest: deque[float] = deque(BEGINNING)
        self._ordered = sorted(BEGINNING)
        self._below = self._above = TAIL
        self.seen = 0

    def range(self) -> tuple[float, float]:
        """The errors between which an actual wait is expected to lie."""
        return self._quantile(self._below), self._quantile(1.0 - self._above)

    def learn(self, error: float) -> None:
        """An actual wait became known. Misses make the tails shorter, hits a little longer."""
        low, high = self.range()
        self._below = min(0.3, max(0.01, self._below + STEP * (TAIL - (error < low))))
        self._above = min(0.3, max(0.01, self._above + STEP * (TAIL - (error > high))))
        if self.seen < len(BEGINNING) or len(self._latest) == REMEMBERED:
            oldest = self._latest.popleft()
            del self._ordered[bisect_left(self._ordered, oldest)]
        self._latest.append(error)
        insort(self._ordered, error)
        self.seen += 1

    def _quantile(self, share: float) -> float:
        place = share * (len(self._ordered) - 1)
        low = int(place)
        high = min(low + 1, len(self._ordered) - 1)
        return self._ordered[low] + (self._ordered[high] - self._ordered[low]) * (place - low)


@dataclass(frozen=True, slots=True)
class Spread:
    """A range of errors on the scale of `line.scaled`, around an estimate."""

    low: float
    high: float


class Calibration:
    """Ranges by service, of all services together where one has too few cases."""

    def __init__(self) -> None:
        self._scale = Scale()
        self._all = Tails()
        self._of: dict[str, Tails] = {}

    def spread(self, service: str, size: float) -> Spread:
        """For an estimate of the scaled `size`."""
        own = self._of.get(service)
        low, high = (own if own is not None and own.seen >= FEWEST else self._all).range()
        usual = self._scale.of(size)
        return Spread(min(0.0, low * usual), max(0.0, high * usual))

    def learn(self, service: str, size: float, actual: float) -> None:
        """An actual wait (scaled) beside its estimate."""
        error = actual - size
        usual = self._scale.of(size)
        self._all.learn(error / usual)
        self._of.setdefault(service, Tails()).learn(error / usual)
        self._scale.learn(size, error)
