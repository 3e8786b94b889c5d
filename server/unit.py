"""A running unit: its settings, its database, its one writer and what hangs on them. Built once at start."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from server import journal
from server.clock import Clock, HeldClock
from server.errors import UnitError
from server.estimates.following import Follower
from server.hall import Hall
from server.journal import Journal
from server.opening.doors import Doors
from server.opening.forecast import ByEstimate, forecast
from server.settings import STORE_FILE, Settings
from server.store import Writer, open_reader, open_store, transaction
from server.visits import Visits

T = TypeVar("T")
READERS_KEPT = 32


class Unit:
    """Opens the unit in `folder`; raises UnitError with a sentence when it can't be used."""

    def __init__(self, folder: Path, settings: Settings, clock: Clock | None = None) -> None:
        self.folder = folder
        self.settings = settings
        self.path = folder / STORE_FILE
        self._db = open_unit_store(folder)
        with transaction(self._db):
            self.epoch, system = journal.begin_epoch(self._db.conn)
        self.now: Clock = clock or system
        self.after_commit: list[Callable[[Any], None]] = []
        self.writer = Writer(self._db, self._committed)
        self.journal = Journal(self.epoch, self.now)
        self._readers: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.estimates = Follower(settings.unit.zone, self.now)
        self.estimates.begin(self.reading)
        self.after_commit.append(self.estimates.follow)
        self.doors = Doors(settings.unit.zone, ByEstimate(self.estimates.founded, forecast))
        self.hall = Hall(settings.unit, self.epoch, self.doors, self.estimates)
        self.visits = Visits(
            self.writer,
            self.journal,
            settings.unit.zone,
            self.doors.admit,
            tell_portal=settings.portal.adapter != "none",
            foresight=self.estimates,
        )

    @contextmanager
    def reading(self) -> Iterator[Any]:
        """A raw read-only connection; readers never wait for the writer."""
        try:
            reader = self._readers.get_nowait()
        except queue.Empty:
            reader = open_reader(self.path)
        try:
            yield reader.conn
        finally:
            if self._readers.qsize() < READERS_KEPT:
                self._readers.put(reader)
            else:
                reader.close()

    def read(self, command: Callable[[Any], T]) -> T:
        """Run a function on a read-only connection, as `writer.run` runs one in a transaction."""
        with self.reading() as conn:
            return command(conn)

    def clock_jumped(self) -> bool:
        """Whether the machine's clock was set anew and is not believed: the hall goes on by the time that has passed."""
        return isinstance(self.now, HeldClock) and self.now.doubts

    def _committed(self, conn: Any) -> None:
        for follower in self.after_commit:
            follower(conn)

    def close(self) -> None:
        """Finish the commands that wait and close the database."""
        self.writer.stop()
        while not self._readers.empty():
            self._readers.get().close()
        self._db.close()


def open_unit_store(folder: Path) -> Any:
    """The database of the unit in `folder`, migrated; raises UnitError when the folder can't be written."""
    if not folder.is_dir():
        raise UnitError(f"{folder} is not a folder; make a unit with: istiqbal init {folder}")
    probe = folder / ".write-test"
    try:
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise UnitError(f"The folder {folder} can't be written: {error.strerror}.") from error
    return open_store(folder / STORE_FILE)
