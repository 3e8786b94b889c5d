"""Sessions of people: a key in the browser that ends by itself, and at once when it must."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from server.access.keys import hashed, new_key
from server.access.roles import Principal

LONGEST_MS = 12 * 3600 * 1000
"""A session ends so long after its beginning, whatever is done in it: a working day."""


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in, as a manager sees it: UTC milliseconds, and the counter PC if it was by PIN."""

    person: int
    created_at: int
    seen_at: int
    device: str | None


def begin(conn: Any, person: int, at: int, device: int | None = None) -> str:
    """A key for a signed-in person's browser; `device` is the counter PC on which the PIN was typed. Old ones are swept."""
    key = new_key()
    conn.execute("DELETE FROM sessions WHERE expires_at <= ?", (at,))
    conn.execute(
        "INSERT INTO sessions(hash, person, created_at, expires_at, seen_at, device) VALUES (?,?,?,?,?,?)",
        (hashed(key), person, at, at + LONGEST_MS, at, device),
    )
    return key


def end(conn: Any, key: str) -> None:
    """Sign out; a key that is none any more is no fault."""
    conn.execute("DELETE FROM sessions WHERE hash = ?", (hashed(key),))


def by_key(conn: Any, key: str, at: int) -> Principal | None:
    """The person whose browser holds this key, while the session lasts."""
    return by_hash(conn, hashed(key), at)


def by_hash(conn: Any, hash: str, at: int) -> Principal | None:
    """As `by_key`. Who signed in by PIN works as a clerk, whatever else they may do with their password."""
    row = conn.execute(
        "SELECT p.id, p.name, p.role, s.device IS NOT NULL FROM sessions s JOIN people p ON p.id = s.person"
        " WHERE s.hash = ? AND s.expires_at > ? AND p.removed_at IS NULL",
        (hash, at),
    ).fetchone()
    if row is None:
        return None
    id, name, role, by_pin = row
    return Principal("person", id, name, "clerk" if by_pin else role, f"session:{hash}")


def open_sessions(conn: Any, at: int) -> list[Session]:
    """All that last, newest first."""
    rows = conn.execute(
        "SELECT s.person, s.created_at, s.seen_at, t.name FROM sessions s LEFT JOIN tokens t ON t.id = s.device"
        " WHERE s.expires_at > ? ORDER BY s.created_at DESC",
        (at,),
    )
    return [Session(*row) for row in rows]


def elsewhere(conn: Any, person: int, proof: str, at: int) -> bool:
    """Whether a person is signed in in another browser than the one of this session (`Principal.proof`)."""
    others = "SELECT 1 FROM sessions WHERE person = ? AND 'session:' || hash <> ? AND expires_at > ? LIMIT 1"
    return conn.execute(others, (person, proof, at)).fetchone() is not None


def gone_from_counters(conn: Any, at: int) -> list[str]:
    """Who holds a counter and is signed in nowhere any more, as the counters name them."""
    rows = conn.execute(
        "SELECT DISTINCT c.clerk FROM counters c JOIN people p ON c.clerk = 'person:' || p.id WHERE c.state <> 'closed'"
        " AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.person = p.id AND s.expires_at > ?)",
        (at,),
    )
    return [clerk for (clerk,) in rows]


def end_idle(conn: Any, before: int, at: int) -> int:
    """End the sessions in which nothing was done since `before`, and those that are over; how many."""
    return int(conn.execute("DELETE FROM sessions WHERE seen_at < ? OR expires_at <= ?", (before, at)).rowcount)
