"""Making a backup, keeping it in every place of unit.toml, and remembering what became of it."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from server.files import write_whole
from server.operations.backup import rotation
from server.operations.backup.archive import BackupFailed, NoRoom, make_archive
from server.operations.backup.places import Place, place
from server.settings import Settings

STATE_FILE = "backup-state.json"
WORK_PREFIX = ".backup-"
LEFT_BEHIND = timedelta(days=1)
"""A work folder this old is of a backup that the power ended."""


def back_up(folder: Path, settings: Settings, at: datetime, say: Callable[[str], None], only_to: str | None = None) -> None:
    """Make one backup and keep it everywhere; a place that fails does not keep the others from theirs.

    What became of each place is kept in STATE_FILE for the doctor and the manager. Raises BackupFailed with the first
    failure, after all places were tried.
    """
    places = [only_to] if only_to else settings.backup.to
    failures: dict[str, str] = {}
    name = rotation.name_of(settings.unit.id, at, sealed=settings.backup.key is not None)
    _sweep(folder, at)
    try:
        with tempfile.TemporaryDirectory(prefix=WORK_PREFIX, dir=folder) as work:
            file = _made(folder, settings, Path(work), at, name, places)
            size = file.stat().st_size
            for address in places:
                try:
                    _keep(file, name, address, folder, settings, at)
                    say(f"Kept {name} ({size / 1_000_000:.1f} MB) in {address}.")
                except BackupFailed as error:
                    failures[address] = str(error)
    except (BackupFailed, OSError) as error:
        failures |= dict.fromkeys(places, str(error))
    _remember(folder, at, places, failures)
    if failures:
        raise BackupFailed("; ".join(f"{address}: {sentence}" for address, sentence in failures.items()))


def _keep(file: Path, name: str, address: str, folder: Path, settings: Settings, at: datetime) -> None:
    where = place(address, folder)
    try:
        where.put(file, name)
    except NoRoom:
        _rotate(where, name, settings, at)
        where.put(file, name)
    _rotate(where, name, settings, at)


def _rotate(where: Place, name: str, settings: Settings, at: datetime) -> None:
    """Drop what need not be kept once the backup `name` is there, and what a power cut left."""
    unit, chosen = settings.unit.id, settings.backup
    names = where.names()
    old = rotation.to_drop({*names, name}, unit, at, chosen.keep_days, chosen.keep_months)
    where.drop([*rotation.half_written(names, unit, at), *old])


def _made(folder: Path, settings: Settings, work: Path, at: datetime, name: str, places: list[str]) -> Path:
    """The backup's file below `work`. Where the unit's own disk is full, old backups on this machine make room for it, once."""
    for attempt in ("first", "again"):
        (work / attempt).mkdir()
    try:
        return make_archive(folder, settings, work / "first", at)[0]
    except NoRoom:
        shutil.rmtree(work / "first")
        for address in places:
            if not address.startswith("ssh://"):
                with suppress(BackupFailed):
                    _rotate(place(address, folder), name, settings, at)
        return make_archive(folder, settings, work / "again", at)[0]


def _sweep(folder: Path, at: datetime) -> None:
    """Remove the work of backups that the power ended."""
    for left in folder.glob(f"{WORK_PREFIX}*"):
        with suppress(OSError):
            if left.stat().st_mtime < (at - LEFT_BEHIND).timestamp():
                shutil.rmtree(left)


def _remember(folder: Path, at: datetime, places: list[str], failures: dict[str, str]) -> None:
    state = last_backups(folder)
    for address in places:
        before = state.get(address, {})
        good = before.get("good_at") if address in failures else at.isoformat(timespec="seconds")
        state[address] = {"tried_at": at.isoformat(timespec="seconds"), "good_at": good, "error": failures.get(address)}
    write_whole(folder / STATE_FILE, json.dumps(state, indent=1).encode())


def last_backups(folder: Path) -> dict[str, Any]:
    """By place: `{tried_at, good_at, error}`, times in RFC 3339; empty before the first backup."""
    try:
        found: dict[str, Any] = json.loads((folder / STATE_FILE).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found
