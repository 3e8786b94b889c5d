"""Slips that are owed to printers.

A delivery goes pending → sending → done | unknown; it stays pending while its printer can't take it, moves to the kiosk's
second printer if there is one, and becomes `expired` when it is too old to be of use. What was being sent when the server
died is `unknown`: it may be on paper, so it is never printed again by itself, only on request, marked as a duplicate.
"""

from __future__ import annotations

import json
from typing import Any

from printers.status import PrinterStatus
from printers.told import Says, Told
from server import setup
from server.clock import rfc3339
from server.errors import N_, Refused
from server.journal import encode
from server.printing.slips import example
from server.printing.telling import as_json, as_text, besides, from_text
from server.printing.worker import ACTOR, TAKES_OVER, Worker
from server.unit import Unit
from server.visits import Caller, Once, look_at_visit
from server.visits.answers import once
from server.visits.looks import PrintingLook

__all__ = ["Printing"]

PROBLEMS_SHOWN = 20
PROBLEMS_MS = 24 * 3600 * 1000


class NothingToPrint(Refused):
    status, slug = 409, "nothing-to-print"
    message = N_("This visit has no ticket to print.")


class UnknownPrinter(Refused):
    status, slug = 404, "unknown-printer"
    message = N_("There is no printer “%(printer)s” here.")


class Printing:
    """The workers of all printers of a unit."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._workers = {config.name: Worker(unit, config, self._can_print) for config in unit.settings.printers}
        unit.after_commit.append(self._wake)

    def start(self) -> None:
        """Settle what an earlier start left in the middle, then begin to print."""
        self._unit.writer.run(self._settle_interrupted)
        for worker in self._workers.values():
            worker.start()

    def stop(self) -> None:
        """End the workers; a slip that is being sent is finished first."""
        for worker in self._workers.values():
            worker.stop()

    def statuses(self) -> dict[str, PrinterStatus]:
        """How each printer is, by name."""
        return {name: worker.status for name, worker in self._workers.items()}

    def look(self, conn: Any) -> dict[str, Any]:
        """The printers' states, for screens: one word each, and a sentence for who looks after them."""
        shown = self.statuses().items()
        return {"printers": [{"name": name, "state": status.state, "detail": as_json(besides(status))} for name, status in shown]}

    def states(self) -> dict[str, str]:
        """The printers' states by name, one word each."""
        return {name: status.state for name, status in self.statuses().items()}

    def problems(self, conn: Any) -> dict[str, Any]:
        """The tickets of the last day that may not be on paper, newest first."""
        rows = conn.execute(
            "SELECT payload, target, state, error, created_at FROM deliveries d WHERE kind = 'print'"
            " AND visit IS NOT NULL AND state IN ('unknown', 'failed', 'expired') AND created_at > ?"
            " AND NOT EXISTS (SELECT 1 FROM deliveries later"
            " WHERE later.visit = d.visit AND later.id > d.id AND later.kind = 'print') ORDER BY id DESC LIMIT ?",
            (self._unit.now().at - PROBLEMS_MS, PROBLEMS_SHOWN),
        )
        shown = []
        for payload, printer, state, reason, at in rows:
            slip = json.loads(payload)
            shown.append(
                {"visit": slip["visit"], "ticket": slip["ticket"], "printer": printer, "state": state,
                 "reason": from_text(reason), "at": rfc3339(at)}
            )  # fmt: skip
        return {"unprinted": shown}

    def pictures(self, printer: str) -> list[tuple[str, bytes]]:
        """The last tickets of a virtual printer as (id, PNG), newest first; empty for a printer of another kind."""
        worker = self._workers.get(printer)
        return worker.pictures() if worker else []

    def reprint(self, visit: str, printer: str | None, caller: Caller, key: Once | None = None) -> PrintingLook:
        """Owe a ticket's slip once more, marked DUPLICATA; on its first printer unless another is named."""

        def command(conn: Any) -> PrintingLook:
            now = self._unit.now()
            return once(conn, key, caller.id, now.at, lambda: self._owe_again(conn, now.at, visit, printer, caller))

        return self._unit.writer.run(command)

    def test(self, printer: str, language: str, caller: Caller) -> None:
        """Owe a printer a slip that says it is a test; raises UnknownPrinter."""
        if printer not in self._workers:
            raise UnknownPrinter(printer=printer)

        def command(conn: Any) -> None:
            now = self._unit.now()
            payload = {**example(setup.services(conn)[0], language, now.at), "test": True}
            event = self._unit.journal.append(conn, "printer_tested", {"printer": printer}, actor=caller.id, moment=now)
            conn.execute(
                "INSERT INTO deliveries(event, kind, target, payload, created_at) VALUES (?, 'print', ?, ?, ?)",
                (event.id, printer, encode(payload), now.at),
            )

        self._unit.writer.run(command)

    def tested(self, conn: Any) -> dict[str, tuple[str, int]]:
        """What became of each printer's last test: the delivery's state, and when it was asked for (UTC ms)."""
        rows = conn.execute(
            "SELECT target, state, created_at FROM deliveries WHERE kind = 'print' AND visit IS NULL"
            " AND json_extract(payload, '$.test') ORDER BY id"
        )
        return {printer: (state, at) for printer, state, at in rows}

    def _owe_again(self, conn: Any, at: int, visit: str, printer: str | None, caller: Caller) -> PrintingLook:
        look = look_at_visit(conn, visit)
        (issued_at,) = conn.execute("SELECT issued_at FROM visits WHERE visit = ?", (visit,)).fetchone()
        first = conn.execute(
            "SELECT target FROM deliveries WHERE kind = 'print' AND visit = ? ORDER BY id LIMIT 1", (visit,)
        ).fetchone()
        target = printer or (first and first[0]) or self._unit.settings.printer_of(caller.name)
        if look["ticket"] is None:
            raise NothingToPrint
        if target not in self._workers:
            raise UnknownPrinter(printer=target or "")
        names = ("visit", "ticket", "service", "language")
        payload = {**{name: look[name] for name in names}, "issued_at": issued_at, "duplicate": True}  # type: ignore[literal-required]
        event = self._unit.journal.append(conn, "reprinted", {"printer": target}, actor=caller.id, visit=visit)
        conn.execute(
            "INSERT INTO deliveries(event, kind, target, visit, payload, created_at) VALUES (?, 'print', ?, ?, ?, ?)",
            (event.id, target, visit, encode(payload), at),
        )
        return PrintingLook(printer=target, state="queued", second=None)

    def _can_print(self, printer: str) -> bool:
        worker = self._workers.get(printer)
        return worker is not None and worker.status.state in TAKES_OVER

    def _wake(self, _: Any) -> None:
        for worker in self._workers.values():
            worker.wake()

    def _settle_interrupted(self, conn: Any) -> None:
        rows = conn.execute("SELECT id, target, payload FROM deliveries WHERE state = 'sending' AND kind = 'print'").fetchall()
        reason = Told(Says.STOPPED_MEANWHILE)
        for job, printer, payload in rows:
            conn.execute(
                "UPDATE deliveries SET state = 'unknown', error = ?, done_at = ? WHERE id = ?",
                (as_text(reason), self._unit.now().at, job),
            )
            data = {"printer": printer, "reason": str(reason)}
            self._unit.journal.append(conn, "print_unknown", data, actor=ACTOR, visit=json.loads(payload).get("visit"))
