"""Backups: made while tickets flow, checked, sealed, rotated, brought back on another machine."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import tarfile
import threading
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar

import pytest
from werkzeug.datastructures import FileStorage

from server import media, settings
from server.operations.backup import archive, making, rotation
from server.operations.backup.archive import BackupFailed
from server.operations.backup.making import STATE_FILE, back_up, last_backups
from server.operations.backup.restoring import FEWEST_SKIPPED, FolderTaken, _enough, go_on, restore
from server.store.database import connect
from server.sync.line import fetch_keys, portal_keys
from server.unit import Unit
from server.visits import Order
from server.voice.clips import Library
from tests.conftest import CLERK, KIOSK, ToldClock
from tests.server.feedback.conftest import PortalKey
from tests.server.media.films import photograph

HOUR_S = 3600
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ORDER = Order("etat-civil", "ar")


def quiet(_: str) -> None:
    pass


def make(folder: Path, at: datetime = NOW) -> Path:
    """One backup of the unit into its own `backups/`."""
    loaded = settings.load(folder)
    back_up(folder, loaded, at, quiet)
    return max((folder / "backups").iterdir())


def with_settings(folder: Path, text: str) -> None:
    with (folder / "unit.toml").open("a") as file:
        file.write(text)


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


def test_a_place_that_fails_keeps_no_other_from_its_backup_and_is_remembered(folder: Path, tmp_path: Path) -> None:
    stick = tmp_path / "not-plugged-in" / "backups"
    with_settings(folder, f'\n[backup]\nto = ["{stick}", "backups"]\n')
    with pytest.raises(BackupFailed, match="not-plugged-in"):
        make(folder)
    assert len(list((folder / "backups").iterdir())) == 1
    assert not stick.exists(), "nothing may be written where the stick should be"
    state = json.loads((folder / STATE_FILE).read_text())
    assert state[str(stick)]["error"]
    assert state[str(stick)]["good_at"] is None
    assert state["backups"] == {"tried_at": "2026-11-23T08:00:00+00:00", "good_at": "2026-11-23T08:00:00+00:00", "error": None}


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


def test_what_a_power_cut_left_of_a_backup_goes_with_the_next_one(folder: Path) -> None:
    """Of yesterday: a younger one may be on its way, and another unit's is not ours."""
    work, young = folder / ".backup-abc", folder / ".backup-young"
    for path, hours in ((work, 25), (young, 1)):
        path.mkdir()
        (path / "unit.db").write_bytes(b"half")
        at = (NOW - timedelta(hours=hours)).timestamp()
        os.utime(path, (at, at))
    (folder / "backups").mkdir()
    names = [rotation.half_name(rotation.name_of(unit, NOW - timedelta(hours=h), sealed=False)) for unit, h in HALVES]
    for name in names:
        (folder / "backups" / name).write_bytes(b"half")
    make(folder)
    assert (work.exists(), young.exists()) == (False, True)
    left = {path.name for path in (folder / "backups").iterdir() if path.name.startswith(".")}
    assert left == set(names[1:])


HALVES = (("unit", 25), ("unit", 1), ("other", 25))


def full_disk(at: Path) -> None:
    """A disk of one megabyte at a folder, full of a backup that need not be kept."""
    at.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", at], capture_output=True).returncode:
        pytest.skip("may not mount")
    (at / rotation.name_of("unit", NOW - timedelta(days=800), sealed=False)).write_bytes(bytes(1_000_000))


@pytest.mark.skipif(os.geteuid() != 0, reason="mounts a small disk")
def test_a_stick_that_is_full_of_old_backups_takes_the_new_one(folder: Path, tmp_path: Path) -> None:
    with_settings(folder, f'\n[backup]\nto = ["{tmp_path}/stick"]\nkeep_days = 1\nkeep_months = 0\n')
    full_disk(tmp_path / "stick")
    try:
        (folder / "media").mkdir()
        (folder / "media" / "noise.webp").write_bytes(os.urandom(300_000))
        back_up(folder, settings.load(folder), NOW, quiet)
        assert [path.name for path in (tmp_path / "stick").iterdir()] == [rotation.name_of("unit", NOW, sealed=False)]
    finally:
        subprocess.run(["umount", tmp_path / "stick"], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="mounts a small disk")
def test_a_stick_that_is_too_small_says_so(folder: Path, tmp_path: Path) -> None:
    with_settings(folder, f'\n[backup]\nto = ["{tmp_path}/stick"]\n')
    full_disk(tmp_path / "stick")
    try:
        (folder / "media").mkdir()
        (folder / "media" / "noise.webp").write_bytes(os.urandom(2_000_000))
        with pytest.raises(BackupFailed, match="No space left"):
            back_up(folder, settings.load(folder), NOW, quiet)
        assert not [path for path in (tmp_path / "stick").iterdir() if path.name.startswith(".")]
    finally:
        subprocess.run(["umount", tmp_path / "stick"], check=True)


def test_where_the_units_own_disk_is_full_old_backups_make_room(folder: Path) -> None:
    """The disk is told to be full once: the first copy fails, the old backup goes, the second copy is kept."""
    with_settings(folder, "\n[backup]\nkeep_days = 1\nkeep_months = 0\n")
    (folder / "backups").mkdir()
    old = folder / "backups" / rotation.name_of("unit", NOW - timedelta(days=800), sealed=False)
    old.write_bytes(b"old")

    def make_archive(*given: Any) -> Any:
        if old.exists():
            raise archive.NoRoom("The backup can't be written: No space left on device.")
        return archive.make_archive(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(making, "make_archive", make_archive)
        made = make(folder)
    assert [path.name for path in (folder / "backups").iterdir()] == [made.name]


def test_the_newest_of_a_place_is_restored(folder: Path, tmp_path: Path) -> None:
    make(folder)
    make(folder, NOW + timedelta(hours=2))
    shutil.copy(max((folder / "backups").iterdir()), folder / "backups" / "other-20300101T000000Z.tar.gz")
    with pytest.raises(BackupFailed, match="--unit: other, unit"):
        restore(str(folder / "backups"), tmp_path / "back", None)
    assert restore(str(folder / "backups"), tmp_path / "back", None, unit="unit")["made_at"] == "2026-11-23T10:00:00+00:00"


def test_rotation_keeps_days_and_months_and_never_touches_other_files() -> None:
    names = [rotation.name_of("u", NOW - timedelta(hours=6 * n), sealed=n % 2 == 0) for n in range(4 * 400)]
    others = ["u-notes.txt", "other-20200101T000000Z.tar.gz", "u-20209999T000000Z.tar.gz"]
    dropped = rotation.to_drop([*names, *others], "u", NOW, keep_days=14, keep_months=12)
    kept = [name for name in names if name not in dropped]
    assert not set(others) & set(dropped)
    assert kept[0] == names[0]
    days = {name[2:10] for name in kept}
    assert len(days) == 14 + 12 - 1, "the newest of this month is the newest of today"
    assert len([name for name in kept if name.startswith(("u-20261123", "u-20261122"))]) >= 4
    assert rotation.to_drop(kept, "u", NOW, 14, 12) == []


def test_rotation_never_drops_the_only_one() -> None:
    old = rotation.name_of("u", NOW - timedelta(days=4000), sealed=False)
    assert rotation.to_drop([old], "u", NOW, 1, 0) == []
