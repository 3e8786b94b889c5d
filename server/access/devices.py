"""Devices and other systems: their tokens, which can be revoked at any time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from server.access.audit import Audit
from server.access.keys import hashed, new_key
from server.access.roles import ROLES, Principal, known_role
from server.errors import N_, Refused

LONGEST_NAME = 64


class BadDeviceName(Refused):
    status, slug = 422, "bad-device-name"
    message: ClassVar[str] = N_("A device's name is 1 to 64 characters.")


class UnknownDevice(Refused):
    status, slug = 404, "unknown-device"
    message: ClassVar[str] = N_("There is no such device here; somebody may have revoked it.")


@dataclass(frozen=True, slots=True)
class Device:
    """A device or system with a token that is valid; times are UTC milliseconds."""

    id: int
    role: str
    name: str
    created_at: int
    last_seen_at: int | None

    @property
    def proof(self) -> str:
        return f"token:{self.id}"


def create_token(conn: Any, role: str, name: str, at: int) -> str:
    """A new token for a device or another system; shown once, never stored."""
    token = new_key()
    admit(conn, hashed(token), role, name, at)
    return token


def admit(conn: Any, hash: str, role: str, name: str, at: int) -> int:
    """Let in whoever holds the key of this hash; the number of its token. Raises UnknownRole or BadDeviceName."""
    known_role(role, ROLES)
    added = conn.execute("INSERT INTO tokens(hash, role, name, created_at) VALUES (?,?,?,?)", (hash, role, checked_name(name), at))
    return int(added.lastrowid)


def checked_name(name: str) -> str:
    """The name without spaces around it; raises BadDeviceName."""
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME or any(ord(sign) < 32 for sign in name):
        raise BadDeviceName
    return name


def by_token(conn: Any, token: str) -> Principal | None:
    """The device or system that holds this token, unless it was revoked."""
    row = conn.execute("SELECT id, name, role FROM tokens WHERE hash = ? AND revoked_at IS NULL", (hashed(token),)).fetchone()
    return row and _principal(*row)


def by_id(conn: Any, id: int) -> Principal | None:
    """As `by_token`, for somebody whose token was seen before."""
    row = conn.execute("SELECT id, name, role FROM tokens WHERE id = ? AND revoked_at IS NULL", (id,)).fetchone()
    return row and _principal(*row)


def _principal(id: int, name: str, role: str) -> Principal:
    return Principal("device", id, name, role, f"token:{id}")


def was_token(conn: Any, token: str) -> bool:
    """Whether this is or was a token here, revoked or not."""
    return conn.execute("SELECT 1 FROM tokens WHERE hash = ?", (hashed(token),)).fetchone() is not None


def devices(conn: Any) -> list[Device]:
    """Those whose token is valid, by role and name."""
    rows = conn.execute(
        "SELECT id, role, name, created_at, last_seen_at FROM tokens WHERE revoked_at IS NULL"
        " ORDER BY role, name COLLATE NOCASE, id"
    )
    return [Device(*row) for row in rows]


def device(conn: Any, id: int) -> Device:
    """Raises UnknownDevice."""
    found = next((one for one in devices(conn) if one.id == id), None)
    if found is None:
        raise UnknownDevice
    return found


def note_new(conn: Any, audit: Audit, id: int) -> None:
    """Put a new device into the audit list."""
    found = device(conn, id)
    audit.note(conn, "device", id, None, {"role": found.role, "name": found.name})


def rename(conn: Any, audit: Audit, id: int, name: str) -> None:
    """Another name; a kiosk's name decides which printer is its own. Raises UnknownDevice or BadDeviceName."""
    before, name = device(conn, id), checked_name(name)
    if name != before.name:
        conn.execute("UPDATE tokens SET name = ? WHERE id = ?", (name, id))
        audit.note(conn, "device", id, {"role": before.role, "name": before.name}, {"role": before.role, "name": name})


def revoke(conn: Any, audit: Audit, id: int, at: int) -> None:
    """The token opens nothing any more, nor does a session that was begun by PIN on this device. Raises UnknownDevice."""
    before = device(conn, id)
    conn.execute("UPDATE tokens SET revoked_at = ? WHERE id = ?", (at, id))
    conn.execute("DELETE FROM sessions WHERE device = ?", (id,))
    audit.note(conn, "device", id, {"role": before.role, "name": before.name}, None)
