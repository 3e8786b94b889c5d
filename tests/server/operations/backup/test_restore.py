"""Backups: made while tickets flow, checked, sealed, rotated, brought back on another machine."""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
import tarfile
import threading
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar

import pytest
from werkzeug.datastructures import FileStorage

from server import media, settings
from server.operations.backup import archive
from server.operations.backup.archive import BackupFailed
from server.operations.backup.making import last_backups
from server.operations.backup.restoring import FEWEST_SKIPPED, FolderTaken, _enough, go_on, restore
from server.store.database import connect
from server.sync.line import fetch_keys, portal_keys
from server.unit import Unit
from server.voice.clips import Library
from tests.conftest import CLERK, KIOSK, ToldClock
from tests.server.feedback.conftest import PortalKey
from tests.server.media.films import photograph
from tests.server.operations.backup.made import HOUR_S, NOW, ORDER, make, with_settings


def test_a_backup_made_while_tickets_flow_is_whole_and_holds_all_that_was_answered(
    unit: Unit, folder: Path, tmp_path: Path
) -> None:
    before = [unit.visits.issue(ORDER, KIOSK)["visit"] for _ in range(20)]
    stop = threading.Event()

    def flow() -> None:
        while not stop.is_set():
            unit.visits.issue(ORDER, KIOSK)

    thread = threading.Thread(target=flow)
    thread.start()
    try:
        file = make(folder)
    finally:
        stop.set()
        thread.join()
    manifest = restore(str(file), tmp_path / "back", None)
    assert manifest["events"] >= 20
    again = Unit(tmp_path / "back", settings.load(tmp_path / "back"))
    with again.reading() as conn:
        assert {row[0] for row in conn.execute("SELECT visit FROM visits")} >= set(before)
    again.close()


def test_a_restored_unit_goes_on_without_giving_a_number_twice(folder: Path, tmp_path: Path, clock: ToldClock) -> None:
    now = Unit(folder, settings.load(folder))
    known = [now.visits.issue(ORDER, KIOSK)["ticket"] for _ in range(3)]
    file = make(folder)
    lost = [now.visits.issue(ORDER, KIOSK)["ticket"] for _ in range(30)]
    now.close()
    restore(str(file), tmp_path / "back", None)
    back = Unit(tmp_path / "back", settings.load(tmp_path / "back"))
    later = [back.visits.issue(ORDER, KIOSK)["ticket"] for _ in range(30)]
    assert not set(later) & {*known, *lost}
    assert later[0].endswith(str(len(known) + FEWEST_SKIPPED + 1))
    back.visits.desk(1, "open", CLERK)
    called = back.visits.call_next(1, CLERK)
    assert called is not None
    assert back.epoch != now.epoch
    back.close()


def test_a_hall_that_gave_more_than_the_fewest_since_its_backup_gives_none_of_them_again(
    folder: Path, tmp_path: Path, clock: ToldClock
) -> None:
    """A series of a very large hall: 100 numbers an hour, of which six hours are unknown to the backup."""
    now = Unit(folder, settings.load(folder), clock)
    now.writer.run(lambda conn: conn.execute("UPDATE services SET range_first = 1, range_last = 999"))

    def hours(count: int) -> list[str]:
        given = []
        for _ in range(count * 100):
            made = now.visits.issue(ORDER, KIOSK)
            now.visits.cancel(made["visit"], KIOSK)
            given.append(made["ticket"])
            clock.pass_by(HOUR_S / 100)
        return given

    hours(7)
    clock.pass_by(17 * HOUR_S)  # the next day
    hours(1)
    copied = tmp_path / "copied"
    copied.mkdir()
    shutil.copy(folder / "unit.toml", copied)
    conn = connect(folder / "unit.db")
    conn.execute("VACUUM INTO ?", (str(copied / "unit.db"),))
    conn.close()
    lost = hours(6)
    restored_at = clock()
    now.close()
    go_on(copied, {"from": "backup"}, restored_at)
    back = Unit(copied, settings.load(copied), clock)
    later = [back.visits.issue(ORDER, KIOSK)["ticket"] for _ in range(100)]
    back.close()
    assert len(lost) > FEWEST_SKIPPED
    assert not set(later) & set(lost)


