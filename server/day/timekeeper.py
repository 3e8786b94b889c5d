"""Opens and closes the doors: at each moment when a service begins or ceases to give tickets, the journal says so.

The screens follow the journal, so they change at that moment without asking, and also after a clock was set anew.
"""

from __future__ import annotations

import json
from typing import Any

from server import setup
from server.journal import encode
from server.opening.store import opening
from server.periodic import Periodic
from server.unit import Unit

CHECK_EVERY_S = 1.0
ACTOR = "unit"


class Timekeeper:
    """Compares the doors with what was last told of them, which is kept in the database."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def check(self) -> None:
        """Tell the journal of the doors that have changed since it was last told; nothing without opening hours."""
        with self._unit.reading() as conn:
            told = _told(conn)
            if told is None or told == self._doors(conn):
                return
        self._unit.writer.run(self._tell)

    def _doors(self, conn: Any) -> dict[str, Any]:
        """By service, why no ticket is given (None: it is)."""
        doors = self._unit.doors.look(conn, self._unit.now(), setup.services(conn))
        return {service: door.why for service, door in doors.items()}

    def _tell(self, conn: Any) -> None:
        told, doors = _told(conn) or {}, self._doors(conn)
        now = self._unit.now()
        conn.execute("UPDATE opening_hours SET told = ?", (encode(doors),))
        for event, is_open in (("services_opened", True), ("services_closed", False)):
            changed = {
                service: why
                for service, why in doors.items()
                if (why is None) is is_open and (service not in told or told[service] != why)
            }
            if changed:
                self._unit.journal.append(conn, event, {"services": changed}, actor=ACTOR, moment=now)


def timekeeper(unit: Unit) -> Periodic:
    """The worker: looks before the first screen asks, then every second."""
    return Periodic("timekeeper", Timekeeper(unit).check, CHECK_EVERY_S, at_once=True)


def _told(conn: Any) -> dict[str, Any] | None:
    """None for a unit that never kept any hours; empty before anything was told."""
    row = conn.execute("SELECT told FROM opening_hours").fetchone()
    if row is None or (row[0] is None and not opening(conn).kept):
        return None
    return dict(json.loads(row[0] or "{}"))
