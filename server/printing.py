"""Slips that are owed to printers: one worker a printer claims them, prints them and writes down what happened.

A delivery goes pending → sending → done | unknown; it stays pending while its printer can't take it, and becomes
`expired` when it is too old to be of use. What was being sent when the server died is `unknown`: it may be on paper, so it
is never printed again by itself.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from printers.devices import Device, PrinterConfig, open_device
from printers.encoding import encode
from printers.errors import PrinterError
from printers.slip import Slip
from printers.spool import deliver
from server import setup
from server.unit import Unit
from server.web.language import LANGUAGES, N_, in_language, written_datetime

log = logging.getLogger(__name__)

RETRY_S = 2.0
TOO_OLD_MS = 10 * 60 * 1000
ACTOR = "unit"


class Printing:
    """The workers of all printers of a unit."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._workers = {config.name: Worker(unit, config) for config in unit.settings.printers}
        unit.after_commit.append(self._wake)

    def start(self) -> None:
        """Settle what an earlier start left in the middle, then begin to print."""
        self._unit.writer.run(_settle_interrupted(self._unit))
        for worker in self._workers.values():
            worker.start()

    def stop(self) -> None:
        """End the workers; a slip that is being sent is finished first."""
        for worker in self._workers.values():
            worker.stop()

    def look(self, conn: Any) -> dict[str, Any]:
        """The printers' states, for screens."""
        return {"printers": [{"name": name, "state": worker.state} for name, worker in self._workers.items()]}

    def pictures(self, printer: str) -> list[tuple[str, bytes]]:
        """The last tickets of a virtual printer as (id, PNG), newest first; empty for a printer of another kind."""
        worker = self._workers.get(printer)
        return worker.pictures() if worker else []

    def _wake(self, _: Any) -> None:
        for worker in self._workers.values():
            worker.wake()


class Worker:
    """One printer's thread."""

    def __init__(self, unit: Unit, config: PrinterConfig) -> None:
        self._unit = unit
        self._config = config
        self._device: Device | None = None
        self._something = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name=f"printer-{config.name}", daemon=True)
        self._after_cut = False
        self.state = "unknown"

    def start(self) -> None:
        with self._unit.reading() as conn:
            self._after_cut = _was_cut(conn, self._config.name)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._something.set()
        self._thread.join(timeout=10)

    def wake(self) -> None:
        self._something.set()

    def pictures(self) -> list[tuple[str, bytes]]:
        found = getattr(self._device.link, "pictures", None) if self._device else None
        return found() if found else []

    def _work(self) -> None:
        while not self._stopping.is_set():
            self._something.clear()
            try:
                wait = self._drain()
            except Exception:  # outermost loop of a worker: a fault here must not end printing for good
                log.exception("printer %s: a job failed", self._config.name)
                wait = RETRY_S
            self._something.wait() if wait is None else self._stopping.wait(wait)

    def _drain(self) -> float | None:
        """Print what is owed; seconds to wait before trying again, None when nothing is left."""
        device = self._device or self._open()
        while device and not self._stopping.is_set():
            job = self._next()
            if job is None:
                return None
            if not self._print(device, *job):
                break
        return RETRY_S

    def _open(self) -> Device | None:
        """The device, with its libraries loaded now rather than at the first ticket."""
        try:
            self._device = open_device(self._config)
        except PrinterError as error:
            self._became("error", str(error))
            return None
        status = self._device.status()
        self._became(status.state, status.detail)
        return self._device

    def _next(self) -> tuple[int, dict[str, Any], int] | None:
        with self._unit.reading() as conn:
            row = conn.execute(
                "SELECT id, payload, created_at FROM deliveries WHERE state = 'pending' AND kind = 'print' AND target = ?"
                " ORDER BY id LIMIT 1",
                (self._config.name,),
            ).fetchone()
        return row and (row[0], json.loads(row[1]), row[2])

    def _print(self, device: Device, job: int, payload: dict[str, Any], created_at: int) -> bool:
        """One slip; False when the printer can't take it now."""
        if self._unit.now().at - created_at > TOO_OLD_MS:
            self._settle(job, "expired", "print_expired", payload, "older than ten minutes")
            return True
        try:
            data = encode(self._slip(payload), device.profile)
        except Exception as error:  # a slip that can't be drawn must not hold up those behind it
            log.exception("printer %s: a slip can't be drawn", self._config.name)
            self._settle(job, "failed", "print_failed", payload, f"the slip can't be drawn: {error}")
            return True
        outcome = deliver(device, data, lambda: self._settle(job, "sending", None, payload), after_cut=self._after_cut)
        self._after_cut = False
        self._became(outcome.status.state, outcome.status.detail)
        if outcome.kind == "failed":
            self._settle(job, "pending", None, payload, outcome.reason)
        elif outcome.kind == "confirmed":
            self._settle(job, "done", "printed", payload)
        else:
            self._settle(job, "unknown", "print_unknown", payload, outcome.reason)
        return outcome.kind != "failed"

    def _slip(self, payload: Mapping[str, Any]) -> Slip:
        with self._unit.reading() as conn:
            service = setup.service(conn, payload["service"])
        return slip_of(payload, service, self._unit)

    def _settle(
        self, job: int, state: str, event: str | None, payload: Mapping[str, Any], error: str | None = None
    ) -> None:
        settle(self._unit, job, state, error, event, {"printer": self._config.name, "reason": error}, payload["visit"])

    def _became(self, state: str, reason: str | None = None) -> None:
        """Note a change of this printer's state in the journal, so that every screen hears of it."""
        if state == self.state:
            return
        self.state = state
        data = {"printer": self._config.name, "state": state, "reason": reason}
        self._unit.writer.run(lambda conn: self._unit.journal.append(conn, "printer_changed", data, actor=ACTOR))


