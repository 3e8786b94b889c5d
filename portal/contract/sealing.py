"""Sealing what a citizen wrote, in memory, so that only the portal can read it: JWE compact, ECDH-ES with A256GCM.

The key is a JWK as `GET /v1/keys` gives it (X25519 or P-256); its `kid` goes into the header and tells the portal which
private key opens it. The reference inside must be the reference outside, so that a sealed text can't be moved.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

SEALING = ("ECDH-ES", "A256GCM")
TEXT_CHARACTERS = 100_000
TEXT_BYTES = 200_000
PLAIN_BYTES = 250_000
"""Most bytes of the plain JSON, in which control characters are longer than in the text."""


class _Registry(jwe.JWERegistry):
    """The library's own limit of 64 KB is less than a long complaint."""

    max_ciphertext_length = 400_000


_REGISTRY = _Registry(algorithms=list(SEALING))


class CantOpen(Exception):
    """The seal can't be opened: another key, damaged, or moved from another reference. Quotes nothing of the text."""


class TooLong(Exception):
    """More than TEXT_CHARACTERS code points, TEXT_BYTES bytes, or PLAIN_BYTES as JSON."""


def seal(plain: Mapping[str, Any], key: Mapping[str, Any]) -> str:
    """Seal `plain` ({reference, text, contact?}) to a public JWK. Raises TooLong."""
    if len(plain["text"]) > TEXT_CHARACTERS or len(plain["text"].encode("utf-8", "replace")) > TEXT_BYTES:
        raise TooLong
    header = {"alg": SEALING[0], "enc": SEALING[1], "kid": key["kid"], "cty": "application/json"}
    text = json.dumps(dict(plain), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    if len(text) > PLAIN_BYTES:
        raise TooLong
    return jwe.encrypt_compact(header, text, import_key(key), registry=_REGISTRY)


def unseal(sealed: str, reference: str, private_key: Callable[[str], Mapping[str, Any]]) -> dict[str, Any]:
    """What was sealed under `reference`; `private_key` gives the private JWK for a `kid` or raises KeyError. Raises CantOpen."""
    try:
        opened = jwe.decrypt_compact(sealed, import_key(private_key(kid_of(sealed))), registry=_REGISTRY)
        plain: dict[str, Any] = json.loads(opened.plaintext or b"")
        if plain["reference"] != reference:
            raise CantOpen("It was sealed for another reference.")
        return plain
    except (JoseError, KeyError, TypeError, ValueError):
        raise CantOpen("The key that opens it is not here, or it is damaged.") from None


def kid_of(sealed: str) -> str:
    """The key id in the header of a JWE or JWS. Raises KeyError, TypeError or ValueError."""
    header = sealed.partition(".")[0]
    return str(json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))["kid"])


def newest(keys: Sequence[Mapping[str, Any]], now: str) -> Mapping[str, Any]:
    """The key to seal to at `now` (RFC 3339, UTC, milliseconds): the newest that is valid.

    When none is, the one that was valid last: a unit that has been offline for long still seals, and the portal still opens.
    """
    valid = [key for key in keys if key["valid_from"] <= now < key["valid_until"]]
    return max(valid, key=lambda key: str(key["valid_from"])) if valid else max(keys, key=lambda key: str(key["valid_until"]))


def import_key(key: Mapping[str, Any]) -> ECKey | OKPKey:
    """A JWK for the library, without the members that are ours."""
    members = {name: value for name, value in key.items() if name in ("kty", "crv", "x", "y", "d")}
    return OKPKey.import_key(members) if members["kty"] == "OKP" else ECKey.import_key(members)
