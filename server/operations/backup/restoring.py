"""From a backup to a unit that goes on where it was.

Between the backup and the accident numbers were given that nobody knows of any more; their holders may sit in the hall. So the
day's series go on further on, by more than they ever gave in so long a time: no number is on two papers. Portal deliveries that
were sent since are sent again under their old event ids, which the portal knows; what is new gets the new epoch of the next start.
"""

from __future__ import annotations

import math
import shutil
import tempfile
from pathlib import Path
from typing import Any

from server import journal, setup
from server.clock import MS, Moment
from server.errors import UnitError
from server.operations.backup import rotation
from server.operations.backup.archive import MANIFEST, BackupFailed, open_archive
from server.operations.backup.places import place
from server.operations.backup.standby import fetch_store
from server.operations.ownership import ROOT, hand_over, owner_of
from server.settings import STORE_FILE, load
from server.store import open_store, transaction

FEWEST_SKIPPED = 200
"""Numbers that a series goes on by at least, for a unit whose past says little; at most half of its range."""
MARGIN = 1.1
"""Today may be busier than any day before."""
LARGEST_PART = 0.75
"""Of a range; the rest is left for those who come after the restore."""
DAY_MS = 86_400 * MS

BUSIEST = """SELECT series, MAX(given) FROM (
    SELECT series, COUNT(*) OVER (PARTITION BY series ORDER BY issued_at RANGE BETWEEN ? PRECEDING AND CURRENT ROW) AS given
    FROM visits WHERE number IS NOT NULL
) GROUP BY series"""


class FolderTaken(UnitError):
    """There is something in the folder already."""


def restore(source: str, folder: Path, key: str | None, unit: str | None = None, replica: Path | None = None) -> dict[str, Any]:
    """Make the unit of a backup in `folder`, which is empty or not there yet; the backup's manifest.

    `source` is a backup's file, or a place of backups, of which the newest is taken (of `unit`, if several units keep theirs
    there). With `replica`, the folder that `standby` fills, the database is that of the last second instead of the backup's.
    Done as root, it belongs to the owner of `folder`, or to that of the folder it lies in. Nothing is left behind when it fails.
    Raises BackupFailed or FolderTaken.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FolderTaken(f"{folder} is not empty; restore into a new folder, then change places.")
    owner = owner_of(folder)
    if owner.st_uid == ROOT:  # an empty folder that root has just made for it
        owner = owner_of(folder.absolute().parent)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-restoring-", dir=folder.parent) as name:
        work = Path(name)
        manifest = open_archive(_file(source, unit, work), key, work)
        (work / "unit" / MANIFEST).unlink()
        if replica is not None:
            fetch_store(replica, work / "unit" / STORE_FILE)
        go_on(work / "unit", {"from": "replica" if replica else "backup", "made_at": manifest["made_at"]})
        hand_over(work / "unit", owner)
        if folder.exists():
            folder.rmdir()
        (work / "unit").chmod(0o700)
        shutil.move(work / "unit", folder)
    return manifest


def go_on(folder: Path, data: dict[str, Any], at: Moment | None = None) -> None:
    """Ready a copied unit for its next start: numbers moved on, sign-ins ended, and the journal says so.

    `at` is now by the unit's clock when it is left out.
    """
    zone = load(folder).unit.zone
    db = open_store(folder / STORE_FILE)
    try:
        with transaction(db):
            epoch, clock = journal.begin_epoch(db.conn)
            now = at or clock()
            skipped = _skip_numbers(db.conn, now, setup.service_day(db.conn, now.at, zone))
            db.conn.execute("DELETE FROM sessions")
            journal.Journal(epoch, clock).append(db.conn, "restored", {**data, **skipped}, actor="unit", moment=now)
    finally:
        db.close()


def _skip_numbers(conn: Any, now: Moment, day: str) -> dict[str, Any]:
    """Move every series of this service day on, within its range."""
    ends: dict[str, tuple[int, int]] = {}
    for service in setup.services(conn):
        first, last = ends.get(service.series, (service.range_first, service.range_last))
        ends[service.series] = (min(first, service.range_first), max(last, service.range_last))
    busiest = _busiest(conn, now)
    skipped = {series: _enough(busiest.get(series, 0), last - first + 1) for series, (first, last) in ends.items()}
    for series, (first, last) in ends.items():
        row = conn.execute("SELECT last, lap FROM number_series WHERE series = ? AND day = ?", (series, day)).fetchone()
        given, lap = row or (first - 1, 0)
        laps, number = divmod(given + skipped[series] - first, last - first + 1)
        conn.execute(
            "INSERT INTO number_series VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET last = excluded.last, lap = excluded.lap",
            (series, day, first + number, lap + laps),
        )
    return {"day": day, "numbers_skipped": skipped, "at": now.at}


def _busiest(conn: Any, now: Moment) -> dict[str, int]:
    """The most numbers that each series ever gave in as much time as has passed since the copy's last event, at most a day."""
    event = conn.execute("SELECT at FROM events ORDER BY seq DESC LIMIT 1").fetchone()
    unknown = now.at - event[0] if event else DAY_MS
    if not 0 <= unknown <= DAY_MS:  # a day begins its numbers anew; before the last event the clock is wrong
        unknown = DAY_MS
    return dict(conn.execute(BUSIEST, (unknown,)).fetchall())


def _enough(busiest: int, range_size: int) -> int:
    """How far a series goes on: past what it may have given, not so far that it soon comes round to that from behind."""
    few = min(FEWEST_SKIPPED, range_size // 2)
    return max(few, min(math.ceil(busiest * MARGIN), int(range_size * LARGEST_PART)))


def _file(source: str, unit: str | None, work: Path) -> Path:
    """The backup meant: a file as it is, or the newest of a place, brought here."""
    path = Path(source).expanduser()
    if path.is_file():
        return path
    if not source.startswith("ssh://") and not path.is_dir():
        raise BackupFailed(f"{source} is neither a backup nor a place of backups.")
    where = place(source if source.startswith("ssh://") else str(path.resolve()), Path.cwd())
    names = where.names()
    units = {unit} if unit else {name.rsplit("-", 1)[0] for name in names if name.endswith(rotation.ENDINGS)}
    if len(units) > 1:
        raise BackupFailed(f"{source} holds backups of several units; choose one with --unit: {', '.join(sorted(units))}.")
    newest = rotation.newest(names, units.pop()) if units else None
    if newest is None:
        raise BackupFailed(f"{source} holds no backup.")
    where.fetch(newest, work / newest)
    return work / newest
