"""Answers already given: a command repeated with the same Idempotency-Key is answered, not carried out again.

After draft-ietf-httpapi-idempotency-key-header: the key belongs to its caller, and a key used for another request is refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from server.errors import KeyReused
from server.journal import encode

T = TypeVar("T")
KEPT_MS = 48 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Once:
    """A command's key and a fingerprint of the whole request that carried it."""

    key: str
    fingerprint: str


def once(conn: Any, once: Once | None, caller: str, at: int, command: Callable[[], T]) -> T:
    """The stored answer for this key, else the command's, stored in the same transaction; raises KeyReused.

    A refused command stores nothing: pressed again it is judged anew.
    """
    if once is None:
        return command()
    row = conn.execute("SELECT fingerprint, answer FROM answers WHERE actor = ? AND key = ?", (caller, once.key)).fetchone()
    if row:
        if row[0] != once.fingerprint:
            raise KeyReused
        return cast(T, json.loads(row[1]))
    answer = command()
    conn.execute("INSERT INTO answers VALUES (?,?,?,?,?)", (caller, once.key, once.fingerprint, encode(answer), at))
    conn.execute("DELETE FROM answers WHERE (actor, key) IN (SELECT actor, key FROM answers WHERE at < ? LIMIT 2)", (at - KEPT_MS,))
    return answer