@pytest.mark.parametrize(
    ("busiest", "range_size", "skipped"), [(0, 999, 200), (600, 999, 660), (5000, 999, 749), (0, 100, 50), (60, 100, 66), (0, 1, 0)]
)
def test_a_series_goes_on_far_enough_and_never_once_round(busiest: int, range_size: int, skipped: int) -> None:
    assert _enough(busiest, range_size) == skipped


def test_what_the_portal_has_not_had_is_still_owed_after_a_restore(unit: Unit, folder: Path, tmp_path: Path) -> None:
    visit = unit.visits.issue(ORDER, KIOSK)["visit"]
    unit.visits.cancel(visit, KIOSK)
    with unit.reading() as conn:
        owed = conn.execute("SELECT event, epoch, sequence FROM deliveries WHERE kind = 'portal' ORDER BY id").fetchall()
    assert owed
    restore(str(make(folder)), tmp_path / "back", None)
    back = Unit(tmp_path / "back", settings.load(tmp_path / "back"))
    with back.reading() as conn:
        assert conn.execute("SELECT event, epoch, sequence FROM deliveries WHERE kind = 'portal' ORDER BY id").fetchall() == owed
    back.close()


def test_sign_ins_end_with_a_restore_and_devices_stay(unit: Unit, folder: Path, tmp_path: Path) -> None:
    for statement in (
        "INSERT INTO people(id, login, name, role, password, created_at) VALUES (1, 'a', 'A', 'clerk', 'x', 0)",
        "INSERT INTO sessions(hash, person, created_at, expires_at) VALUES ('h', 1, 0, 9999999999999)",
        "INSERT INTO tokens(hash, role, name, created_at) VALUES ('t', 'kiosk', 'k', 0)",
    ):
        unit.writer.run(lambda conn, statement=statement: conn.execute(statement))
    restore(str(make(folder)), tmp_path / "back", None)
    back = Unit(tmp_path / "back", settings.load(tmp_path / "back"))
    with back.reading() as conn:
        assert conn.execute("SELECT (SELECT COUNT(*) FROM sessions), (SELECT COUNT(*) FROM tokens)").fetchone() == (0, 1)
    back.close()


def test_a_sealed_backup_opens_with_its_key_alone_and_carries_the_secrets(folder: Path, tmp_path: Path) -> None:
    (folder / "secrets").mkdir()
    (folder / "secrets" / "client.key").write_text("very secret")
    assert "secrets" not in " ".join(archive_names(make(folder)))
    secret, public = archive.new_key()
    with_settings(folder, f'\n[backup]\nkey = "{public}"\n')
    file = make(folder, NOW + timedelta(seconds=1))
    assert file.name.endswith(".tar.gz.age")
    assert b"very secret" not in file.read_bytes()
    with pytest.raises(BackupFailed, match="--key"):
        restore(str(file), tmp_path / "no", None)
    with pytest.raises(BackupFailed, match="can't be opened"):
        restore(str(file), tmp_path / "no", archive.new_key()[0])
    assert not (tmp_path / "no").exists()
    restore(str(file), tmp_path / "back", secret)
    assert (tmp_path / "back" / "secrets" / "client.key").read_text() == "very secret"


