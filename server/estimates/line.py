"""A queue as anyone in the hall could watch it: who waits since when, who was called, and the pace of the calls.

Pure, and told everything in the order of time. Times and durations are seconds.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import deque
from math import inf, log

GAPS = 15
WAITS = 40
RECENT_S = (1800.0, 3600.0)
LATEST_S = max(RECENT_S)
OFFSET_S = 60.0
"""Durations are compared as log(seconds + OFFSET_S): ratios of long waits, differences of waits near nothing."""
GONE_AFTER_S = 3600.0
GONE_AFTER_MEANS = 6.0


def scaled(seconds: float) -> float:
    """A duration on the scale of the regression; `seconds` below nothing (a clock that jumped) counts as nothing."""
    return log(max(0.0, seconds) + OFFSET_S)


class Line:
    """One queue: a service with those it shares its counters with, or the whole hall.

    Nobody may tell it who will never come back: where leaving is not recorded, whoever has waited several times as long as
    others do is taken for gone.
    """

    def __init__(self) -> None:
        self._since: dict[str, float] = {}
        self._ages: list[tuple[float, str]] = []
        self._total = 0.0
        self._filled_at = self._working_since = -inf
        self._last_call: float | None = None
        self.gaps: deque[float] = deque(maxlen=GAPS)
        self.waits: deque[float] = deque(maxlen=WAITS)
        self._joined: deque[float] = deque()
        self._called: deque[float] = deque()

    def __len__(self) -> int:
        return len(self._since)

    def join(self, id: str, at: float) -> None:
        """Somebody begins to wait."""
        if not self._since:
            self._filled_at = at
        if id in self._since:
            self._remove(id)
        self._since[id] = at
        insort(self._ages, (at, id))
        self._total += at
        self._joined.append(at)

    def leave(self, id: str) -> None:
        """Somebody who waits goes, uncalled."""
        if id in self._since:
            self._remove(id)

    def call(self, id: str, at: float, waited: float | None, counters: int) -> None:
        """Somebody is called after `waited` by one of `counters` open ones. Only time in which somebody waited makes a gap.

        `waited` is None for somebody who had been called or put aside before: their wait says nothing to others.
        """
        if id in self._since:
            last = -inf if self._last_call is None else self._last_call
            self.gaps.append(max(0.0, at - max(last, self._filled_at, self._working_since)) * counters)
            self._remove(id)
        self._last_call = at
        self._called.append(at)
        if waited is not None:
            self.waits.append(waited)

    def back(self, id: str, at: float, since: float, *, counted: bool) -> None:
        """The last call was taken back: the visitor has waited since `since`, as if not called. `counted`: the wait was told."""
        if counted and self.waits:
            self.waits.pop()
        if self._called:
            self._called.pop()
        if not self._since:
            self._filled_at = at
        self._since[id] = since
        insort(self._ages, (since, id))
        self._total += since

    def work_begins(self, at: float) -> None:
        """The first counter opened; time before it says nothing of the pace."""
        self._working_since = at

    def features(self, at: float, ahead: int, counters: int) -> list[float]:
        """What can be seen at `at` by somebody with `ahead` people to be called before them (FEATURES, scaled)."""
        self.forget(at)
        waiting, usual = len(self._ages), self.mean_wait(WAITS)
        oldest = at - self._ages[0][0] if waiting else 0.0
        middle = at - self._ages[waiting // 2][0] if waiting else 0.0
        mean = at - self._total / waiting if waiting else 0.0
        old = bisect_left(self._ages, (at - 1.5 * usual,)) if waiting else 0
        young = waiting - bisect_right(self._ages, (at - 0.75 * usual,)) if waiting else 0
        arrived, called = _newer(self._joined, at - RECENT_S[0]), _newer(self._called, at - RECENT_S[0])
        since_call = min(LATEST_S, at - self._last_call) if self._last_call is not None else 0.0
        return [
            scaled(self.queue_length_s(ahead, counters) or 0.0),
            scaled(self.waits[-1] if self.waits else 0.0),
            scaled(oldest),
            scaled(self.mean_wait(5)),
            scaled(self.mean_wait(15)),
            scaled(usual),
            scaled(since_call),
            scaled(middle),
            scaled(mean),
            scaled(waiting * mean / (called + 1)),
            log(1 + ahead),
            log(1 + old),
            log(1 + young),
            log(1 + arrived),
            log(1 + called),
            log(1 + len(self._joined)),
            log(1 + len(self._called)),
        ]

    def queue_length_s(self, ahead: int, counters: int) -> float | None:
        """(people ahead + 1) × mean gap, at the pace of the counters that are open now; None before the first gap."""
        if not self.gaps or not counters:
            return None
        return (ahead + 1) * sum(self.gaps) / len(self.gaps) / counters

    def mean_wait(self, last: int) -> float:
        """The mean wait of the `last` who were called, 0 before the first call."""
        if not self.waits:
            return 0.0
        last = min(last, len(self.waits))
        return sum(self.waits[-1 - n] for n in range(last)) / last

    def oldest(self, at: float) -> float | None:
        """How long the one at the head has waited; None when nobody waits."""
        return at - self._ages[0][0] if self._ages else None

    def _remove(self, id: str) -> None:
        since = self._since.pop(id)
        del self._ages[bisect_left(self._ages, (since, id))]
        self._total -= since

    def forget(self, at: float) -> None:
        """Let go of who must be gone, and of arrivals and calls that are long past."""
        limit = at - max(GONE_AFTER_S, GONE_AFTER_MEANS * self.mean_wait(WAITS))
        while self._ages and self._ages[0][0] < limit:
            self._remove(self._ages[0][1])
        for times in (self._joined, self._called):
            while times and times[0] < at - LATEST_S:
                times.popleft()


FEATURES = 17
QUEUE_LENGTH, LAST_WAIT, LATE_WAITS = 0, 1, 4
"""Places of three of them."""


def _newer(times: deque[float], since: float) -> int:
    """How many of `times` (ascending) are not before `since`."""
    return len(times) - bisect_left(times, since)
