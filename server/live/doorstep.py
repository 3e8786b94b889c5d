"""Sends away sockets that come in and then say nothing: they would hold threads without being anybody's screen."""

from __future__ import annotations

import time
from collections.abc import Callable

from server.live.screens import Live
from server.periodic import Periodic

WITHIN_S = 10.0
EVERY_S = 2.0


class Doorstep:
    """A connection must have joined a namespace within WITHIN_S."""

    def __init__(self, live: Live, steady: Callable[[], float] = time.monotonic) -> None:
        self._live, self._steady = live, steady
        self._since: dict[str, float] = {}

    def turn(self) -> None:
        now = self._steady()
        self._since = {one: self._since.get(one, now) for one in self._live.strangers()}
        for one, since in self._since.items():
            if now - since > WITHIN_S:
                self._live.send_away(one)


def doorstep(live: Live) -> Periodic:
    """The worker that looks."""
    return Periodic("doorstep", Doorstep(live).turn, EVERY_S)
