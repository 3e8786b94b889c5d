"""Passwords and PINs: the rules they keep and their argon2id.

Hashing takes tens of milliseconds and belongs before the writer's transaction, never inside it.
"""

from __future__ import annotations

import itertools
from typing import Any, ClassVar

from server.errors import N_, Refused

SHORTEST, LONGEST = 10, 200
PIN_LENGTHS = range(4, 9)
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
"""A hash that nothing matches, so that an unknown login takes as long as a wrong password."""


class WeakPassword(Refused):
    status, slug = 422, "weak-password"
    message: ClassVar[str] = N_("A password has at least 10 characters and at most 200, and is not the login.")


class WeakPin(Refused):
    status, slug = 422, "weak-pin"
    message: ClassVar[str] = N_("A PIN has 4 to 8 digits, and not ones that anybody would try first, such as 1234, 0000 or a year.")


def new_password(login: str, password: str) -> str:
    """The hash of a new password that keeps the rules (length, not the login; no rules of composition); raises WeakPassword."""
    if not SHORTEST <= len(password) <= LONGEST or password.strip().casefold() == login.strip().casefold():
        raise WeakPassword
    return hash_of(password)


def new_pin(pin: str) -> str:
    """The hash of a new PIN that keeps the rules; raises WeakPin."""
    if not (pin.isascii() and pin.isdigit() and len(pin) in PIN_LENGTHS) or _guessable(pin):
        raise WeakPin
    return hash_of(pin)


def _guessable(pin: str) -> bool:
    """One digit or group repeated, digits that count up or down, or a year of somebody's life."""
    repeated = any(pin == pin[:size] * (len(pin) // size) for size in range(1, len(pin) // 2 + 1))
    steps = {(int(after) - int(before)) % 10 for before, after in itertools.pairwise(pin)}
    year = len(pin) == 4 and pin[:2] in ("19", "20")
    return repeated or steps in ({1}, {9}) or year


def hash_of(secret: str) -> str:
    """The argon2id hash of a password or PIN, whatever it is."""
    return str(_hasher().hash(secret))


def fits(hash: str | None, secret: str) -> bool:
    """Whether the secret is the one of this hash; takes the same time when there is no hash."""
    from argon2.exceptions import InvalidHashError, VerificationError

    if len(secret) > LONGEST:
        return False
    try:
        return bool(_hasher().verify(hash or NOBODY, secret))
    except (VerificationError, InvalidHashError):
        return False


def _hasher() -> Any:
    """argon2id with OWASP's parameters for small machines (19 MiB, 2 passes); loaded at the first sign-in."""
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
