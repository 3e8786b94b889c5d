"""Files for a stick are never written where the stick should be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from server.files import Outlet

DOCS = Path(__file__).resolve().parents[3] / "docs"


@pytest.fixture
def media(tmp_path: Path) -> Path:
    """A place of mount points, with one that is there without its stick, as a line in /etc/fstab makes it."""
    (tmp_path / "media" / "stick" / "backups").mkdir(parents=True)
    return tmp_path / "media"


@pytest.mark.parametrize("name", ["stick", "stick/backups"])
def test_a_mount_point_without_its_stick_is_refused(media: Path, name: str) -> None:
    """All of it is on the disk of the machine."""
    with pytest.raises(FileNotFoundError):
        Outlet(media / name, may_make=False, sticks=(media,)).open()


def test_a_stick_that_is_plugged_in_is_written_to(media: Path) -> None:
    def disk_of(path: Path) -> int:
        return 2 if path.is_relative_to(media / "stick") else 1

    assert Outlet(media / "stick" / "backups", False, (media,), disk_of).open() == media / "stick" / "backups"


def test_a_link_to_a_stick_that_is_out_does_not_get_round_it(media: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(media / "stick")
    with pytest.raises(FileNotFoundError):
        Outlet(tmp_path / "link", may_make=False, sticks=(media,)).open()


def test_a_folder_that_is_no_sticks_may_be_on_the_machines_own_disk(media: Path, tmp_path: Path) -> None:
    assert Outlet(tmp_path, may_make=False, sticks=(media,)).open() == tmp_path
    assert Outlet(tmp_path / "unit" / "backups", may_make=True, sticks=(media,)).open().is_dir()


def test_the_machines_own_places_of_sticks_are_known() -> None:
    assert {Path("/media"), Path("/mnt"), Path("/run/media")} <= set(Outlet(Path("/media/x"), may_make=False).sticks)


@pytest.mark.parametrize("page", ["backup.md", "sync.md"])
def test_the_documentation_names_a_folder_on_the_stick_and_never_its_mount_point(page: str) -> None:
    named = re.findall(r'"(/(?:media|mnt)/[^"]+)"', (DOCS / page).read_text(encoding="utf-8"))
    assert named
    for path in named:
        assert len(Path(path).parts) > 3, path
