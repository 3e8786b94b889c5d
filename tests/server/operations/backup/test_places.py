"""Where backups are kept: places that fail, that are full or small, and what stays of older ones."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from server import settings
from server.operations.backup import archive, making, rotation
from server.operations.backup.archive import BackupFailed
from server.operations.backup.making import STATE_FILE, back_up
from server.operations.backup.restoring import restore
from tests.server.operations.backup.made import NOW, make, quiet, with_settings


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
