"""Which files of a unit's folder a backup takes along: all that is not made anew by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from server.media.uploads import FOLDER as MEDIA
from server.settings import UNIT_FILE, Settings
from server.sync.line import KEYS_FILE
from server.voice.clips import FOLDER as RECORDINGS

FOLDERS = (RECORDINGS, MEDIA)
"""A file of these may be taken away at any moment; what is half written there ends in HALF."""
HALF = ".part"
SECRETS = "secrets"
"""Goes along only in a sealed backup."""


def files(folder: Path, settings: Settings, *, sealed: bool) -> Iterator[tuple[str, Path]]:
    """Each file once, by its name in the archive, the database left out."""
    found = dict(_all(folder, settings, sealed))
    yield from found.items()


def _all(folder: Path, settings: Settings, sealed: bool) -> Iterator[tuple[str, Path]]:
    for name in (*FOLDERS, *([SECRETS] if sealed else [])):
        for path in sorted((folder / name).rglob("*")):
            if path.is_file() and not path.is_symlink() and path.suffix != HALF:
                yield path.relative_to(folder).as_posix(), path
    yield UNIT_FILE, folder / UNIT_FILE
    for name in (KEYS_FILE, *_named(settings, secrets=sealed)):
        path = Path(name)
        inside = not path.is_absolute() and ".." not in path.parts
        secret = path.parts[0] == SECRETS and not sealed
        if inside and not secret and (folder / path).is_file():
            yield path.as_posix(), folder / path


def _named(settings: Settings, *, secrets: bool) -> list[str]:
    """The files that unit.toml names: certificates and public keys, and what is secret only where the backup is sealed."""
    portal = settings.portal
    public = (portal.ca, portal.certificate, settings.feedback.local_key)
    secret = (portal.key, portal.client_secret_file) if secrets else ()
    return [name for name in (*public, *secret) if name]
