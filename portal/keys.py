"""The portal's own keys: what units seal to. Private JWKs as files in `keys/`, readable by their owner alone.

A key is offered for two years and kept for ever, so that a unit that was offline may still be opened. `rotate` adds one.
"""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from joserfc.jwk import OKPKey

from portal.clock import rfc3339
from portal.contract.signing import public

FOLDER = "keys"
VALID = timedelta(days=730)


def rotate(folder: Path, now: datetime) -> str:
    """Make a key that is valid from now on; returns its key id."""
    kid = f"{now:%Y-%m-%d}-{os.urandom(3).hex()}"
    key = {
        **OKPKey.generate_key("X25519").as_dict(private=True),
        "kid": kid,
        "use": "enc",
        "valid_from": rfc3339(now),
        "valid_until": rfc3339(now + VALID),
    }
    place = folder / FOLDER
    place.mkdir(mode=0o700, exist_ok=True)
    part = place / f"{kid}.part"
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="ascii") as file:
        json.dump(key, file)
        file.flush()
        os.fsync(file.fileno())
    part.rename(place / f"{kid}.json")
    return kid


class Keys:
    """The keys of a folder; read again when one is asked for that was not there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER

    def _all(self) -> list[dict[str, Any]]:
        return [json.loads(path.read_text(encoding="ascii")) for path in self._folder.glob("*.json")]

    def public(self) -> list[dict[str, Any]]:
        """Public parts, newest first."""
        return sorted((public(key) for key in self._all()), key=lambda key: str(key["valid_from"]), reverse=True)

    def private(self, kid: str) -> dict[str, Any]:
        """Raises KeyError."""
        return {key["kid"]: key for key in self._all()}[kid]
