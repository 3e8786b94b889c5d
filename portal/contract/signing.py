"""Signing files that travel on a stick: a detached JWS (RFC 7515 appendix F) beside each file, as `<file>.jws`.

The header is {alg: Ed25519 or ES256, kid: the unit's id, typ: istiqbal-file+jws}; the payload is the file's
bytes, left out of the JWS (`header..signature`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from portal.contract.sealing import import_key, kid_of

ALGORITHM_OF = {"Ed25519": "Ed25519", "P-256": "ES256"}
TYPE = "istiqbal-file+jws"
SUFFIX = ".jws"


class BadSignature(Exception):
    """The file was changed, or signed with another key."""


def new_signing_key() -> dict[str, Any]:
    """A fresh private Ed25519 JWK."""
    return {str(name): value for name, value in OKPKey.generate_key("Ed25519").as_dict(private=True).items()}


def public(key: Mapping[str, Any]) -> dict[str, Any]:
    """A JWK without its private part."""
    return {name: value for name, value in key.items() if name != "d"}


def sign(content: bytes, unit: str, key: Mapping[str, Any]) -> str:
    """The detached signature of a file's bytes by a private JWK (Ed25519 or P-256)."""
    header = {"alg": ALGORITHM_OF[key["crv"]], "kid": unit, "typ": TYPE}
    signed = jws.serialize_compact(header, content, import_key(key), algorithms=list(ALGORITHM_OF.values()))
    return jws.detach_content(signed)


def signer(signature: str) -> str:
    """The unit that a signature says it is from. Raises BadSignature."""
    try:
        return kid_of(signature.strip())
    except (KeyError, TypeError, ValueError) as error:
        raise BadSignature("This is no signature.") from error


def verify(content: bytes, signature: str, key: Mapping[str, Any]) -> None:
    """Raises BadSignature unless `content` was signed with this public JWK, by its own algorithm and no other."""
    try:
        checked = jws.deserialize_compact(
            signature.strip(), import_key(key), algorithms=[ALGORITHM_OF[key["crv"]]], payload=content
        )  # fmt: skip
        if checked.headers().get("typ") != TYPE:
            raise BadSignature("This signature is for something else.")
    except (JoseError, KeyError, TypeError, ValueError) as error:
        raise BadSignature("The file was changed, or signed with another key.") from error
