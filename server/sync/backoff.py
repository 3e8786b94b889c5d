"""When to try again: full jitter, doubling, capped (after Marc Brooker, “Exponential Backoff and Jitter”)."""

from __future__ import annotations

from collections.abc import Callable

FIRST_S = 2.0
LONGEST_S = 600.0


def pause_s(failures: int, asked_s: float | None, dice: Callable[[], float], longest_s: float = LONGEST_S) -> float:
    """Seconds until the next try after so many failures in a row (1, 2 …).

    `dice` gives a number in [0, 1). What the portal asked for (`Retry-After`) is kept to, with some jitter on top so that
    thousands of units do not come back in the same second; nothing it asks makes the unit wait longer than an hour.
    """
    if asked_s is not None:
        return min(asked_s, 3600.0) * (1 + dice() / 4)
    return float(min(longest_s, FIRST_S * 2 ** min(failures, 32)) * dice())
