"""Notices for the hall, each shown for as long as the manager said."""

from __future__ import annotations

import json
from typing import Any

from server.setup.names import Names


def messages(conn: Any) -> list[Names]:
    """All notices, in order, whether it is their time or not."""
    return [json.loads(row[0]) for row in conn.execute("SELECT text FROM messages ORDER BY position, id")]


def messages_at(conn: Any, local_time: str) -> list[tuple[int, Names]]:
    """Id and text of the notices to be shown at a local date and time, `2026-12-01T08:30`; the end is not included."""
    rows = conn.execute(
        "SELECT id, text FROM messages WHERE COALESCE(begins, '') <= ?1 AND (ends IS NULL OR ends > ?1) ORDER BY position, id",
        (local_time,),
    )
    return [(id, json.loads(text)) for id, text in rows]
