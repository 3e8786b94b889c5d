"""How often the same place may try: a bucket that holds some tries and fills up again with time."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from server.feedback.refusals import TooOften

PLACES_KEPT = 10_000


class Pace:
    """`free` tries at once, one more every `every_s` seconds; in memory, by place."""

    def __init__(self, free: int, every_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._free, self._every_s, self._clock = free, every_s, clock
        self._empty_at: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, place: str) -> None:
        """Raises TooOften, which says how many seconds to wait, when the bucket is empty."""
        with self._lock:
            wait = self._used(place) - (self._free - 1) * self._every_s
        if wait > 0:
            raise TooOften(seconds=int(wait) + 1)

    def count(self, place: str) -> None:
        """One try more."""
        with self._lock:
            self._empty_at[place] = self._clock() + self._used(place) + self._every_s
            self._empty_at.move_to_end(place)
            while len(self._empty_at) > PLACES_KEPT:
                self._empty_at.popitem(last=False)

    def take(self, place: str) -> None:
        """Count one try; raises TooOften, and then does not count it."""
        self.check(place)
        self.count(place)

    def _used(self, place: str) -> float:
        """Seconds until the bucket is full again."""
        return max(0.0, self._empty_at.get(place, 0.0) - self._clock())
