"""Moving the write-ahead log into the database beside the writer, so that no ticket waits for it.

SQLite does this by itself inside whichever commit makes the log 1,000 pages long; that commit then takes tens of
milliseconds. A passive checkpoint on a connection of its own keeps out of the writer's way. Should this thread ever fail, the
writer's own limit (`database.LOG_PAGES`) still holds.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from sqlite_utils.utils import sqlite3

from server.store.database import connect

log = logging.getLogger(__name__)

EVERY_S = 1.0
WORTH_IT_BYTES = 2 * 1024 * 1024


class Checkpointer:
    """Checkpoints the database at `path` whenever its log has grown."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._log = path.with_name(path.name + "-wal")
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="checkpoint", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(timeout=10)

    def _work(self) -> None:
        conn = connect(self._path)
        done = 0
        while not self._stopping.wait(EVERY_S):
            try:
                size = self._log.stat().st_size if self._log.exists() else 0
                if size >= WORTH_IT_BYTES or done:
                    _, pages, done_pages = conn.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
                    done = pages - done_pages
            except (OSError, sqlite3.Error) as error:
                log.warning("the write-ahead log could not be moved: %s", error)
        conn.close()
