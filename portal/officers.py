"""Officers: whose accounts they are, and how one signs in."""

from __future__ import annotations

from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from psycopg import errors

from portal.errors import NotSignedIn, PortalError, TooManyAttempts
from portal.store.database import Connection

_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash("nobody has this password")
ATTEMPTS = 5
"""Wrong passwords for one name within a quarter of an hour, before the name has to wait."""


@dataclass(frozen=True, slots=True)
class Officer:
    """A person who works the submissions of one administration."""

    login: str
    name: str
    administration: str


def add(conn: Connection, login: str, name: str, administration: str, password: str) -> None:
    """Raises PortalError for a login that is taken, or a password of less than 12 characters."""
    if len(password) < 12:
        raise PortalError("A password has at least 12 characters.")
    try:
        conn.execute(
            "INSERT INTO officers(login, name, administration, password_hash) VALUES (%s, %s, %s, %s)",
            (login, name, administration, _HASHER.hash(password)),
        )
    except errors.UniqueViolation:
        raise PortalError(f"There is an officer {login} already.") from None


def disable(conn: Connection, login: str) -> None:
    """The account ends, and with it every session. Raises PortalError."""
    if conn.execute("UPDATE officers SET disabled_at = now() WHERE login = %s", (login,)).rowcount == 0:
        raise PortalError(f"There is no officer {login}.")


def sign_in(conn: Connection, login: str, password: str) -> Officer:
    """Raises NotSignedIn, or TooManyAttempts; takes as long for a name that does not exist."""
    recent = conn.execute(
        "SELECT count(*) FROM sign_ins WHERE login = %s AND at > now() - interval '15 minutes'", (login,)
    ).fetchone()
    if recent and recent[0] >= ATTEMPTS:
        raise TooManyAttempts
    row = conn.execute(
        "SELECT login, name, administration, password_hash FROM officers WHERE login = %s AND disabled_at IS NULL", (login,)
    ).fetchone()
    try:
        _HASHER.verify(row[3] if row else _NOBODY, password)
    except VerificationError:
        row = None
    if row is None:
        conn.execute("DELETE FROM sign_ins WHERE at < now() - interval '1 day'")
        conn.execute("INSERT INTO sign_ins(login) VALUES (%s)", (login,))
        raise NotSignedIn("The name or the password is wrong.")
    return Officer(*row[:3])


def find(conn: Connection, login: str) -> Officer | None:
    """The officer of a session, unless the account has ended."""
    row = conn.execute(
        "SELECT login, name, administration FROM officers WHERE login = %s AND disabled_at IS NULL", (login,)
    ).fetchone()
    return Officer(*row) if row else None
