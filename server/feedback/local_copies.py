"""Copies sealed to the unit's own key: making the key, and opening them with its private part, on whatever machine has it."""

from __future__ import annotations

import json
import os
import secrets
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from joserfc.jwk import OKPKey

from portal.contract import sealing
from server.clock import rfc3339
from server.errors import UnitError
from server.printing.slips import grouped

KEPT_AS_THEY_ARE = "\n\t"
HARMFUL = ("Cc", "Cf")
"""Unicode categories that steer a terminal or the direction of writing; joiners of Arabic and emoji among them are let through."""
JOINERS = "\u200c\u200d"


def make_key(file: Path) -> Path:
    """Write a new private key to `file` (its owner's alone) and its public part beside it; its path. Raises UnitError."""
    pair = OKPKey.generate_key("X25519")
    kid = f"unit-{secrets.token_hex(4)}"
    public = file.with_name(file.name + ".pub")
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="ascii") as out:
            json.dump({**pair.as_dict(private=True), "kid": kid}, out)
        public.write_text(json.dumps({**pair.as_dict(private=False), "kid": kid}), encoding="ascii")
    except OSError as error:
        raise UnitError(f"The key can't be written: {error}.") from error
    return public


def read(conn: Any, file: Path) -> Iterator[str]:
    """Each copy as text, the newest first; what another key opens says so. Raises UnitError when the key can't be read."""
    try:
        key = json.loads(file.read_bytes())
        kid = key["kid"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnitError(f"{file} is no private key: {type(error).__name__}.") from None
    rows = conn.execute(
        "SELECT reference, type, service, at, local FROM submissions WHERE local IS NOT NULL ORDER BY at DESC, reference"
    )
    for reference, type_, service, at, local in rows:
        head = f"{grouped(reference)}  {type_}  {service or '-'}  {rfc3339(at)}"
        try:
            plain = sealing.unseal(local, reference, {kid: key}.__getitem__)
        except sealing.CantOpen as error:
            yield f"{head}\n  {error}"
        else:
            contact = " ".join(plain.get("contact", {}).values())
            yield "\n".join(filter(None, (head, harmless(contact), harmless(plain["text"])))) + "\n"


def harmless(text: str) -> str:
    """Text for a terminal: what would steer it, or turn the direction of writing, is shown as its code."""
    return "".join(_shown(letter) for letter in text)


def _shown(letter: str) -> str:
    steers = unicodedata.category(letter) in HARMFUL and letter not in KEPT_AS_THEY_ARE + JOINERS
    return f"<U+{ord(letter):04X}>" if steers else letter
