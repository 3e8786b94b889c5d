"""The database: durable, migrated, one writer, nothing half done."""

from __future__ import annotations

import stat
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

from server.errors import StoreBusy, StoreFull, UnitError
from server.store import StoreTooNew, StoreUnusable, Writer, database, open_reader, open_store, transaction
from server.store.migrations import MIGRATIONS
from server.unit import open_unit_store


def nobody(_: Any) -> None:
    """Follows the commits and does nothing."""


@pytest.fixture
def db(tmp_path: Path) -> Any:
    opened = open_store(tmp_path / "unit.db")
    yield opened
    opened.close()


def test_it_writes_ahead_and_syncs_every_commit(db: Database) -> None:
    assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert db.execute("PRAGMA synchronous").fetchone()[0] == 2


def test_the_writers_statements_stay_prepared_also_after_the_many_of_the_migrations(db: Database) -> None:
    """SQLite asks the authorizer whenever it prepares a statement."""
    for number in range(200):
        db.conn.execute(f"SELECT {number}").fetchone()
    prepared: list[int] = []
    db.conn.set_authorizer(lambda *asked: prepared.append(asked[0]) or sqlite3.SQLITE_OK)
    both = ("SELECT COUNT(*) FROM legs", "SELECT COUNT(*) FROM visits")
    for statement in both:
        db.conn.execute(statement).fetchone()
    assert prepared
    prepared.clear()
    for statement in both:
        db.conn.execute(statement).fetchone()
    assert not prepared


def test_it_runs_a_sqlite_without_the_wal_reset_bug() -> None:
    assert sqlite3.sqlite_version_info >= (3, 51, 3)


def test_it_applies_each_migration_once(tmp_path: Path, db: Database) -> None:
    assert db.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS)
    open_store(tmp_path / "unit.db").close()


def test_it_refuses_a_database_from_a_newer_version(tmp_path: Path, db: Database) -> None:
    db.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreTooNew, match="install the newer Istiqbal"):
        open_store(tmp_path / "unit.db")


def test_a_copy_before_an_upgrade_that_fails_leaves_no_half_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, older = tmp_path / "unit.db", MIGRATIONS[:-1]
    with monkeypatch.context() as then:
        then.setattr(database, "MIGRATIONS", older)
        open_store(path).close()
    (tmp_path / f"unit.db.before-upgrade-{len(older)}" / "in the way").mkdir(parents=True)
    with pytest.raises(StoreUnusable, match="can't be used"):
        open_store(path)
    assert not list(tmp_path.glob("*.part"))


def test_before_an_upgrade_it_keeps_a_copy_that_leads_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, older = tmp_path / "unit.db", MIGRATIONS[:-1]
    with monkeypatch.context() as then:
        then.setattr(database, "MIGRATIONS", older)
        old = open_store(path)
        old["choices"].insert({"name": "day_starts", "value": "06:00"})
        old.close()
        assert not list(tmp_path.glob("*before-upgrade*")), "nothing to keep of a database that is new"
    new = open_store(path)
    new["choices"].insert({"name": "after", "value": "the upgrade"})
    new.close()
    copy = tmp_path / f"unit.db.before-upgrade-{len(older)}"
    assert [one.name for one in tmp_path.glob("*before-upgrade*")] == [copy.name]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with monkeypatch.context() as then:
        then.setattr(database, "MIGRATIONS", older)
        with pytest.raises(StoreTooNew, match="install the newer Istiqbal"):
            open_store(path)
        copy.replace(path)  # as docs/backup.md says
        for name in ("unit.db-wal", "unit.db-shm"):
            (tmp_path / name).unlink(missing_ok=True)
        back = open_store(path)
        assert back.execute("PRAGMA user_version").fetchone()[0] == len(older)
        assert [tuple(row.values()) for row in back["choices"].rows] == [("day_starts", "06:00")]
        back.close()


def test_it_opens_nothing_with_a_sqlite_that_can_corrupt_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version", "3.51.2")
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 2))
    for opening in (open_store, open_reader):
        with pytest.raises(StoreUnusable, match=r"SQLite 3\.51\.2 can corrupt the database; install the package pysqlite3"):
            opening(tmp_path / "unit.db")
    assert not (tmp_path / "unit.db").exists()


def test_it_refuses_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "unit.db").write_bytes(b"this is a letter, not a database" * 100)
    with pytest.raises(StoreUnusable, match=r"unit\.db"):
        open_store(tmp_path / "unit.db")


