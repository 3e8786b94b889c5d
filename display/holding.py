"""Which call a LED board shows: each stays long enough to be read before the next one takes its place.

The same order as on a display (static/announcements.js): what was called first is shown first, a recall goes before the calls
that wait. Pure: the time is passed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

HOLD_S = 4.0
"""A call stays at least so long when another one waits."""
MOST_WAITING = 10
"""When more wait, the oldest are left out: a board that lags by more than 40 s misleads."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A call on a board, or an empty board. `called_at` and `recalls` tell a recall from the call before it."""

    ticket: str | None = None
    counter: int | None = None
    called_at: str = ""
    recalls: int = 0


EMPTY = Shown()


class Holding:
    """The call that is shown and those that wait for its place."""

    def __init__(self, hold_s: float = HOLD_S) -> None:
        self._hold_s = hold_s
        self._begun = False
        self._known: frozenset[Shown] = frozenset()
        self._waiting: list[Shown] = []
        self._since = float("-inf")
        self.shown = EMPTY

    def take(self, calls: Sequence[Shown]) -> None:
        """Take the board's newest calls, newest first. Of the first ones only the newest is shown: the others are old news."""
        known, self._known = self._known, frozenset(calls)
        self._waiting = [one for one in self._waiting if one in self._known]
        if self._begun:
            for call in reversed(list(takewhile(lambda one: one not in known, calls))):
                self._line_up(call)
        self._begun = True
        if not self._waiting and self.shown not in self._known:  # the first ones, a call that was taken back, the day's end
            self.shown = calls[0] if calls else EMPTY

    def tick(self, now: float) -> float | None:
        """Move on when it is time (seconds of a steady clock); seconds until the next move, None when nothing waits."""
        if self._waiting and now - self._since >= self._hold_s:
            self.shown, self._since = self._waiting.pop(0), now
        return self._since + self._hold_s - now if self._waiting else None

    def _line_up(self, call: Shown) -> None:
        place = sum(one.recalls > 0 for one in self._waiting) if call.recalls else len(self._waiting)
        self._waiting.insert(place, call)
        del self._waiting[:-MOST_WAITING]
