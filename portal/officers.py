"""Officers: whose accounts they are, and how one signs in."""

from __future__ import annotations

import hashlib
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
    mark: str
    """Of the password: a session with another one is over."""


def add(conn: Connection, login: str, name: str, administration: str, password: str) -> None:
    """Raises PortalError for a login that is taken, or a password of less than 12 characters."""
    hashed = _hashed(password)
    try:
        conn.execute(
            "INSERT INTO officers(login, name, administration, password_hash) VALUES (%s, %s, %s, %s)",
            (login, name, administration, hashed),
        )
    except errors.UniqueViolation:
        raise PortalError(f"There is an officer {login} already.") from None


def disable(conn: Connection, login: str) -> None:
    """The account ends, and with it every session; `working.give_back` sees to what it has taken on. Raises PortalError."""
    _change(conn, login, "disabled_at = COALESCE(disabled_at, now())")


def renew(conn: Connection, login: str, password: str) -> None:
    """Another password, with which an account that had ended is open again; sessions end. Raises PortalError as `add`."""
    hashed = _hashed(password)
    with conn.transaction():
        _change(conn, login, "disabled_at = NULL, password_hash = %s", hashed)
        conn.execute("DELETE FROM sign_ins WHERE login = %s", (login,))


def _change(conn: Connection, login: str, what: str, *values: str) -> None:
    if conn.execute(f"UPDATE officers SET {what} WHERE login = %s".encode(), (*values, login)).rowcount == 0:
        raise PortalError(f"There is no officer {login}.")


def _hashed(password: str) -> str:
    if len(password) < 12:
        raise PortalError("A password has at least 12 characters.")
    return _HASHER.hash(password)


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
    return _officer(row)


def find(conn: Connection, login: str, mark: str) -> Officer | None:
    """The officer of a session, unless the account has ended or has another password by now."""
    row = conn.execute(
        "SELECT login, name, administration, password_hash FROM officers WHERE login = %s AND disabled_at IS NULL", (login,)
    ).fetchone()
    found = _officer(row) if row else None
    return found if found and found.mark == mark else None


def hold(conn: Connection, officer: Officer) -> None:
    """The account can't end before this transaction does. Raises NotSignedIn when it has."""
    held = conn.execute("SELECT 1 FROM officers WHERE login = %s AND disabled_at IS NULL FOR SHARE", (officer.login,))
    if held.fetchone() is None:
        raise NotSignedIn


def _officer(row: tuple[str, str, str, str]) -> Officer:
    return Officer(*row[:3], mark=hashlib.sha256(row[3].encode()).hexdigest())