def settle(
    unit: Unit, job: int, state: str, error: str | None, event: str | None, data: dict[str, Any], visit: str
) -> None:
    """Write a delivery's new state, and the event that tells of it, in one transaction."""

    def command(conn: Any) -> None:
        now = unit.now()
        done = now.at if state in ("done", "expired", "unknown", "failed") else None
        conn.execute(
            "UPDATE deliveries SET state = ?, error = ?, done_at = ?, attempts = attempts + (? = 'sending') WHERE id = ?",
            (state, error, done, state, job),
        )
        if event:
            unit.journal.append(conn, event, data, actor=ACTOR, visit=visit, moment=now)

    unit.writer.run(command)


def slip_of(payload: Mapping[str, Any], service: setup.Service, unit: Unit) -> Slip:
    """What the ticket says, in the citizen's language; the subtitle is the service in French, or in Arabic for French."""
    language = payload["language"]
    second = "ar" if language == "fr" else "fr"
    issued = datetime.fromtimestamp(payload["issued_at"] / 1000, UTC)
    return Slip(
        language=language,
        direction=LANGUAGES[language].direction,
        unit=name_in(unit.settings.unit.name, language),
        number=payload["ticket"],
        service=name_in(service.name, language),
        subtitle=name_in(service.name, second),
        issued=written_datetime(issued, language, unit.settings.unit.timezone),
        facts=((in_language(language, N_("People before you")), str(payload["people_ahead"])),),
        help_line=in_language(language, N_("Help and complaints: 3737")),
    )


def name_in(names: Mapping[Any, str], language: str) -> str:
    """A name in a language; where it is missing, in Arabic, then French, then whatever there is."""
    for code in (language, "ar", "fr"):
        if names.get(code):
            return names[code]
    return next(iter(names.values()), "")


def _was_cut(conn: Any, printer: str) -> bool:
    """Whether the server died while it sent the printer's last slip, which may then wait for the rest of a picture."""
    row = conn.execute(
        "SELECT state FROM deliveries WHERE kind = 'print' AND target = ? AND attempts > 0 ORDER BY id DESC LIMIT 1", (printer,)
    ).fetchone()
    return bool(row) and row[0] == "unknown"


def _settle_interrupted(unit: Unit) -> Any:
    def command(conn: Any) -> None:
        rows = conn.execute("SELECT id, target, payload FROM deliveries WHERE state = 'sending' AND kind = 'print'").fetchall()
        for job, printer, payload in rows:
            reason = "the server stopped while it was being printed"
            conn.execute(
                "UPDATE deliveries SET state = 'unknown', error = ?, done_at = ? WHERE id = ?", (reason, unit.now().at, job)
            )
            visit = json.loads(payload)["visit"]
            data = {"printer": printer, "reason": reason}
            unit.journal.append(conn, "print_unknown", data, actor=ACTOR, visit=visit)

    return command
