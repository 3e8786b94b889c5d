"""A hall's print queue at its smallest: jobs in SQLite, printed in order, each state stored before the next step.

python -m tests.printers.hall DATABASE PRINTER_AS_JSON    prints what is queued, then ends
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from printers import Device, PrinterConfig, deliver, encode, open_device
from tests.printers.samples import ARABIC

Job = tuple[int, str, str]


class Hall:
    """The queue. `queued → sending → confirmed | unknown`; a job that could not be sent stays `queued`."""

    def __init__(self, database: Path) -> None:
        self._database = sqlite3.connect(database, isolation_level=None)
        self._database.execute("PRAGMA synchronous=FULL")
        self._database.execute("CREATE TABLE IF NOT EXISTS jobs (id INTEGER PRIMARY KEY, number TEXT, state TEXT, reason TEXT)")
        self.after_cut = self._settle()
        self.before_sending: Callable[[], None] | None = None
        """What happens at the last moment before a ticket's first byte."""

    def close(self) -> None:
        self._database.close()

    def order(self, *numbers: str) -> None:
        """Tickets that are owed."""
        for number in numbers:
            self._database.execute("INSERT INTO jobs (number, state, reason) VALUES (?, 'queued', '')", (number,))

    def jobs(self) -> list[tuple[str, str, str]]:
        """(number, state, reason) of all jobs in order."""
        return self._database.execute("SELECT number, state, reason FROM jobs ORDER BY id").fetchall()

    def print_next(self, device: Device, raster: bool = False) -> str | None:
        """Prints the oldest queued job; the outcome's kind, or None when nothing is queued."""
        row = self._database.execute("SELECT id, number FROM jobs WHERE state = 'queued' ORDER BY id LIMIT 1").fetchone()
        if row is None:
            return None
        job, number = row
        profile = replace(device.profile, native_qr=False) if raster else device.profile
        data = encode(replace(ARABIC, number=number, documents=(), footer=None), profile)
        outcome = deliver(device, data, lambda: self._sending(job), after_cut=self.after_cut)
        self._became(job, "queued" if outcome.kind == "failed" else outcome.kind, str(outcome.reason))
        if outcome.kind != "failed":
            self.after_cut = False
        return outcome.kind

    def print_all(self, device: Device, on_failed: Callable[[], None]) -> None:
        """Prints until nothing is queued; `on_failed` mends what is wrong, or waits."""
        while (kind := self.print_next(device)) is not None:
            if kind == "failed":
                on_failed()

    def _sending(self, job: int) -> None:
        self._became(job, "sending")
        if self.before_sending is not None:
            self.before_sending()

    def _became(self, job: int, state: str, reason: str = "") -> None:
        self._database.execute("UPDATE jobs SET state = ?, reason = ? WHERE id = ?", (state, reason, job))

    def _settle(self) -> bool:
        """After a crash: what was being sent may be on paper."""
        found = self._database.execute("UPDATE jobs SET state = 'unknown', reason = 'the server stopped' WHERE state = 'sending'")
        return found.rowcount > 0


def main() -> None:
    """Prints the queue of a database, as a server does that may be killed."""
    hall = Hall(Path(sys.argv[1]))
    device = open_device(PrinterConfig.from_mapping(json.loads(sys.argv[2])))
    while hall.print_next(device) is not None:
        pass
    hall.close()


if __name__ == "__main__":
    main()
