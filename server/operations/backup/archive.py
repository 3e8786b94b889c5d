"""One backup as a file: a gzipped tar with the database, what `contents` finds beside it, and a manifest.

With a recipient's key it is sealed as an `age` file (age-encryption.org/v1), which Debian's `age` opens as well; only then
the unit's own secrets go along. The database is copied by SQLite's backup in one step, beside the running server, and the
copy is opened and checked before it counts as one.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

import pyrage
from sqlite_utils.utils import sqlite3

from server.errors import UnitError
from server.operations.backup import contents
from server.settings import STORE_FILE, UNIT_FILE, Settings
from server.store.database import connect

MANIFEST = "backup.json"
DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


class BackupFailed(UnitError):
    """No backup was made, or it can't be used; the sentence says why."""


class NoRoom(BackupFailed):
    """The disk that it is to be written to is full."""


def not_written(sentence: str, error: OSError) -> BackupFailed:
    """What stopped a writing, NoRoom where older backups could make room."""
    return (NoRoom if error.errno in DISK_FULL else BackupFailed)(f"{sentence}: {error.strerror}.")


def make_archive(folder: Path, settings: Settings, work: Path, at: datetime) -> tuple[Path, dict[str, Any]]:
    """Make the backup of the unit in `folder` below `work`, sealed where a key is set; its file and its manifest.

    Raises BackupFailed.
    """
    key = settings.backup.key
    try:
        facts = copy_store(folder / STORE_FILE, work / STORE_FILE)
        files = {STORE_FILE: work / STORE_FILE, **dict(contents.files(folder, settings, sealed=key is not None))}
        manifest = {
            "unit": settings.unit.id,
            "made_at": at.astimezone(UTC).isoformat(timespec="seconds"),
            "istiqbal": version("istiqbal"),
            **facts,
        }
        plain = work / "backup.tar.gz"
        with tarfile.open(plain, "w:gz", compresslevel=6) as tar:
            manifest["files"] = dict(_packed(tar, files))
            (work / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
            tar.add(work / MANIFEST, MANIFEST)
        return (_seal(plain, key) if key else plain), manifest
    except OSError as error:
        raise not_written("The backup can't be written", error) from error


class _Read:
    """A file's stream and the digest of what was read of it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self.digest.update(data)
        return data


def _packed(tar: tarfile.TarFile, files: Mapping[str, Path]) -> Iterator[tuple[str, str]]:
    """Put files into the archive; the name and digest of each as it went in."""
    for name, path in files.items():
        try:
            stream = path.open("rb")
        except FileNotFoundError:
            if name.split("/")[0] in contents.FOLDERS:  # a picture or recording that was taken away since it was listed
                continue
            raise
        with stream:
            read = _Read(stream)
            tar.addfile(tar.gettarinfo(arcname=name, fileobj=stream), read)
        yield name, read.digest.hexdigest()


def copy_store(source: Path, target: Path) -> dict[str, Any]:
    """A checked copy of a database that is in use; `{schema, events}` of it. Raises BackupFailed."""
    try:
        reader = connect(source, read_only=True)
        try:
            copy = sqlite3.connect(target)
            reader.backup(copy)
            copy.close()
        finally:
            reader.close()
        return check_store(target)
    except sqlite3.Error as error:
        full = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        raise (NoRoom if full else BackupFailed)(f"The database {source} can't be copied: {error}.") from error


def check_store(path: Path) -> dict[str, Any]:
    """Open a copy and read all of it; raises BackupFailed when a page is damaged."""
    conn = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        (word,) = conn.execute("PRAGMA integrity_check(1)").fetchone()
        if word != "ok":
            raise BackupFailed(f"The database {path} is damaged: {word}. Restore the last good backup.")
        (schema,) = conn.execute("PRAGMA user_version").fetchone()
        (events,) = conn.execute("SELECT COALESCE(MAX(seq), 0) FROM events").fetchone()
        return {"schema": schema, "events": events}
    except sqlite3.DatabaseError as error:
        raise BackupFailed(f"The database {path} is damaged: {error}. Restore the last good backup.") from error
    finally:
        conn.close()


def open_archive(file: Path, key: str | None, work: Path) -> dict[str, Any]:
    """Unpack a backup into the empty folder `work` and check all of it; its manifest. Raises BackupFailed."""
    plain = _unseal(file, key, work) if file.name.endswith(".age") else file
    try:
        with tarfile.open(plain, "r:gz") as tar:
            _unpack(tar, work / "unit")
        manifest: dict[str, Any] = json.loads((work / "unit" / MANIFEST).read_text(encoding="utf-8"))
        for name, digest in manifest["files"].items():
            if _digest(work / "unit" / name) != digest:
                raise BackupFailed(f"{file} is damaged: {name} in it is not what was kept.")
    except (tarfile.TarError, zlib.error, EOFError, ValueError, KeyError, OSError) as error:
        raise BackupFailed(f"{file} is no whole backup: {error}.") from error
    check_store(work / "unit" / STORE_FILE)
    return manifest


def _unpack(tar: tarfile.TarFile, folder: Path) -> None:
    """Write the archive's plain files below `folder`, and nothing else. (Debian 12's Python has no extraction filters yet.)"""
    for member in tar:
        source = tar.extractfile(member) if member.isfile() else None
        path = folder / member.name
        if source is None or member.name.startswith("/") or ".." in Path(member.name).parts:
            raise BackupFailed(f"“{member.name}” in the archive is no file of a backup.")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with source, open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            shutil.copyfileobj(source, target, 1024 * 1024)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _seal(plain: Path, key: str) -> Path:
    sealed = plain.with_name(plain.name + ".age")
    try:
        pyrage.encrypt_file(str(plain), str(sealed), [pyrage.x25519.Recipient.from_str(key)])
    except (pyrage.RecipientError, pyrage.EncryptError) as error:
        raise BackupFailed(f"The key under [backup] in {UNIT_FILE} is no age key (age1…): {error}.") from error
    plain.unlink()
    return sealed


def _unseal(sealed: Path, key: str | None, work: Path) -> Path:
    if key is None:
        raise BackupFailed(f"{sealed} is sealed: give the file with its secret key (--key FILE).")
    plain = work / "backup.tar.gz"
    try:
        pyrage.decrypt_file(str(sealed), str(plain), [pyrage.x25519.Identity.from_str(key)])
    except (pyrage.IdentityError, pyrage.DecryptError, OSError) as error:
        raise BackupFailed(f"{sealed} can't be opened with this key: {error}.") from error
    return plain


def new_key() -> tuple[str, str]:
    """A new pair: the secret key, for the safe, and the recipient (`age1…`), for unit.toml."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())
