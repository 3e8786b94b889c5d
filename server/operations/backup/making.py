"""Making a backup, keeping it in every place of unit.toml, and remembering what became of it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from server.files import write_whole
from server.operations.backup import rotation
from server.operations.backup.archive import BackupFailed, make_archive
from server.operations.backup.places import place
from server.settings import Settings

STATE_FILE = "backup-state.json"


def back_up(folder: Path, settings: Settings, at: datetime, say: Callable[[str], None], only_to: str | None = None) -> None:
    """Make one backup and keep it everywhere; a place that fails does not keep the others from theirs.

    What became of each place is kept in STATE_FILE for the doctor and the manager. Raises BackupFailed with the first
    failure, after all places were tried.
    """
    places = [only_to] if only_to else settings.backup.to
    failures: dict[str, str] = {}
    name = rotation.name_of(settings.unit.id, at, sealed=settings.backup.key is not None)
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=folder) as work:
            file, _ = make_archive(folder, settings, Path(work), at)
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
    where.put(file, name)
    chosen = settings.backup
    where.drop(rotation.to_drop(where.names(), settings.unit.id, at, chosen.keep_days, chosen.keep_months))


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
