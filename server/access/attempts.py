"""Lock-outs: wrong passwords, PINs and pairing codes, by whom they were for and by where they came from."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from server.errors import TooManyAttempts

FREE = {"login": 5, "place": 20, "pairing": 10}
"""How many attempts of a kind are free; each further one waits twice as long. Many clerks may share one place."""
LONGEST_DELAY_S = 300
FORGETS_ONE_EVERY_S = LONGEST_DELAY_S
"""The oldest wrong attempt is forgotten after so long, then the next. No sooner than the longest wait lets another one be made: in
the long run nobody can guess more often than if nothing was ever forgotten."""
KEPT = 10_000

Key = tuple[str, str]
"""Kind (a name in FREE) and whom or what it is about."""


def of_login(login: str) -> Key:
    """Attempts on one account."""
    return "login", login.casefold()


@dataclass(slots=True)
class _Wrong:
    """Attempts that are not forgotten, oldest first: when, and the place or account on the other side.

    `faded`: when the last one was forgotten, or the first was made.
    """

    faded: float
    made: list[tuple[float, Key]] = field(default_factory=list)


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
            self._bound()
            self._places.setdefault(about, set()).add(place)
            left = max(self._left_s(about), self._left_s(place))
            if left > 0:
                raise TooManyAttempts(seconds=int(left) + 1)
            now = self._clock()
            for key, other in ((about, place), (place, about)):
                self._wrong.setdefault(key, _Wrong(now)).made.append((now, other))

    def succeeded(self, about: Key, place: Key) -> None:
        """It was right: this account begins anew, and its own attempts are taken from the place's count, not those on others."""
        with self._lock:
            self._wrong.pop(about, None)
            self._places.pop(about, None)
            if (there := self._wrong.get(place)) is not None:
                there.made = [one for one in there.made if one[1] != about]

    def left_s(self, about: Key) -> int:
        """Seconds until the next attempt on this account is heard from every place where it was tried, 0 when it is at once."""
        with self._lock:
            left = max(self._left_s(key) for key in (about, *self._places.get(about, ())))
            return max(0, -int(-left // 1))

    def end(self, about: Key) -> None:
        """A manager ends the lock-out: of the account, and of the places that tried it or were not let try."""
        with self._lock:
            self._wrong.pop(about, None)
            for place in self._places.pop(about, ()):
                self._wrong.pop(place, None)

    def _left_s(self, key: Key) -> float:
        wrong = self._faded(key)
        beyond = len(wrong.made) - FREE[key[0]] if wrong else -1
        return wrong.made[-1][0] + min(LONGEST_DELAY_S, 2 ** min(beyond, 20)) - self._clock() if wrong and beyond >= 0 else 0.0

    def _faded(self, key: Key) -> _Wrong | None:
        """What is not forgotten of a key; None when that is nothing."""
        wrong = self._wrong.get(key)
        if wrong is None:
            return None
        forgotten = int((self._clock() - wrong.faded) // FORGETS_ONE_EVERY_S)
        del wrong.made[:forgotten]
        wrong.faded += forgotten * FORGETS_ONE_EVERY_S
        if wrong.made:
            return wrong
        del self._wrong[key]
        return None

    def _bound(self) -> None:
        if len(self._wrong) > KEPT:
            for key in list(self._wrong):
                self._faded(key)
            if len(self._wrong) > KEPT:
                self._wrong = dict(sorted(self._wrong.items(), key=lambda one: one[1].made[-1][0])[KEPT // 2 :])
        if len(self._places) > KEPT:
            self._places = dict(list(self._places.items())[KEPT // 2 :])
