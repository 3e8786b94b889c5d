"""The machine: SQLite, Arabic letters, room on the disk, memory, the clock, and who may read the unit's files."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlite_utils.utils import sqlite3

from printers import shaping
from printers.errors import PrinterError
from server.clock import boot_id, boot_ms, wall_ms
from server.errors import N_
from server.operations.backup.contents import SECRETS
from server.operations.doctor.findings import Finding
from server.settings import STORE_FILE, UNIT_FILE, Settings
from server.store.database import OLDEST_SQLITE

FEW_MB, VERY_FEW_MB = 2000, 300
LITTLE_MEMORY_MB = 200
MB_OF_GB = 1000
LATEST_CHANGE_MS = 120_000


def look(folder: Path, settings: Settings) -> Iterator[Finding]:
    """Reads only."""
    yield sqlite()
    yield _shaping()
    yield disk(folder)
    yield memory()
    yield modes(folder, settings)


def sqlite() -> Finding:
    """Whether the SQLite that runs is one without the WAL-reset bug."""
    params = {"version": sqlite3.sqlite_version}
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        return Finding("fault", N_("SQLite %(version)s can corrupt the database."), N_("Install the package pysqlite3."), params)
    return Finding("good", N_("SQLite %(version)s."), params=params)


def _shaping() -> Finding:
    try:
        shaping.check()
    except PrinterError as error:
        return Finding(
            "fault", N_("Arabic letters can't be joined: %(detail)s"), "apt-get install libfribidi0", {"detail": error.told}
        )
    return Finding("good", N_("Arabic letters are joined and in the right order."))


def disk(folder: Path, free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free) -> Finding:
    """The room on the disk that holds the unit."""
    free = free_bytes(folder) // 1_000_000
    remedy = N_("Delete files that are not needed, or move the backups elsewhere.")
    if free < VERY_FEW_MB:
        return Finding("fault", N_("Only %(count)s MB are free on the disk."), remedy, {"count": free})
    sentence, params = _sized(N_("%(count)s MB are free on the disk."), N_("%(count)s GB are free on the disk."), free)
    if free < FEW_MB:
        return Finding("warning", sentence, remedy, params)
    return Finding("good", sentence, params=params)


def memory(told: Path = Path("/proc/meminfo")) -> Finding:
    """`MemAvailable` is the kernel's own estimate of what a program can still get (proc(5))."""
    lines = told.read_text(encoding="ascii").splitlines()
    free = next((int(line.split()[1]) // 1000 for line in lines if line.startswith("MemAvailable:")), 0)
    if free < LITTLE_MEMORY_MB:
        return Finding(
            "warning", N_("Only %(count)s MB of memory are free."), N_("Close other programs, or add memory."), {"count": free}
        )
    sentence, params = _sized(N_("%(count)s MB of memory are free."), N_("%(count)s GB of memory are free."), free)
    return Finding("good", sentence, params=params)


def _sized(small: str, large: str, megabytes: int) -> tuple[str, dict[str, float]]:
    """The sentence in MB or, from 1,000 of them on, in GB; rounded down, to tenths below ten."""
    if megabytes < MB_OF_GB:
        return small, {"count": megabytes}
    return large, {"count": megabytes // 100 / 10 if megabytes < 10 * MB_OF_GB else megabytes // MB_OF_GB}


def clock(conn: Any, wall: Callable[[], int] = wall_ms) -> Finding:
    """A wall clock behind the journal's last event was set back; one that ran off against the steady clock was changed."""
    remedy = N_("Set the date and time of this machine, and let it follow a time server: timedatectl set-ntp true")
    last = conn.execute("SELECT at FROM events ORDER BY seq DESC LIMIT 1").fetchone()
    boot = conn.execute("SELECT steady_offset FROM epochs WHERE boot = ? LIMIT 1", (boot_id(),)).fetchone()
    if last and wall() < last[0] - LATEST_CHANGE_MS:
        return Finding("fault", N_("The clock is behind the last event in the journal: it was set back."), remedy)
    drift = abs(wall() - (boot_ms() + boot[0])) // 1000 if boot else 0
    if drift > LATEST_CHANGE_MS // 1000:
        return Finding(
            "warning", N_("The clock was changed by %(count)s seconds since the server first started."), remedy, {"count": drift}
        )
    return Finding("good", N_("The clock agrees with the journal."))


def modes(folder: Path, settings: Settings) -> Finding:
    """The database holds sign-ins and tickets, other files keys: nobody else on this machine needs to read them."""
    remedy = N_("Take the right away: chmod go-rwx %(folder)s")
    if _wide(folder):
        return Finding("fault", N_("Other accounts of this machine can read %(folder)s."), remedy, {"folder": str(folder)})
    if wide := " ".join(str(path) for path in _private(folder, settings) if _wide(path)):
        return Finding("fault", N_("More than its owner has a right to %(folder)s."), remedy, {"folder": wide})
    return Finding("good", N_("Nobody else on this machine can read the unit's files."))


def _private(folder: Path, settings: Settings) -> list[Path]:
    """What is in `secrets/`, the settings, the database, and the keys that the settings name elsewhere, each once."""
    named = [name for name in (settings.portal.key, settings.portal.client_secret_file) if name]
    paths = [*(folder / name for name in (SECRETS, UNIT_FILE, STORE_FILE, *named)), *sorted((folder / SECRETS).rglob("*"))]
    return list(dict.fromkeys(paths))


def _wide(path: Path) -> bool:
    """Whether group or others have any right to it; not where there is no such file."""
    try:
        return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
    except OSError:
        return False
