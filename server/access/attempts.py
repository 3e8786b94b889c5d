"""Lock-outs: wrong passwords, PINs and pairing codes, by whom they were for and by where they came from."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from server.errors import TooManyAttempts

FREE = {"login": 5, "place": 20, "pairing": 10}
"""How many attempts of a kind are free; each further one waits twice as long. Many clerks may share one place."""
LONGEST_DELAY_S = 300
FORGOTTEN_AFTER_S = 3600
KEPT = 10_000

Key = tuple[str, str]
"""Kind (a name in FREE) and whom or what it is about."""


def of_login(login: str) -> Key:
    """Attempts on one account."""
    return "login", login.casefold()


@dataclass(slots=True)
class _Wrong:
    count: int
    last: float


class Attempts:
    """Counts attempts in memory. An attempt is counted before it is judged, so that many at once are no way around."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: dict[Key, _Wrong] = {}
        self._places: dict[Key, set[Key]] = {}
        self._lock = threading.Lock()

    def begin(self, about: Key, place: Key) -> None:
        """An attempt is made; raises TooManyAttempts, which says how many seconds to wait, and then does not count it."""
        with self._lock:
            self._forget_old()
            left = max(self._left_s(about), self._left_s(place))
            if left > 0:
                raise TooManyAttempts(seconds=int(left) + 1)
            for key in (about, place):
                self._wrong.setdefault(key, _Wrong(0, 0.0)).count += 1
                self._wrong[key].last = self._clock()
            self._places.setdefault(about, set()).add(place)

    def succeeded(self, about: Key, place: Key) -> None:
        """It was right: this account begins anew, and the attempt is taken from the place's count."""
        with self._lock:
            self._wrong.pop(about, None)
            self._places.pop(about, None)
            if place in self._wrong:
                self._wrong[place].count -= 1

    def left_s(self, about: Key) -> int:
        """Seconds until the next attempt on this account is heard, 0 when it is at once."""
        with self._lock:
            return max(0, -int(-self._left_s(about) // 1))

    def end(self, about: Key) -> None:
        """A manager ends the lock-out: of the account, and of the places that tried it."""
        with self._lock:
            self._wrong.pop(about, None)
            for place in self._places.pop(about, ()):
                self._wrong.pop(place, None)

    def _left_s(self, key: Key) -> float:
        wrong = self._wrong.get(key)
        beyond = wrong.count - FREE[key[0]] if wrong else -1
        return wrong.last + min(LONGEST_DELAY_S, 2 ** min(beyond, 20)) - self._clock() if wrong and beyond >= 0 else 0.0

    def _forget_old(self) -> None:
        if len(self._wrong) <= KEPT:
            return
        since = self._clock() - FORGOTTEN_AFTER_S
        self._wrong = {key: wrong for key, wrong in self._wrong.items() if wrong.last > since}
        if len(self._wrong) > KEPT:
            self._wrong = dict(sorted(self._wrong.items(), key=lambda one: one[1].last)[KEPT // 2 :])
        self._places = {about: places for about, places in self._places.items() if about in self._wrong}
