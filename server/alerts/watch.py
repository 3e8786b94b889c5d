"""The worker that looks again and again: what depends on time alone is found without anybody doing anything."""

from __future__ import annotations

from server.alerts import store
from server.alerts.facts import Reader
from server.alerts.registry import raised
from server.periodic import Periodic
from server.unit import Unit

LOOK_EVERY_S = 2.0


class Watch:
    """Compares what is to be told now with what was kept."""

    def __init__(self, unit: Unit, reader: Reader) -> None:
        self._unit, self._reader = unit, reader

    def look(self) -> None:
        """One look; writes only when an alert begins or ends."""
        now = self._unit.now()
        with self._unit.reading() as conn:
            found = raised(self._reader.read(conn, now))
            kept = {one.alert for one in store.alerts(conn)}
        if found != kept:
            self._unit.writer.run(lambda conn: store.settle(conn, self._unit.journal, now, found))


def watch(watched: Watch) -> Periodic:
    """The worker."""
    return Periodic("alerts", watched.look, LOOK_EVERY_S)