def test_what_the_site_made_and_what_unit_toml_names_is_there_again_after_a_restore(
    unit: Unit, folder: Path, tmp_path: Path
) -> None:
    """Each file is written as the server writes it, so that a folder that changes its name can't fall out of the backup."""
    poster = media.keep(unit, "person:9", FileStorage(BytesIO(photograph()), "affiche.jpg"))
    Library(folder).keep("ar/n-4", b"a recording, made ready")
    fetch_keys(_Knows(), folder)  # type: ignore[arg-type]
    (folder / "ours").mkdir()
    (folder / "ours" / "citizens.jwk").write_text("{}")
    (folder / "ours" / "client-secret").write_text("very secret")
    secret = '[portal]\nadapter = "https"\nurl = "https://portal.example"\nclient_secret_file = "ours/client-secret"\n'
    text = re.sub(r'\[portal\]\nadapter = "folder".*\n', secret, (folder / "unit.toml").read_text())
    (folder / "unit.toml").write_text(text + '\n[feedback]\nlocal_key = "ours/citizens.jwk"\n')
    file = make(folder)
    assert b"very secret" not in gzip.decompress(file.read_bytes())
    restore(str(file), tmp_path / "back", None)
    back = tmp_path / "back"
    with unit.reading() as conn:
        (shown,) = (one for one in media.items(conn) if one.id == poster)
    assert media.path_of(back, shown.file or "") is not None
    assert Library(back).source("ar/n-4") == "site"
    assert portal_keys(back) == [_Knows.KEY]
    assert (back / "ours" / "citizens.jwk").exists()


class _Knows:
    """A way to a portal that tells its key."""

    KEY: ClassVar[dict[str, Any]] = PortalKey().public()

    def keys(self) -> list[dict[str, Any]]:
        return [self.KEY]


def archive_names(file: Path) -> list[str]:
    with tarfile.open(file) as tar:
        return tar.getnames()


@pytest.mark.parametrize("where", [0.1, 0.5, 0.98])
def test_a_damaged_backup_is_refused_and_leaves_nothing_behind(folder: Path, tmp_path: Path, where: float) -> None:
    file = make(folder)
    content = bytearray(file.read_bytes())
    place = int(len(content) * where)
    content[place : place + 20] = bytes(20)
    file.write_bytes(content)
    with pytest.raises(BackupFailed):
        restore(str(file), tmp_path / "back", None)
    assert not (tmp_path / "back").exists()
    assert not [path for path in tmp_path.iterdir() if "restoring" in path.name]


@pytest.mark.parametrize("name", ["../outside", "/tmp/outside", "voice/../../outside"])
def test_a_forged_backup_writes_nothing_outside_its_folder(tmp_path: Path, name: str) -> None:
    import io

    forged = tmp_path / "unit-20261123T080000Z.tar.gz"
    with tarfile.open(forged, "w:gz") as tar:
        member = tarfile.TarInfo(name)
        member.size = 4
        tar.addfile(member, io.BytesIO(b"evil"))
    with pytest.raises(BackupFailed, match="no file of a backup"):
        restore(str(forged), tmp_path / "back", None)
    assert sorted(path.name for path in tmp_path.iterdir()) == [forged.name]


def test_a_damaged_database_is_not_kept_as_a_backup(unit: Unit, folder: Path) -> None:
    for _ in range(300):
        unit.visits.issue(ORDER, KIOSK)
    unit.close()
    path = folder / "unit.db"
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 8000] = b"\x55" * 8000
    path.write_bytes(content)
    with pytest.raises(BackupFailed, match="damaged"):
        make(folder)
    assert not (folder / "backups").exists()
    assert last_backups(folder)["backups"]["error"]


def test_it_does_not_restore_over_anything(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(FolderTaken):
        restore(str(make(folder)), folder, None)


def test_what_is_taken_away_while_the_backup_is_made_is_left_out_and_the_rest_is_whole(tmp_path: Path) -> None:
    """A manager's picture may go at any moment; that the database is gone is no small thing."""
    there = tmp_path / "there.webp"
    there.write_bytes(b"a picture")
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as tar:
        packed = dict(archive._packed(tar, {"media/gone.webp": tmp_path / "gone.webp", "media/there.webp": there}))
        with pytest.raises(FileNotFoundError):
            list(archive._packed(tar, {"unit.db": tmp_path / "unit.db"}))
    assert packed == {"media/there.webp": hashlib.sha256(b"a picture").hexdigest()}
    assert archive_names(tmp_path / "a.tar.gz") == ["media/there.webp"]


def test_a_file_that_is_half_written_is_left_out(folder: Path) -> None:
    (folder / "media").mkdir()
    (folder / "media" / "0123.mp4.part").write_bytes(b"half a film")
    assert not [name for name in archive_names(make(folder)) if name.endswith(".part")]
