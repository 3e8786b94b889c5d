"""Carrying a unit's set-up to a file and back, while its server may be off."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from server import editing, journal, settings
from server.editing.file import LARGEST_FILE, Import, written
from server.errors import UnitError
from server.journal import Journal
from server.operations.making import store_of
from server.store import open_reader, open_store, transaction
from server.visits import Caller

INSTALLER = Caller("unit", "istiqbal setup import", "manager")


def exported(folder: Path) -> str:
    """The set-up of the unit in `folder` as TOML."""
    with closing(open_reader(store_of(folder))) as db:
        return written(editing.read(db.conn))


def imported(folder: Path, file: Path, dry_run: bool = False) -> list[editing.Change]:
    """Make the set-up what the file says; raises BadFile, its lines named, and has then changed nothing."""
    asked = Import(_text(file))
    zone = settings.load(folder).unit.zone
    with closing(open_store(store_of(folder))) as db, transaction(db):
        before = editing.read(db.conn)
        after = asked.after(before)
        if dry_run:
            return editing.differences(before, after)
        epoch, clock = journal.begin_epoch(db.conn)
        try:
            return editing.Editor(Journal(epoch, clock), zone).become(db.conn, INSTALLER, before, after)
        except editing.Faulty as refusal:
            raise asked.bad(refusal.faults) from refusal


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise UnitError(f"{file} is too large for a set-up.")
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise UnitError(f"{file} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise UnitError(f"{file} is not text in UTF-8.") from error
