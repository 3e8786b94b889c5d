"""Estimates as people are told them: rounded so that they never pretend to know more than is known."""

from __future__ import annotations

from typing import TypedDict

from server.estimates.estimator import Guess

STEPS_S = ((5 * 60, 60), (60 * 60, 5 * 60))
"""Below so many seconds, steps of so many."""
COARSEST_S = 15 * 60
LEAST_S = 60
"""Nobody is told of a wait shorter than this."""


class Estimate(TypedDict):
    """An estimated wait with its range, whole seconds in round steps; low ≤ seconds ≤ high."""

    seconds: int
    low: int
    high: int


def rounded(guess: Guess) -> Estimate:
    """The point to the nearest step, the range outwards; steps of 1 minute below 5, of 5 below 60, of 15 above."""
    seconds = max(LEAST_S, _steps(guess.seconds, 0.5))
    return Estimate(
        seconds=seconds,
        low=min(seconds, _steps(guess.low, 0.0)),
        high=max(seconds, _steps(guess.high, 1.0)),
    )


def _steps(seconds: float, up: float) -> int:
    """A multiple of the step; `up` 0 is down, 0.5 the nearest, 1 up."""
    whole = max(0.0, seconds)
    step = next((step for below, step in STEPS_S if whole < below), COARSEST_S)
    count, rest = divmod(whole, step)
    return int(count + (rest > 0 if up == 1.0 else rest >= step * up > 0)) * step
