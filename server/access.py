"""Who may do what: device tokens, people and their sessions, and the one table of permissions.

Tokens and session keys are 256 random bits; the database holds only their SHA-256.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from server.errors import UnitError
from server.visits.caller import Caller

ROLES = ("kiosk", "display", "clerk", "manager")
SESSION_MS = 12 * 3600 * 1000

PERMISSIONS: Mapping[str, frozenset[str]] = {
    "issue a ticket": frozenset({"kiosk", "clerk", "manager"}),
    "work at a counter": frozenset({"clerk", "manager"}),
    "see the board": frozenset({"kiosk", "display", "clerk", "manager"}),
    "read reports": frozenset({"manager"}),
    "print a ticket again": frozenset({"clerk", "manager"}),
    "use the kiosk": frozenset({"kiosk"}),
    "use the display": frozenset({"display"}),
    "use the counter screen": frozenset({"clerk", "manager"}),
    "manage": frozenset({"manager"}),
}
"""What is done → the roles that may. A visit's own id is the key to that visit: no role is asked for it."""


class UnknownRole(UnitError):
    """The role is none of ROLES."""


class LoginTaken(UnitError):
    """Somebody has this login already."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody or something that proved who it is."""

    kind: str
    id: int
    name: str
    role: str

    def may(self, permission: str) -> bool:
        return self.role in PERMISSIONS[permission]

    def caller(self) -> Caller:
        return Caller(f"{self.kind}:{self.id}", self.name, self.role)


def hashed(secret: str) -> str:
    """What the database keeps of a token; the token itself has too much randomness to be guessed from it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def create_token(conn: Any, role: str, name: str, at: int) -> str:
    """A new token for a device or another system; shown once, never stored."""
    if role not in ROLES:
        raise UnknownRole(f"There is no role “{role}”; choose one of: {', '.join(ROLES)}.")
    token = secrets.token_urlsafe(32)
    conn.execute("INSERT INTO tokens(hash, role, name, created_at) VALUES (?,?,?,?)", (hashed(token), role, name, at))
    return token


def by_token(conn: Any, token: str) -> Principal | None:
    """The device or system that holds this token, unless it was revoked."""
    row = conn.execute("SELECT id, name, role FROM tokens WHERE hash = ? AND revoked_at IS NULL", (hashed(token),)).fetchone()
    return row and Principal("device", *row)


def add_person(conn: Any, login: str, name: str, role: str, password: str, at: int) -> None:
    """A person who can sign in; raises LoginTaken or UnknownRole."""
    if role not in ("clerk", "manager"):
        raise UnknownRole(f"A person is a clerk or a manager, not “{role}”.")
    if conn.execute("SELECT 1 FROM people WHERE login = ?", (login,)).fetchone():
        raise LoginTaken(f"The login “{login}” is taken.")
    conn.execute(
        "INSERT INTO people(login, name, role, password, created_at) VALUES (?,?,?,?,?)",
        (login, name, role, _hasher().hash(password), at),
    )


def check_password(conn: Any, login: str, password: str) -> Principal | None:
    """The person with this login and password; takes the same time whether the login exists or not."""
    from argon2.exceptions import InvalidHashError, VerificationError

    row = conn.execute("SELECT id, name, role, password FROM people WHERE login = ?", (login,)).fetchone()
    try:
        _hasher().verify(row[3] if row else _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return None
    return Principal("person", *row[:3]) if row else None


def begin_session(conn: Any, person: int, at: int) -> str:
    """A key for a signed-in person's browser, good for SESSION_MS; old sessions are swept."""
    key = secrets.token_urlsafe(32)
    conn.execute("DELETE FROM sessions WHERE expires_at < ?", (at,))
    conn.execute("INSERT INTO sessions VALUES (?,?,?,?)", (hashed(key), person, at, at + SESSION_MS))
    return key


def end_session(conn: Any, key: str) -> None:
    conn.execute("DELETE FROM sessions WHERE hash = ?", (hashed(key),))


def by_session(conn: Any, key: str, at: int) -> Principal | None:
    """The person whose browser holds this session key, while it lasts."""
    row = conn.execute(
        "SELECT p.id, p.name, p.role FROM sessions s JOIN people p ON p.id = s.person WHERE s.hash = ? AND s.expires_at > ?",
        (hashed(key), at),
    ).fetchone()
    return row and Principal("person", *row)


_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


def _hasher() -> Any:
    """argon2id with OWASP's parameters for small machines (19 MiB, 2 passes); loaded at the first sign-in."""
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
