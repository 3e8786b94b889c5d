"""Keys of sessions and tokens: 256 random bits, kept as their SHA-256."""

from __future__ import annotations

import hashlib
import secrets


def new_key() -> str:
    """256 random bits that can stand in a header, a cookie or an address."""
    return secrets.token_urlsafe(32)


def hashed(key: str) -> str:
    """What the database keeps of a key; the key has too much randomness to be guessed from it."""
    return hashlib.sha256(key.encode()).hexdigest()
