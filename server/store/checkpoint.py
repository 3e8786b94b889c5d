"""Moving the write-ahead log into the database beside the writer, so that no ticket waits for it.

SQLite does this by itself inside whichever commit makes the log 1,000 pages long; that commit then takes tens of
milliseconds. A passive checkpoint on a connection of its own keeps out of the writer's way. Should this thread ever fail, the
writer's own limit (`database.LOG_PAGES`) still holds.
"""

from __future__ import annotations

from pathlib import Path

from server.periodic import Periodic
from server.store.database import connect

EVERY_S = 1.0
WORTH_IT_BYTES = 2 * 1024 * 1024


class Checkpointer:
    """Checkpoints the database at a path whenever its log has grown."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._log = path.with_name(path.name + "-wal")
        self._left = 0

    def turn(self) -> None:
        """Move what the log holds, if that is worth it or the last turn could not move all."""
        size = self._log.stat().st_size if self._log.exists() else 0
        if size < WORTH_IT_BYTES and not self._left:
            return
        conn = connect(self._path)
        try:
            _, pages, moved = conn.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        finally:
            conn.close()
        self._left = pages - moved


def checkpointer(path: Path) -> Periodic:
    """The worker that does so while the server runs."""
    return Periodic("checkpoint", Checkpointer(path).turn, EVERY_S)
