"""Signed files for a stick: what a unit sends that is never online. Laid out as docs/portal-contract.md says."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from portal import contract
from portal.contract import signing
from server.errors import N_
from server.files import NOT_THERE, Outlet, write_whole
from server.settings import PortalSettings
from server.sync.adapters import CARRIED, STORED, Owed, SyncFailed, Verdict

NOT_WRITTEN = N_("The file %(path)s can't be written: %(detail)s.")
NO_KEY = N_("Files for the portal can't be signed yet: run istiqbal sync-key, and give the portal's operator what it prints.")
KEY_NOT_READ = N_("The signing key %(path)s can't be read: %(detail)s.")
SIGNING_KEY = "secrets/signing-key.jwk"


class FolderAdapter:
    """Writes each batch as `<day>/<epoch>-<first sequence>.json`, whole or not at all, then its signature beside it.

    `key` is asked at each file, so that a key made meanwhile is used; nothing is written unsigned.
    """

    def __init__(self, outlet: Outlet, unit: str, key: Callable[[], Mapping[str, Any] | None]) -> None:
        self._outlet, self._unit, self._key = outlet, unit, key

    @classmethod
    def of(cls, settings: PortalSettings, unit: str, folder: Path) -> FolderAdapter:
        return cls(Outlet.told(settings.path or "portal-outbox", folder), unit, lambda: read_signing_key(folder))

    def send(self, owed: Sequence[Owed]) -> list[Verdict]:
        for day, group in groupby(owed, key=lambda one: one.day):
            events = [one.event for one in group]
            self._write(day, f"{events[0]['epoch']}-{events[0]['sequence']}.json", contract.batch(events))
        return [STORED] * len(owed)

    def submit(self, body: Mapping[str, Any], day: str) -> Verdict:
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        self._write(day, f"submission-{body['reference']}.json", content)
        return CARRIED

    def stage(self, reference: str) -> None:
        return None

    def keys(self) -> None:
        return None

    def _write(self, day: str, name: str, content: bytes) -> None:
        key = self._key()
        if key is None:
            raise SyncFailed(NO_KEY)
        path = self._outlet.path / day / name
        try:
            self._outlet.open()
            path.parent.mkdir(exist_ok=True)
            write_whole(path, content)
            write_whole(path.with_name(path.name + signing.SUFFIX), signing.sign(content, self._unit, key).encode())
        except FileNotFoundError as error:
            raise SyncFailed(NOT_THERE, path=str(self._outlet.path)) from error
        except OSError as error:
            raise SyncFailed(NOT_WRITTEN, path=str(path), detail=error.strerror) from error


def read_signing_key(folder: Path) -> dict[str, Any] | None:
    """The unit's private key for files, None when none was made. Raises SyncFailed."""
    path = folder / SIGNING_KEY
    try:
        key: dict[str, Any] = json.loads(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise SyncFailed(KEY_NOT_READ, path=str(path), detail=error) from error
    return key


def make_signing_key(folder: Path) -> dict[str, Any]:
    """Make the unit's key for files unless there is one; its public part, for the portal."""
    key = read_signing_key(folder)
    if key is None:
        key = signing.new_signing_key()
        path = folder / SIGNING_KEY
        path.parent.mkdir(mode=0o700, exist_ok=True)
        write_whole(path, json.dumps(key).encode(), mode=0o600)
    return signing.public(key)
