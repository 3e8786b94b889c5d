"""Files that are there whole or not at all, and the folders they are brought to."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from server.errors import N_

NOT_THERE = N_("The folder %(path)s is not there: plug the stick in.")
STICKS = (Path("/media"), Path("/mnt"), Path("/run/media"))
"""Where sticks and other disks are mounted. A mount point of /etc/fstab is there without its stick too."""


def _disk_of(path: Path) -> int:
    """The number of the file system that holds `path`."""
    return path.stat().st_dev


@dataclass(frozen=True, slots=True)
class Outlet:
    """A folder that files are brought to: one of the unit's, which is made, or a stick's, which must be there: what is not
    plugged in is not written beside.
    """

    path: Path
    may_make: bool
    sticks: tuple[Path, ...] = STICKS
    disk_of: Callable[[Path], int] = field(default=_disk_of, compare=False)

    @classmethod
    def told(cls, address: str, unit_folder: Path) -> Outlet:
        """As an installer wrote it: absolute for a stick, relative to the unit's folder for one of its own."""
        path = Path(address).expanduser()
        return cls(unit_folder / path, may_make=not path.is_absolute())

    def open(self, mode: int = 0o777) -> Path:
        """The folder, ready to be written to. Raises FileNotFoundError where a stick is out, or OSError."""
        if self.may_make:
            self.path.mkdir(mode=mode, parents=True, exist_ok=True)
        elif not self.path.is_dir() or self._stick_is_out():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(self.path))
        return self.path

    def _stick_is_out(self) -> bool:
        """Whether the folder is where a stick would be, and still on the disk that the place of the mount points is on."""
        path = self.path.resolve()
        places = [place for place in self.sticks if path.is_relative_to(place)]
        return any(self.disk_of(path) == self.disk_of(place.parent) for place in places)


def write_whole(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Write a file so that it is there complete and on the disk, or not there at all; `mode` as umask leaves it."""
    with writing_whole(path, mode) as file:
        file.write(content)


@contextmanager
def writing_whole(path: Path, mode: int = 0o666) -> Iterator[BinaryIO]:
    """A file to write little by little: it gets its name when all is on the disk; given up half-way, nothing is left."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
    except BaseException:  # a full disk, a cancelled export: the half file goes
        part.unlink(missing_ok=True)
        raise
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
