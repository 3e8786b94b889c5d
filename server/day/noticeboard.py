"""Puts notices up and takes them down at their time: the journal says so, and the screens follow it."""

from __future__ import annotations

from server import setup
from server.clock import local_minute
from server.periodic import Periodic
from server.unit import Unit

CHECK_EVERY_S = 5.0
ACTOR = "unit"


class Noticeboard:
    """Compares the notices of the minute with those that hung there at the last look."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._up: list[int] | None = None

    def check(self) -> None:
        """Tell the journal when other notices are to be shown than at the last look."""
        now = self._unit.now()
        with self._unit.reading() as conn:
            up = [id for id, _ in setup.messages_at(conn, local_minute(now.at, self._unit.settings.unit.zone))]
        if self._up is not None and up != self._up:
            self._unit.writer.run(
                lambda conn: self._unit.journal.append(conn, "notices_changed", {"shown": up}, actor=ACTOR, moment=now)
            )
        self._up = up


def noticeboard(unit: Unit) -> Periodic:
    """The worker."""
    return Periodic("noticeboard", Noticeboard(unit).check, CHECK_EVERY_S, at_once=True)
