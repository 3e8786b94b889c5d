"""Ridge regression that is fed one case at a time and solved when wanted: plain Python, a few milliseconds.

What it minimises is near the absolute error: each case is weighted by 1/|error| of the forecast it was given (iteratively
reweighted least squares, one step a night), and by the size of the wait, for the error counts in minutes, not in per cent.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, sqrt

PENALTY = 10.0
SMALLEST_ERROR = 0.4
HEAVIEST = 40.0


class Ridge:
    """The sums of squares and products of all cases so far, older ones fading; the last value of a case is its target."""

    def __init__(self, width: int) -> None:
        self._width = width + 1
        self._rows = [[0.0] * (n + 1) for n in range(self._width + 1)]
        self.cases = 0

    def add(self, features: Sequence[float], target: float, weight: float) -> None:
        """One case; features and target on the scale of `line.scaled`."""
        values = [1.0, *features, target]
        for row, value in zip(self._rows, values, strict=True):
            share = weight * value
            row[:] = [old + share * other for old, other in zip(row, values, strict=False)]
        self.cases += 1

    def fade(self, kept: float) -> None:
        """Let all cases so far count for `kept` of what they did."""
        for row in self._rows:
            row[:] = [kept * value for value in row]

    def solve(self) -> list[float]:
        """The coefficients, the constant first. Features are standardised for the penalty, the constant has none."""
        size = self._width
        total = self._rows[0][0]
        means = [self._rows[n][0] / total for n in range(size + 1)]
        spread = [max(1e-4, sqrt(max(0.0, self._rows[n][n] / total - means[n] ** 2))) for n in range(size)]
        matrix = [
            [
                (self._rows[i][j] / total - means[i] * means[j]) / (spread[i] * spread[j])
                + (PENALTY / self.cases if i == j else 0.0)
                for j in range(1, i + 1)
            ]
            for i in range(1, size)
        ]
        right = [(self._rows[size][i] / total - means[size] * means[i]) / spread[i] for i in range(1, size)]
        slopes = [value / spread[n + 1] for n, value in enumerate(_cholesky_solve(matrix, right))]
        return [means[size] - sum(slope * mean for slope, mean in zip(slopes, means[1:], strict=False)), *slopes]


def weight_of(forecast: float, target: float) -> float:
    """How much a case counts that was forecast so (both scaled): near 1/|error|, more for long waits."""
    return min(HEAVIEST, exp(forecast) / 600.0 / max(SMALLEST_ERROR, abs(target - forecast)))


def forecast(coefficients: Sequence[float], features: Sequence[float]) -> float:
    """The scaled forecast of a case."""
    return coefficients[0] + sum(slope * value for slope, value in zip(coefficients[1:], features, strict=True))


def _cholesky_solve(lower: list[list[float]], right: list[float]) -> list[float]:
    """x with A x = right for a symmetric positive definite A, given and overwritten by its lower half."""
    for i, row in enumerate(lower):
        for j in range(i + 1):
            rest = row[j] - sum(a * b for a, b in zip(row[:j], lower[j][:j], strict=True))
            row[j] = sqrt(max(rest, 1e-9)) if i == j else rest / lower[j][j]
    forward: list[float] = []
    for row, value in zip(lower, right, strict=True):
        forward.append((value - sum(a * b for a, b in zip(row, forward, strict=False))) / row[len(forward)])
    for i in range(len(forward) - 1, -1, -1):
        forward[i] = (forward[i] - sum(lower[j][i] * forward[j] for j in range(i + 1, len(forward)))) / lower[i][i]
    return forward
