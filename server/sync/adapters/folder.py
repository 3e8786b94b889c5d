"""Signed files for a stick: what a unit sends that is never online. Laid out as docs/portal-contract.md says."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from portal import contract
from portal.contract import signing
from server.errors import N_, UnitError
from server.files import write_whole
from server.settings import PortalSettings
from server.sync.adapters import STORED, Owed, SyncFailed, Verdict

NOT_WRITTEN = N_("The file %(path)s can't be written: %(detail)s.")
SIGNING_KEY = "secrets/signing-key.jwk"


class FolderAdapter:
    """Writes each batch as `<day>/<epoch>-<first sequence>.json`, whole or not at all, then its signature beside it."""

    def __init__(self, folder: Path, unit: str, key: Mapping[str, Any] | None = None) -> None:
        self._folder, self._unit, self._key = folder, unit, key

    @classmethod
    def of(cls, settings: PortalSettings, unit: str, folder: Path) -> FolderAdapter:
        return cls(folder / (settings.path or "portal-outbox"), unit, read_signing_key(folder))

    def send(self, owed: Sequence[Owed]) -> list[Verdict]:
        for day, group in groupby(owed, key=lambda one: one.day):
            events = [one.event for one in group]
            self._write(day, f"{events[0]['epoch']}-{events[0]['sequence']}.json", contract.batch(events))
        return [STORED] * len(owed)

    def submit(self, body: Mapping[str, Any], day: str) -> Verdict:
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        self._write(day, f"submission-{body['reference']}.json", content)
        return STORED

    def stage(self, reference: str) -> None:
        return None

    def keys(self) -> None:
        return None

    def _write(self, day: str, name: str, content: bytes) -> None:
        path = self._folder / day / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, content)
            if self._key is not None:
                signature = signing.sign(content, self._unit, self._key)
                write_whole(path.with_name(path.name + signing.SUFFIX), signature.encode())
        except OSError as error:
            raise SyncFailed(
                N_("The file %(path)s can't be written: %(detail)s."), path=str(path), detail=error.strerror
            ) from error


def read_signing_key(folder: Path) -> dict[str, Any] | None:
    """The unit's private key for files, None when none was made (files then go unsigned). Raises UnitError."""
    path = folder / SIGNING_KEY
    try:
        key: dict[str, Any] = json.loads(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise UnitError(f"The signing key {path} can't be read: {error}.") from error
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
