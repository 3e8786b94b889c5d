"""What is owed to the national portal and the way there.

outbox        deliveries: owed, sent, refused, kept aside
drain         batch by batch, until nothing is owed
receipts      what came of files on a stick
line          the worker: patience, pauses, what is remembered
adapters/     https (docs/portal-contract.md), folder (signed files on a stick)
certificates  from when until when, in words
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlite_utils import Database

from server.store import transaction
from server.sync import line
from server.sync.adapters import Adapter, SyncFailed, adapter
from server.sync.drain import drain
from server.sync.line import Line
from server.unit import Unit

MOST_COUNTED = 10_000
"""A longer backlog is shown as this many on the live screen; its own page counts on."""

__all__ = ["Adapter", "Line", "SyncFailed", "adapter", "drain_store", "drain_unit", "look"]


def drain_unit(unit: Unit, adapter: Adapter) -> int:
    """Send all that a running unit owes; how many events and submissions. Raises SyncFailed."""
    return drain(adapter, unit.settings.unit.id, unit.read, unit.writer.run)


def drain_store(db: Database, unit_id: str, adapter: Adapter) -> int:
    """Send all that the unit in `db` owes, without a running server; how many events and submissions. Raises SyncFailed."""

    def write(command: Callable[[Any], Any]) -> Any:
        with transaction(db):
            return command(db.conn)

    return drain(adapter, unit_id, lambda command: command(db.conn), write)


def look(conn: Any) -> dict[str, Any]:
    """How much is owed to printers and to the portal, and how the line to the portal is, for the manager's live screen."""
    states = {"pending": 0, "failed": 0, "unknown": 0}
    rows = conn.execute(
        "SELECT iif(state IN ('failed', 'unknown'), state, 'pending'), COUNT(*) FROM ("
        "SELECT state FROM deliveries WHERE state = 'pending' AND kind = 'print'"
        " UNION ALL SELECT state FROM deliveries WHERE state IN ('sending', 'failed', 'unknown') AND kind = 'print') GROUP BY 1"
    )
    portal = line.look(conn, MOST_COUNTED)
    return {
        "deliveries": {"print": {**states, **dict(rows.fetchall())}, "portal": {**states, "pending": portal["pending"]}},
        "portal": portal,
    }
