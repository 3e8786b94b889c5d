"""Where backups are kept: a folder (also a USB stick's), or a second PC over SSH. One class and one line each."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from server.files import Outlet
from server.operations.backup.archive import BackupFailed, NoRoom, not_written
from server.operations.backup.contents import SECRETS
from server.operations.backup.rotation import half_name

SSH_S = 600
NOT_WRITTEN = ("write remote", "Couldn't write to remote")
"""How OpenSSH's sftp begins when the file is open over there and takes no more; newer and older."""


class Place(Protocol):
    """Keeps files by name."""

    def put(self, file: Path, name: str) -> None:
        """Keep a file under this name, whole or not at all; raises BackupFailed, NoRoom where the place is full."""

    def names(self) -> list[str]:
        """The names of all files there; raises BackupFailed."""

    def drop(self, names: Iterable[str]) -> None:
        """Remove files; raises BackupFailed."""

    def fetch(self, name: str, target: Path) -> None:
        """Copy a file from there; raises BackupFailed."""


class Folder:
    """A folder of this machine, or a USB stick's."""

    def __init__(self, outlet: Outlet) -> None:
        self._outlet, self._path = outlet, outlet.path

    def put(self, file: Path, name: str) -> None:
        try:
            part = self._outlet.open(0o700) / half_name(name)
            try:
                with file.open("rb") as source, part.open("wb") as target:
                    shutil.copyfileobj(source, target, 1024 * 1024)
                    target.flush()
                    os.fsync(target.fileno())
                part.replace(self._path / name)
            finally:
                part.unlink(missing_ok=True)
        except OSError as error:
            raise not_written(f"{self._path} can't be written", error) from error

    def names(self) -> list[str]:
        try:
            return [path.name for path in self._path.iterdir()]
        except OSError as error:
            raise BackupFailed(f"{self._path} can't be read: {error.strerror}.") from error

    def drop(self, names: Iterable[str]) -> None:
        try:
            for name in names:
                (self._path / name).unlink(missing_ok=True)
        except OSError as error:
            raise BackupFailed(f"Old backups in {self._path} can't be removed: {error.strerror}.") from error

    def fetch(self, name: str, target: Path) -> None:
        try:
            shutil.copyfile(self._path / name, target)
        except OSError as error:
            raise BackupFailed(f"{self._path / name} can't be read: {error.strerror}.") from error


class SecondPc:
    """A folder of another machine, reached with OpenSSH's sftp; the key and the known hosts are in the unit's `secrets/`.

    Never asks anything: an unknown host or a refused key is a failure. An account with sftp alone is enough over there.
    """

    def __init__(self, address: str, secrets: Path) -> None:
        parts = urlsplit(address)
        if not parts.hostname or not parts.path.strip("/"):
            raise BackupFailed(f"“{address}” is no place for backups; write ssh://user@host/folder.")
        self._folder = unquote(parts.path)
        self._host = f"{parts.username}@{parts.hostname}" if parts.username else parts.hostname
        self._options = ["-q", "-P", str(parts.port or 22), "-o", "BatchMode=yes", "-o", "ConnectTimeout=10"]
        for option, name in (("IdentityFile", "backup_key"), ("UserKnownHostsFile", "known_hosts")):
            if (secrets / name).exists():
                self._options += ["-o", f"{option}={secrets / name}"]

    def put(self, file: Path, name: str) -> None:
        part = self._path(half_name(name))
        try:
            self._sftp(f'-mkdir "{self._folder}"', f'put "{file}" {part}', f"rename {part} {self._path(name)}")
        except NoRoom:
            self._sftp(f"-rm {part}")
            raise

    def names(self) -> list[str]:
        lines = self._sftp(f'ls -1a "{self._folder}"').splitlines()
        return [line.rsplit("/", 1)[-1].strip() for line in lines if not line.startswith("sftp>")]

    def drop(self, names: Iterable[str]) -> None:
        if commands := [f"rm {self._path(name)}" for name in names]:
            self._sftp(*commands)

    def fetch(self, name: str, target: Path) -> None:
        self._sftp(f'get {self._path(name)} "{target}"')

    def _path(self, name: str) -> str:
        return f'"{self._folder.rstrip("/")}/{name}"'

    def _sftp(self, *commands: str) -> str:
        command = ["sftp", *self._options, "-b", "-", self._host]
        try:
            done = subprocess.run(command, input="\n".join(commands), capture_output=True, text=True, timeout=SSH_S, check=False)
        except FileNotFoundError as error:
            raise BackupFailed("sftp is missing: apt-get install openssh-client") from error
        except subprocess.TimeoutExpired as error:
            raise BackupFailed(f"{self._host} did not take the backup within {SSH_S} seconds.") from error
        if done.returncode:
            lines = done.stderr.strip().splitlines() or ["no answer"]
            if any(line.startswith(NOT_WRITTEN) for line in lines):  # sftp's protocol has no word for a full disk
                raise NoRoom(f"{self._host} is full or can't write: {lines[-1]}")
            raise BackupFailed(f"{self._host} could not be reached or refused: {lines[-1]}")
        return done.stdout


def place(address: str, unit_folder: Path) -> Place:
    """The place an installer wrote: `ssh://…`, or a folder, relative to the unit's; raises BackupFailed."""
    if address.startswith("ssh://"):
        return SecondPc(address, unit_folder / SECRETS)
    return Folder(Outlet.told(address, unit_folder))
