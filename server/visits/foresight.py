"""What the commands ask of whoever foresees waits: an estimate when somebody joins, and a note of what came true."""

from __future__ import annotations

from typing import Any, Protocol, TypedDict

from server.clock import Moment
from server.lifecycle import Leg


class Estimate(TypedDict):
    """An estimated wait in seconds, with its range."""

    seconds: int
    low: int
    high: int


class Foresight(Protocol):
    """Never raises: an estimate that fails must not stop a ticket. Used inside transactions of the writer."""

    def promise(self, conn: Any, now: Moment, leg: Leg, people_ahead: int, of_newcomer: int) -> Estimate | None:
        """The estimate for a leg that joins its queue now, kept beside it; None when nothing can be said.

        `of_newcomer` are before somebody at the end of that queue: more than `people_ahead` when the leg keeps an earlier place.
        """

    def remaining(self, conn: Any, now: Moment, leg: Leg, people_ahead: int, of_newcomer: int) -> Estimate | None:
        """What somebody who waits still has to wait."""

    def came_true(self, conn: Any, leg: Leg) -> None:
        """A leg that waits was called or left, or a step of it was taken back."""


class Blind:
    """Foresees nothing."""

    def promise(self, conn: Any, now: Moment, leg: Leg, people_ahead: int, of_newcomer: int) -> Estimate | None:
        return None

    def remaining(self, conn: Any, now: Moment, leg: Leg, people_ahead: int, of_newcomer: int) -> Estimate | None:
        return None

    def came_true(self, conn: Any, leg: Leg) -> None:
        return None
