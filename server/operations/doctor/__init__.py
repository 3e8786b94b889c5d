"""The doctor: what is wrong with a unit, each finding with a sentence and a remedy.

machine   SQLite, letters, disk, memory, clock, who may read the unit's files
store     the database
words     names and messages: translations, letters that can be printed
devices   printers, displays, LED boards
voice     clips
keeping   backups
address   the certificate that telephones see
feedback  whether complaints can be taken
examining the same in a thread of a running server
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from server.clock import wall_ms
from server.operations.doctor import address, devices, feedback, keeping, machine, portal, store, voice, words
from server.operations.doctor.findings import Finding
from server.settings import STORE_FILE, Settings
from server.store import open_reader


def examine(folder: Path, settings: Settings, ask_printers: bool = True, ask_displays: bool = True) -> Iterator[Finding]:
    """Everything the doctor looks at, one after the other. Reads only.

    A running server knows its printers and displays itself, and asks for neither.
    """
    yield from machine.look(folder, settings)
    db = open_reader(folder / STORE_FILE)
    try:
        whole = store.look(db.conn)
        yield whole
        if whole.level == "good":
            yield from _told_by_store(db.conn, folder, settings, ask_displays)
    finally:
        db.close()
    yield from voice.look(folder)
    yield from keeping.look(folder, settings)
    yield from address.look(settings)
    yield from feedback.look(folder, settings)
    for config in settings.printers if ask_printers else ():
        yield devices.printer(config)
    yield from filter(None, map(devices.board, settings.boards))


def _told_by_store(conn: Any, folder: Path, settings: Settings, ask_displays: bool) -> Iterator[Finding]:
    """What only a whole database can tell."""
    yield machine.clock(conn)
    yield from words.look(conn, settings)
    yield from portal.look(conn, folder, settings)
    if ask_displays:
        yield from devices.displays(conn, None, wall_ms())


def report(findings: Iterator[Finding], say: Callable[[str], None], zone: str) -> bool:
    """Say each finding on a line, in English, with times of the time zone `zone`; whether there was no fault."""
    marks = {"good": "good   ", "warning": "WARNING", "fault": "FAULT  "}
    faults = 0
    for finding in findings:
        faults += finding.level == "fault"
        sentence, remedy = finding.told("en", zone)
        told = f"{sentence} {finding.detail}".rstrip()
        say(f"{marks[finding.level]}  {told}" + (f"  → {remedy}" if remedy else ""))
    return faults == 0
