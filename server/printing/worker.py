"""One printer's thread: takes the slips that are owed to it, prints them, writes down what happened."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from printers.devices import Device, PrinterConfig, open_device
from printers.encoding import encode
from printers.errors import PrinterError
from printers.spool import Outcome, deliver
from printers.status import NOT_ASKED, PrinterStatus
from printers.told import Says, Sentence, Told, told
from server import setup
from server.printing.slips import all_examples, reference_slip, slip_of
from server.printing.telling import as_text
from server.setup.slip import choices
from server.unit import Unit

log = logging.getLogger(__name__)

RETRY_S = 2.0
STATUS_EVERY_S = 5.0
ACTOR = "unit"
TAKES_OVER = ("ready", "near-end")
SETTLED = ("done", "unknown", "expired", "failed")

TakeOver = Callable[[str], bool]
"""Whether the printer of this name can print now."""


@dataclass(frozen=True, slots=True)
class Job:
    """A print delivery; `created_at` in UTC milliseconds."""

    delivery: int
    payload: dict[str, Any]
    created_at: int


class Worker:
    """Prints what is owed to one printer, one slip after another."""

    def __init__(self, unit: Unit, config: PrinterConfig, can_take_over: TakeOver) -> None:
        self._unit = unit
        self._config = config
        self._can_take_over = can_take_over
        self._device: Device | None = None
        self._something = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name=f"printer-{config.name}", daemon=True)
        self._after_cut = False
        self._asked_at = float("-inf")
        self._kept: int | None = None
        self.status = NOT_ASKED

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
        """The last tickets of a virtual printer."""
        found = getattr(self._device.link, "pictures", None) if self._device else None
        return found() if found else []

    def _work(self) -> None:
        while not self._stopping.is_set():
            self._something.clear()
            try:
                pause = self._turn()
            except Exception:  # outermost loop of a worker: a fault here must not end printing for good
                log.exception("printer %s: a job failed", self._config.name)
                pause = RETRY_S
            self._something.wait(pause)

    def _turn(self) -> float:
        """Print what is owed, or ask how the printer is when nothing is; seconds until the next turn at the latest."""
        device = self._device or self._open()
        if device is None:
            self._stopping.wait(RETRY_S)
            return 0.0
        while (job := self._next()) and not self._stopping.is_set():
            if not self._print(device, job):
                self._stopping.wait(RETRY_S)  # not to be cut short by every commit
        return self._look_after(device)

    def _look_after(self, device: Device) -> float:
        """Ask how the printer is when that was long enough ago; seconds until the next time."""
        left = self._asked_at + STATUS_EVERY_S - time.monotonic()
        if left > 0:
            return left
        self._asked_at = time.monotonic()
        self._became(device.status())
        if not self.status.blocks:
            self._keep_pictures(device)
        return STATUS_EVERY_S

    def _keep_pictures(self, device: Device) -> None:
        """Have a printer that stores pictures keep the parts that all tickets share, once for each change of the set-up."""
        if not device.profile.stored_graphics:
            return
        with self._unit.reading() as conn:
            slips = all_examples(conn, self._unit.settings)
        wanted = hash(slips)
        if wanted == self._kept:
            return
        try:
            written = device.keep(slips)
        except PrinterError as error:  # tickets print without
            log.warning("printer %s keeps no pictures: %s", self._config.name, error)
            return
        self._kept = wanted
        log.info("printer %s keeps its pictures, %d of them new", self._config.name, written)

    def _open(self) -> Device | None:
        """The device, with its libraries loaded now rather than at the first ticket."""
        try:
            self._device = open_device(self._config)
        except PrinterError as error:
            self._became(PrinterStatus("error", error.told))
            return None
        return self._device

    def _next(self) -> Job | None:
        with self._unit.reading() as conn:
            row = conn.execute(
                "SELECT id, payload, created_at FROM deliveries WHERE state = 'pending' AND kind = 'print' AND target = ?"
                " ORDER BY id LIMIT 1",
                (self._config.name,),
            ).fetchone()
        return row and Job(row[0], json.loads(row[1]), row[2])

    def _print(self, device: Device, job: Job) -> bool:
        """One slip; False when the printer can't take it now and nobody else can."""
        if self._unit.now().at - job.created_at > self._unit.settings.printing.keep_s * 1000:
            self._settle(job, "expired", "print_expired", Told(Says.TOO_OLD))
            return True
        try:
            data = encode(self._slip(job.payload), device.profile, device.stored)
        except Exception as error:  # a slip that can't be drawn must not hold up those behind it
            log.exception("printer %s: a slip can't be drawn", self._config.name)
            self._settle(job, "failed", "print_failed", told(Says.NOT_DRAWN, why=str(error)))
            return True
        outcome = deliver(device, data, lambda: self._settle(job, "sending", None), after_cut=self._after_cut)
        self._became(outcome.status)
        return self._judge(job, outcome)

    def _judge(self, job: Job, outcome: Outcome) -> bool:
        if outcome.kind == "confirmed":
            self._after_cut = False
            self._settle(job, "done", "printed")
        elif outcome.kind == "unknown":
            self._after_cut = False
            self._settle(job, "unknown", "print_unknown", outcome.reason)
        else:
            self._settle(job, "pending", None, outcome.reason)
            return self._hand_over(job, outcome.reason)
        return True

    def _slip(self, payload: Mapping[str, Any]) -> Any:
        with self._unit.reading() as conn:
            if "reference" in payload:
                return reference_slip(payload, self._unit.settings, choices(conn))
            return slip_of(payload, setup.service(conn, payload["service"]), self._unit.settings, choices(conn))

    def _hand_over(self, job: Job, reason: Sentence) -> bool:
        """Give the slip to the kiosk's second printer if that one can print; nothing of it was sent here."""
        second = job.payload.get("second")
        if not second or second == self._config.name or not self._can_take_over(second):
            return False

        def command(conn: Any) -> None:
            payload = json.dumps({**job.payload, "second": None}, ensure_ascii=False)
            conn.execute("UPDATE deliveries SET target = ?, payload = ? WHERE id = ?", (second, payload, job.delivery))
            data = {"printer": self._config.name, "to": second, "reason": str(reason)}
            self._unit.journal.append(conn, "print_moved", data, actor=ACTOR, visit=job.payload.get("visit"))

        self._unit.writer.run(command)
        return True

    def _settle(self, job: Job, state: str, event: str | None, error: Sentence | None = None) -> None:
        """Write a delivery's new state, and the event that tells of it, in one transaction."""

        def command(conn: Any) -> None:
            now = self._unit.now()
            conn.execute(
                "UPDATE deliveries SET state = ?, error = ?, done_at = ?, attempts = attempts + (? = 'sending') WHERE id = ?",
                (state, as_text(error), now.at if state in SETTLED else None, state, job.delivery),
            )
            if event:
                data = {"printer": self._config.name, "reason": None if error is None else str(error)}
                self._unit.journal.append(conn, event, data, actor=ACTOR, visit=job.payload.get("visit"), moment=now)

        self._unit.writer.run(command)

    def _became(self, status: PrinterStatus) -> None:
        """Note a change of this printer's state in the journal, so that every screen hears of it."""
        if status == self.status:
            return
        changed = status.state != self.status.state
        self.status = status
        if changed:
            data = {"printer": self._config.name, "state": status.state, "reason": str(status.detail)}
            self._unit.writer.run(lambda conn: self._unit.journal.append(conn, "printer_changed", data, actor=ACTOR))


def _was_cut(conn: Any, printer: str) -> bool:
    """Whether the server died while it sent the printer's last slip, which may then wait for the rest of a picture."""
    row = conn.execute(
        "SELECT state FROM deliveries WHERE kind = 'print' AND target = ? AND attempts > 0 ORDER BY id DESC LIMIT 1", (printer,)
    ).fetchone()
    return bool(row) and row[0] == "unknown"
