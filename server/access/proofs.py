"""What let somebody in, looked at again later: a session or a token that may have ended meanwhile."""

from __future__ import annotations

from typing import Any

from server.access import devices, sessions
from server.access.roles import Principal


def still(conn: Any, proof: str, at: int) -> Principal | None:
    """Who has this `Principal.proof` now; None when the session has ended or the token was revoked."""
    kind, _, key = proof.partition(":")
    if kind == "session":
        return sessions.by_hash(conn, key, at)
    return devices.by_id(conn, int(key)) if kind == "token" else None
