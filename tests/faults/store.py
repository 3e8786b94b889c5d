"""The disk full, the database locked by a stranger, a page of it damaged."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.store.database import connect
from tests.faults import disk
from tests.faults.hall import Load, Result, hall, judged, until
from tests.running import ISTIQBAL

FULL = "503 disk-full"
LOCKED_S = 7.0
PAGE = 4096


def full_at_any_write(moments: int) -> Result:
    """The disk is full from the first, second, third … write on, and has space again."""
    with tempfile.TemporaryDirectory() as name, hall() as running:
        control = Path(name) / "full"
        running.environment = {"LD_PRELOAD": str(disk.build(Path(name))), "DISK_FULL": str(control)}
        running.start()
        load = Load(running.url, running.token("kiosk", "kiosk-1")).start()
        for number in range(moments):
            told = load.refusals[FULL]
            part = control.with_suffix(".part")
            part.write_text(str(number))
            part.rename(control)
            until(lambda: load.refusals[FULL] > told, "refusal")  # noqa: B023 - looked at before the loop goes on
            control.unlink()
            load.more(2)
        load.stop()
        running.stop()
        only = set(load.refusals) == {FULL}
        seen = f"refused {load.refusals[FULL]} times in words; went on each time there was space again"
        return judged("disk full at any write", f"{moments} times", load, running.folder / "unit.db", seen, only)


def full_file_system() -> Result | None:
    """A real file system that fills up; needs root."""
    if os.geteuid() != 0:
        return None
    with _small_disk() as place, hall(place) as running:
        running.start()
        load = Load(running.url, running.token("kiosk", "kiosk-1")).start()
        load.more(3)
        ballast = place / "ballast"
        _fill(ballast)
        until(lambda: load.refusals[FULL] > 3, "refusals")
        ballast.unlink()
        load.more(5)
        load.stop()
        running.stop()
        seen = f"refused {load.refusals[FULL]} times in words; went on when there was space again"
        well = set(load.refusals) == {FULL}
        return judged("disk full: a file system of 16 MB", "once", load, running.folder / "unit.db", seen, well)


def _fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            return


@contextmanager
def _small_disk() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "istiqbal", name], check=True)
        try:
            yield Path(name)
        finally:
            subprocess.run(["umount", name], check=True)


def locked_by_a_stranger(times: int) -> Result:
    """Another program holds the database in a transaction for longer than the server waits for it."""
    with hall() as running:
        running.start()
        load = Load(running.url, running.token("kiosk", "kiosk-1")).start()
        load.more(5)
        for _ in range(times):
            stranger = connect(running.folder / "unit.db")
            stranger.execute("BEGIN EXCLUSIVE")
            time.sleep(LOCKED_S)
            stranger.execute("ROLLBACK")
            stranger.close()
            load.more(5)
        load.stop()
        running.stop()
        busy = load.refusals["503 busy"]
        seen = f"refused {busy} times in words; went on when it was let go"
        well = busy > 0 and set(load.refusals) == {"503 busy"}
        return judged(
            f"database locked by a stranger for {LOCKED_S:.0f} s", f"{times} times", load, running.folder / "unit.db", seen, well
        )


def damaged_page() -> Result:
    """A page of `unit.db` is overwritten while the server is down; then its backup is brought back."""
    with hall() as running:
        running.start()
        load = Load(running.url, running.token("kiosk", "kiosk-1")).start()
        load.more(50)
        load.stop()
        subprocess.run([ISTIQBAL, "backup", running.folder], check=True, capture_output=True, timeout=60)
        running.stop()
        spoil(running.folder / "unit.db", "legs")
        command = [ISTIQBAL, "serve", running.folder, "--port", str(running.port)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        refuses = done.returncode == 1 and "istiqbal restore" in done.stderr
        backups = running.folder / "backups"
        fresh = running.folder.with_name("restored")
        subprocess.run([ISTIQBAL, "restore", backups, fresh], check=True, capture_output=True, timeout=60)
        seen = "does not start, says how to come back; `istiqbal restore` brought all back"
        return judged("a damaged page of `unit.db`", "once", load, fresh / "unit.db", seen, refuses)


def spoil(database: Path, table: str) -> None:
    """Overwrite the first page of a table, as a dying disk does."""
    conn = connect(database)
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    (page,) = conn.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    conn.close()
    with database.open("r+b") as file:
        file.seek((page - 1) * PAGE)
        file.write(b"\xa5" * PAGE)
