"""Sealing at once, in memory: to the portal's newest key, and to the unit's own if it must answer locally.

What a citizen wrote exists in plain only in the request that brought it and in here; nothing of it is in an exception, a
log or the database.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.contract import sealing
from server.clock import Clock, rfc3339
from server.errors import UnitError
from server.feedback.refusals import BadEmail, BadPhone, TextTooLong
from server.settings import Settings
from server.sync.line import portal_keys

PHONE = re.compile(r"^\+?[0-9][0-9 .()/-]{4,28}[0-9]$")
EMAIL = re.compile(r"^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$")
LONGEST_EMAIL = 254


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a citizen wants to be answered, given freely."""

    phone: str | None = None
    email: str | None = None

    def checked(self) -> dict[str, str]:
        """What is given of it, tidy; raises BadPhone or BadEmail, which do not repeat it."""
        phone, email = (self.phone or "").strip(), (self.email or "").strip()
        if phone and not PHONE.match(phone):
            raise BadPhone
        if email and (len(email) > LONGEST_EMAIL or not EMAIL.match(email)):
            raise BadEmail
        return {name: value for name, value in (("phone", phone), ("email", email)) if value}


@dataclass(frozen=True, slots=True)
class Sealed:
    """JWEs: what goes to the portal, and the unit's own copy."""

    portal: str
    local: str | None


class Sealer:
    """Knows the keys of a unit. Raises UnitError when the unit's own key can't be read."""

    def __init__(self, folder: Path, settings: Settings, now: Clock) -> None:
        self._folder, self._now = folder, now
        self._tells_portal = settings.portal.adapter != "none"
        name = settings.feedback.local_key
        self._own = read_key(folder / name) if name else None

    def key(self) -> Mapping[str, Any] | None:
        """The portal's key to seal to now; None when nothing can be sealed, and so nothing may be taken."""
        if not self._tells_portal:
            return None
        try:
            keys = portal_keys(self._folder)
        except (UnitError, OSError):
            return None
        return sealing.newest(keys, rfc3339(self._now().at)) if keys else None

    def seal(self, reference: str, text: str, contact: Mapping[str, str], key: Mapping[str, Any], *, keep: bool = True) -> Sealed:
        """Seal a text under its reference, and a second time to the unit's own key if it has one; raises TextTooLong."""
        plain: dict[str, Any] = {"reference": reference, "text": text, **({"contact": dict(contact)} if contact else {})}
        try:
            own = sealing.seal(plain, self._own) if self._own and keep else None
            return Sealed(sealing.seal(plain, key), own)
        except sealing.TooLong:
            raise TextTooLong(most=sealing.TEXT_CHARACTERS) from None


def read_key(path: Path) -> dict[str, Any]:
    """A public key (JWK) from a file; raises UnitError."""
    try:
        key: dict[str, Any] = json.loads(path.read_bytes())
        sealing.import_key(key)
        if "d" in key or not isinstance(key["kid"], str):
            raise ValueError("it is a private key, which must not be on this machine, or it has no kid")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnitError(f"feedback.local_key: {path} is no public key: {error}.") from None
    return key
