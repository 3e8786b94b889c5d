"""Opening `unit.db`, and the one way to write to it: `transaction()`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

from server.errors import UnitError
from server.store.migrations import MIGRATIONS

OLDEST_SQLITE = (3, 51, 3)
"""3.7.0 to 3.51.2 can corrupt a WAL database when a checkpoint and a write cross (sqlite.org/wal.html, WAL-reset bug)."""

BUSY_TIMEOUT_MS = 5000
LOG_PAGES = 16_000
"""64 MB: the writer moves the log itself only when `Checkpointer` did not."""
CACHE_KB = 16_000
STATEMENTS_KEPT = 500
"""More than the writer has: pysqlite3's cache, once full, throws out the newest, and two statements that follow each other are then
prepared anew each time (measured: 24 µs instead of 5)."""


class StoreUnusable(UnitError):
    """The database can't be opened or written."""


class StoreTooNew(UnitError):
    """The database was written by a newer version of Istiqbal."""


def connect(path: Path, *, read_only: bool = False) -> Any:
    """A raw connection in autocommit mode, so that transactions are only those we begin ourselves."""
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StoreUnusable(
            f"SQLite {sqlite3.sqlite_version} can corrupt the database; install the package pysqlite3 (SQLite 3.51.3 or newer)."
        )
    mode = "ro" if read_only else "rwc"
    try:
        conn = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode={mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=128 if read_only else STATEMENTS_KEPT,
        )
        conn.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        conn.execute("PRAGMA foreign_keys=ON")
        if read_only:
            conn.execute("PRAGMA query_only=ON")
        else:
            conn.execute("PRAGMA journal_mode=WAL").fetchone()
            conn.execute("PRAGMA synchronous=FULL")
            conn.execute(f"PRAGMA wal_autocheckpoint={LOG_PAGES}")
        conn.execute(f"PRAGMA cache_size=-{CACHE_KB}")
    except sqlite3.Error as error:
        raise StoreUnusable(f"The database {path} can't be opened: {error}.") from error
    return conn


def open_store(path: Path) -> Database:
    """Open `unit.db` for writing, creating or migrating it; raises StoreUnusable or StoreTooNew."""
    db = Database(connect(path))
    try:
        _keep_before_upgrade(db, path)
        migrate(db)
    except (sqlite3.Error, OSError) as error:
        db.close()
        raise StoreUnusable(f"The database {path} can't be used: {error}.") from error
    return db


def check_whole(path: Path) -> None:
    """Read every page; raises StoreUnusable for a damaged database, with what to do."""
    conn = connect(path)
    try:
        (word,) = conn.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        word = str(error)
    finally:
        conn.close()
    if word != "ok":
        raise StoreUnusable(
            f"The database {path} is damaged ({' '.join(word.split())}). Nothing was changed. Move the folder aside and come back"
            " from the last backup: istiqbal restore BACKUP DIR (docs/backup.md)."
        )


def _keep_before_upgrade(db: Database, path: Path) -> None:
    """A copy beside a database that is about to be migrated, `unit.db.before-upgrade-<version>`, so that a failed upgrade can be
    taken back with the older Istiqbal."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if not 0 < version < len(MIGRATIONS):
        return
    target = path.with_name(f"{path.name}.before-upgrade-{version}")
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    try:
        part.touch(mode=0o600)
        with closing(sqlite3.connect(part)) as copy:
            db.conn.backup(copy)
        part.replace(target)
    finally:  # of a copy that failed, of a full disk mostly, nothing stays in the way
        part.unlink(missing_ok=True)


def open_reader(path: Path) -> Database:
    """Open an existing `unit.db` for reading only; readers never wait for the writer."""
    return Database(connect(path, read_only=True))


def migrate(db: Database) -> None:
    """Apply the migrations that this database has not seen, each in a transaction of its own."""
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version > len(MIGRATIONS):
        raise StoreTooNew(
            f"This database has version {version}, newer than the {len(MIGRATIONS)} that this Istiqbal knows;"
            " install the newer Istiqbal."
        )
    for number, migration in enumerate(MIGRATIONS[version:], start=version + 1):
        with transaction(db):
            migration(db)
            db.execute(f"PRAGMA user_version={number}")


@contextmanager
def transaction(db: Database) -> Iterator[Database]:
    """BEGIN IMMEDIATE … COMMIT around sqlite-utils calls; rolled back when the block raises.

    sqlite-utils' own `atomic()` begins deferred and fails at once when two writers meet.
    """
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield db
    except BaseException:
        if db.conn.in_transaction:
            db.conn.execute("ROLLBACK")
        raise
    db.conn.execute("COMMIT")
