"""Keeps open screens to those who may still see them, ends sessions in which nothing is done, frees their counters.

A commit that takes an access away (a session ended, a token revoked, a role changed, a person removed) is followed at
once; the rest (what became old, what another process wrote) is found at the next look.
"""

from __future__ import annotations

import logging
import threading
from typing import Any

from server.access import PERMISSIONS, sessions
from server.access.activity import WRITE_EVERY_MS, Activity
from server.access.proofs import still
from server.live.screens import PERMISSION_OF, Live
from server.unit import Unit
from server.visits.caller import UNIT
from server.visits.leaving import leave_counters

EVERY_S = 15.0
LONGEST_GOODBYE_S = 10.0

log = logging.getLogger(__name__)


class Doorkeeper:
    """A worker; `idle_ms` is how long nothing may be done in a session of which no screen is open."""

    def __init__(self, unit: Unit, live: Live, activity: Activity, idle_ms: int) -> None:
        self._unit, self._live, self._activity = unit, live, activity
        self._idle_ms = idle_ms
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._work, name="doorkeeper", daemon=True)
        with unit.reading() as conn:
            self._changes = _changes(conn)
        unit.after_commit.append(self._look)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns when the present look has ended, with what was seen written down."""
        self._stopping = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=LONGEST_GOODBYE_S)
        self._write(self._activity.due(every_ms=1))

    def turn(self, at: int) -> None:
        """Note the open screens as in use, end what was idle, free the counters of who is gone, turn out whoever may not stay."""
        proofs = self._live.proofs()
        for proof in proofs:
            self._activity.seen(proof, at)
        self._write(self._activity.due(min(WRITE_EVERY_MS, self._idle_ms // 2)))
        self._end_idle(at)
        self._free_counters(at)
        self.turn_out(proofs, at)

    def turn_out(self, proofs: dict[str, set[str]], at: int) -> None:
        """Disconnect the screens whose session or token no longer lets them in to their namespace."""
        with self._unit.reading() as conn:
            found = {proof: still(conn, proof, at) for proof in proofs}
        for proof, namespaces in proofs.items():
            who = found[proof]
            for namespace in namespaces:
                if who is None or who.role not in PERMISSIONS[PERMISSION_OF[namespace]]:
                    self._live.drop(proof, namespace)

    def _write(self, times: dict[str, int]) -> None:
        if times:
            self._unit.writer.run(lambda conn: self._activity.write(conn, times))
            self._activity.written(times)

    def _end_idle(self, at: int) -> None:
        before = at - self._idle_ms
        with self._unit.reading() as conn:
            idle = conn.execute("SELECT 1 FROM sessions WHERE seen_at < ? OR expires_at <= ? LIMIT 1", (before, at)).fetchone()
        if idle:
            self._unit.writer.run(lambda conn: sessions.end_idle(conn, before, at))

    def _free_counters(self, at: int) -> None:
        """Counters of people who are signed in nowhere any more: the next clerk shall find them free."""
        with self._unit.reading() as conn:
            gone = sessions.gone_from_counters(conn, at)
        if gone:
            self._unit.writer.run(lambda conn: self._leave(conn, at))

    def _leave(self, conn: Any, at: int) -> None:
        for clerk in sessions.gone_from_counters(conn, at):
            leave_counters(self._unit.visits, conn, self._unit.now(), clerk, UNIT)

    def _look(self, conn: Any) -> None:
        """After each commit, in the writer's thread."""
        changes = _changes(conn)
        if changes != self._changes:
            self._changes = changes
            self._wake.set()

    def _work(self) -> None:
        while not self._stopping:
            try:
                self.turn(self._unit.now().at)
            except Exception:  # outermost loop of a worker
                log.exception("screens could not be looked over; it is tried again")
            self._wake.wait(EVERY_S)
            self._wake.clear()


def _changes(conn: Any) -> int:
    return int(conn.execute("SELECT count FROM access_changes").fetchone()[0])
