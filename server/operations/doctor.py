"""The doctor: what is wrong with a unit, each finding with a sentence and a remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sqlite_utils.utils import sqlite3

from printers import shaping
from printers.devices import PrinterConfig, open_device
from printers.errors import PrinterError
from printers.text import describe, missing_characters, words_of
from server import setup
from server.printing.slips import all_examples, choices
from server.settings import STORE_FILE, Settings
from server.store import open_reader
from server.store.database import OLDEST_SQLITE
from server.web.language import CITIZEN_LANGUAGES

Level = Literal["good", "warning", "fault"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; a remedy wherever it is not good."""

    level: Level
    sentence: str
    remedy: str = ""


def examine(folder: Path, settings: Settings, ask_printers: bool = True) -> Iterator[Finding]:
    """Everything the doctor looks at, one after the other. Reads only."""
    yield _sqlite()
    yield _shaping()
    db = open_reader(folder / STORE_FILE)
    try:
        yield _integrity(db.conn)
        yield from _letters(db.conn, settings)
        yield from _translations(db.conn)
    finally:
        db.close()
    for config in settings.printers if ask_printers else ():
        yield _printer(config)


def _sqlite() -> Finding:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        return Finding("fault", f"SQLite {sqlite3.sqlite_version} can corrupt the database.", "Install the package pysqlite3.")
    return Finding("good", f"SQLite {sqlite3.sqlite_version}.")


def _shaping() -> Finding:
    try:
        shaping.check()
    except PrinterError as error:
        return Finding("fault", str(error), "apt-get install libfribidi0")
    return Finding("good", "Arabic letters are joined and in the right order.")


def _integrity(conn: Any) -> Finding:
    (word,) = conn.execute("PRAGMA quick_check(1)").fetchone()
    if word != "ok":
        return Finding("fault", f"The database is damaged: {word}.", "Stop the server and restore the last backup.")
    return Finding("good", "The database is whole.")


def _letters(conn: Any, settings: Settings) -> Iterator[Finding]:
    """Characters that no font of ours has come out as a box on tickets."""
    texts = [text for slip in all_examples(conn, settings) for text in words_of(slip)]
    texts += [text for message in setup.messages(conn) for text in message.values()]
    missing = missing_characters([*texts, *choices(conn).footer.values()])
    for character in missing:
        yield Finding("warning", f"No font has {describe(character)}: it is printed as a box.", "Write the name without it.")
    if not missing:
        yield Finding("good", "Every letter of names and messages can be printed.")


def _translations(conn: Any) -> Iterator[Finding]:
    named: list[tuple[str, setup.Names]] = [(f"service {one.id}", one.name) for one in setup.services(conn)]
    named += [(f"priority {id}", names) for id, names in setup.priorities(conn).items()]
    named += [(f"message {number}", text) for number, text in enumerate(setup.messages(conn), start=1)]
    lacking = [(what, code) for what, names in named for code in CITIZEN_LANGUAGES if not names.get(code)]
    for what, code in lacking:
        yield Finding(
            "warning", f"The {what} has no text in “{code}”; Arabic or French is shown.", "Add it on the manager's screen."
        )
    if not lacking:
        yield Finding("good", "Names and messages are there in every language.")


def _printer(config: PrinterConfig) -> Finding:
    try:
        device = open_device(config)
    except PrinterError as error:
        return Finding("fault", f"Printer {config.name}: {error}", "See docs/printing.md.")
    status = device.status()
    device.close()
    level: Level = "fault" if status.blocks else "good" if status.state == "ready" else "warning"
    remedy = "" if level == "good" else "See the table of states in docs/printing.md."
    return Finding(level, f"Printer {config.name} is {status.state}. {status.detail}".strip(), remedy)


def report(findings: Iterator[Finding], say: Callable[[str], None]) -> bool:
    """Say each finding on a line; whether there was no fault."""
    marks = {"good": "good   ", "warning": "WARNING", "fault": "FAULT  "}
    faults = 0
    for finding in findings:
        faults += finding.level == "fault"
        say(f"{marks[finding.level]}  {finding.sentence}" + (f"  → {finding.remedy}" if finding.remedy else ""))
    return faults == 0
