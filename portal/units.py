"""The units the portal knows, and how one shows who it is: a client certificate or a short-lived token."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from typing import Any

from psycopg import errors
from psycopg.types.json import Jsonb
from werkzeug.datastructures import Headers

from portal import settings
from portal.errors import NotAllowed, NotSignedIn, PortalError
from portal.store.database import Connection

UNIT = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_CN = re.compile(r"(?:^|(?<!\\),)\s*CN=((?:\\.|[^,\\])*)", re.IGNORECASE)


def add(
    conn: Connection, unit: str, name: str, administration: str, *, certificate: bool = False, fingerprint: str | None = None
) -> None:
    """Register a unit. Raises PortalError for a name that is no unit's, or one that is there already."""
    if not UNIT.fullmatch(unit):
        raise PortalError(f"“{unit}” is no unit's id: small letters, digits, “.”, “_” and “-”, at most 64.")
    values = (unit, name, administration, certificate or fingerprint is not None, _plain_fingerprint(fingerprint))
    try:
        conn.execute("INSERT INTO units(unit, name, administration, certificate, fingerprint) VALUES (%s, %s, %s, %s, %s)", values)
    except errors.UniqueViolation:
        raise PortalError(f"The unit {unit} is registered already.") from None


def new_secret(conn: Connection, unit: str) -> str:
    """A fresh secret for client credentials, in place of the old one, whose tokens end. Raises PortalError."""
    secret = secrets.token_urlsafe(32)
    with conn.transaction():
        _change(conn, unit, "secret_hash = %s", _hash(secret))
        conn.execute("DELETE FROM tokens WHERE unit = %s", (unit,))
    return secret


def set_signing_key(conn: Connection, unit: str, key: Mapping[str, Any]) -> None:
    """The public JWK that the unit's files are signed with. Raises PortalError."""
    if key.get("crv") not in ("Ed25519", "P-256") or "x" not in key:
        raise PortalError("A signing key is a JWK of Ed25519 or P-256.")
    _change(conn, unit, "signing_key = %s", Jsonb({name: value for name, value in key.items() if name != "d"}))


def signing_key(conn: Connection, unit: str) -> dict[str, Any] | None:
    row = conn.execute("SELECT signing_key FROM units WHERE unit = %s", (unit,)).fetchone()
    return row[0] if row else None


def revoke(conn: Connection, unit: str) -> None:
    """Whoever holds the unit's secret, token, certificate or signing key is nobody from now on."""
    with conn.transaction():
        _change(conn, unit, "secret_hash = NULL, certificate = false, fingerprint = NULL, signing_key = %s", None)
        conn.execute("DELETE FROM tokens WHERE unit = %s", (unit,))


def trust_certificate(conn: Connection, unit: str, fingerprint: str | None) -> None:
    """Believe a certificate with this CN again; with a fingerprint, that one alone."""
    _change(conn, unit, "certificate = true, fingerprint = %s", _plain_fingerprint(fingerprint))


def suspend(conn: Connection, unit: str, suspended: bool) -> None:
    """A suspended unit is known, and refused with 403."""
    _change(conn, unit, "suspended_at = CASE WHEN %s THEN now() END", suspended)


def settle(conn: Connection, unit: str) -> int:
    """A person has looked at what was found about this unit: its incidents are closed, what is missing is given up.

    Returns how many events were given up; one that comes after all is still stored.
    """
    with conn.transaction():
        _change(conn, unit, "name = COALESCE(%s, name)", None)
        conn.execute("UPDATE incidents SET settled_at = now() WHERE unit = %s AND settled_at IS NULL", (unit,))
        given_up = conn.execute(
            "DELETE FROM gaps USING streams s WHERE gaps.stream = s.stream AND s.unit = %s RETURNING last - first + 1", (unit,)
        ).fetchall()
    return sum(int(count) for (count,) in given_up)


def _change(conn: Connection, unit: str, assignment: str, value: object) -> None:
    statement = f"UPDATE units SET {assignment} WHERE unit = %s".encode()
    if conn.execute(statement, (value, unit)).rowcount == 0:
        raise PortalError(f"There is no unit {unit} here.")


def _hash(secret: str) -> bytes:
    """Secrets and tokens are 256 random bits, so that a plain hash hides them."""
    return hashlib.sha256(secret.encode()).digest()


def _plain_fingerprint(text: str | None) -> str | None:
    return text.replace(":", "").lower() if text else None


def new_token(conn: Connection, unit: str, secret: str, minutes: int) -> str:
    """A token for a unit that knows its secret. Raises NotSignedIn or NotAllowed."""
    row = conn.execute("SELECT secret_hash, suspended_at FROM units WHERE unit = %s", (unit,)).fetchone()
    known = bytes(row[0]) if row and row[0] else b""
    if not hmac.compare_digest(known, _hash(secret)):
        raise NotSignedIn("Unit or secret is wrong.")
    if row and row[1]:
        raise NotAllowed("This unit is suspended.")
    token = secrets.token_urlsafe(32)
    conn.execute("DELETE FROM tokens WHERE expires_at < now()")
    conn.execute(
        "INSERT INTO tokens(hash, unit, expires_at) VALUES (%s, %s, now() + make_interval(mins => %s))",
        (_hash(token), unit, minutes),
    )
    return token


def by_token(conn: Connection, token: str) -> str:
    """The unit that holds this token. Raises NotSignedIn or NotAllowed."""
    row = conn.execute(
        "SELECT unit, suspended_at FROM tokens JOIN units USING (unit) WHERE hash = %s AND expires_at > now()", (_hash(token),)
    ).fetchone()
    if row is None:
        raise NotSignedIn("The token is unknown, has expired or was revoked.")
    return _unless_suspended(*row)


def by_certificate(conn: Connection, subject: str, fingerprint: str | None) -> str:
    """The unit whose certificate the trusted proxy has checked. Raises NotSignedIn or NotAllowed."""
    names = _CN.findall(subject)
    if len(names) != 1:
        raise NotSignedIn("The certificate's subject has no single CN.")
    row = conn.execute("SELECT unit, suspended_at, fingerprint FROM units WHERE unit = %s AND certificate", (names[0],)).fetchone()
    if row is None or (row[2] and row[2] != _plain_fingerprint(fingerprint)):
        raise NotSignedIn("This certificate is not trusted here.")
    return _unless_suspended(row[0], row[1])


def _unless_suspended(unit: str, suspended_at: object) -> str:
    if suspended_at is not None:
        raise NotAllowed("This unit is suspended.")
    return unit


def who_calls(conn: Connection, headers: Headers, address: str | None, how: settings.Units) -> str:
    """The unit behind a request: by certificate when a trusted proxy says so, else by token. Raises as these do."""
    subject = headers.get(how.certificate_header) if how.certificate_header else None
    if subject and address in how.trusted_proxies:
        return by_certificate(conn, subject, headers.get(how.fingerprint_header) if how.fingerprint_header else None)
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn("Show a client certificate or send a token.")
    return by_token(conn, token.strip())