def test_it_refuses_a_folder_that_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    with pytest.raises(UnitError, match="is not a folder"):
        open_unit_store(tmp_path / "a file")
    with pytest.raises(UnitError, match=r"can't be written: .+"):
        open_unit_store(Path("/proc/self"))


def test_a_transaction_is_undone_whole(db: Database) -> None:
    def half() -> None:
        with transaction(db):
            db["choices"].insert({"name": "a", "value": "1"})
            db["choices"].insert({"name": "b", "value": "2"})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert db["choices"].count == 0


def test_two_transactions_wait_for_each_other_instead_of_failing(tmp_path: Path, db: Database) -> None:
    """sqlite-utils' own deferred begin fails at once here."""
    db["choices"].insert({"name": "n", "value": "0"})

    def add() -> None:
        own = open_store(tmp_path / "unit.db")
        for _ in range(20):
            with transaction(own):
                value = int(own["choices"].get("n")["value"])
                own["choices"].update("n", {"value": str(value + 1)})
        own.close()

    threads = [
        threading.Thread(target=add) for _ in range(3)
    ]  # who waits is not served in turn: more of them on a slow disk may wait too long
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert db["choices"].get("n")["value"] == "60"


def test_the_writer_commits_then_emits_then_answers_in_order_of_arrival(tmp_path: Path, db: Database) -> None:
    seen: list[str] = []
    reader = open_reader(tmp_path / "unit.db")

    def emit(conn: Any) -> None:
        seen.append(f"emitted {reader.conn.execute('SELECT COUNT(*) FROM choices').fetchone()[0]}")

    writer = Writer(db, emit)
    for name in ("a", "b"):
        writer.run(lambda conn, name=name: conn.execute("INSERT INTO choices VALUES (?, '')", (name,)))
        seen.append(f"answered {name}")
    writer.stop()
    reader.close()
    assert seen == ["emitted 1", "answered a", "emitted 2", "answered b"]


def test_a_command_that_fails_undoes_itself_and_not_its_neighbours(db: Database) -> None:
    held, go_on = threading.Event(), threading.Event()
    writer = Writer(db, nobody)

    def hold(conn: Any) -> None:
        held.set()
        go_on.wait(10)

    def fail(conn: Any) -> None:
        conn.execute("INSERT INTO choices VALUES ('lost', '')")
        raise KeyError("a mistake")

    answers: list[Any] = []

    def run(command: Any) -> None:
        try:
            answers.append(writer.run(command))
        except KeyError:
            answers.append("failed")

    threads = [threading.Thread(target=run, args=(hold,))]
    threads[0].start()
    held.wait(10)
    kept = [lambda conn, n=n: conn.execute("INSERT INTO choices VALUES (?, '')", (f"kept-{n}",)).rowcount for n in range(5)]
    threads += [threading.Thread(target=run, args=(command,)) for command in (*kept, fail)]
    for thread in threads[1:]:
        thread.start()
    go_on.set()
    for thread in threads:
        thread.join(10)
    writer.stop()
    assert answers.count("failed") == 1
    assert sorted(row["name"] for row in db["choices"].rows) == [f"kept-{n}" for n in range(5)]


def test_a_full_disk_is_said_and_changes_nothing(db: Database) -> None:
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    db.execute(f"PRAGMA max_page_count = {pages}")
    writer = Writer(db, nobody)
    with pytest.raises(StoreFull, match="full"):
        writer.run(lambda conn: conn.execute("INSERT INTO choices VALUES ('big', ?)", ("x" * 100_000,)))
    db.execute("PRAGMA max_page_count = 1000000")
    writer.run(lambda conn: conn.execute("INSERT INTO choices VALUES ('big', ?)", ("x" * 100_000,)))
    writer.stop()


def test_a_stranger_who_holds_the_lock_makes_it_busy_not_broken(tmp_path: Path, db: Database) -> None:
    db.execute("PRAGMA busy_timeout = 50")
    stranger = sqlite3.connect(tmp_path / "unit.db", isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    writer = Writer(db, nobody)
    with pytest.raises(StoreBusy):
        writer.run(lambda conn: conn.execute("INSERT INTO choices VALUES ('a', '')"))
    stranger.execute("ROLLBACK")
    stranger.close()
    writer.run(lambda conn: conn.execute("INSERT INTO choices VALUES ('a', '')"))
    writer.stop()
