"""The one thread that writes: commands in order of arrival, one commit for all that wait.

Each command runs in a savepoint of its own, so one that fails undoes only itself. After the commit the follower is told
(screens), and only then are the callers answered: commit, emit, answer.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any, TypeVar, cast

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

from server.errors import StoreBusy, StoreDamaged, StoreFailed, StoreFull

log = logging.getLogger(__name__)

T = TypeVar("T")
Command = Callable[[Any], Any]
"""Takes the writer's raw SQLite connection, returns the answer."""

BATCH = 64
WAITING_AT_MOST = 2000
ANSWER_WITHIN_S = 30.0


class Writer:
    """Runs commands one after another on `db`; `after_commit(conn)` is called in the writer's thread, in commit order."""

    def __init__(self, db: Database, after_commit: Callable[[Any], None]) -> None:
        self._conn = db.conn
        self._commands: queue.Queue[tuple[Command, Future[Any]] | None] = queue.Queue(WAITING_AT_MOST)
        self.after_commit = after_commit
        self.damaged = False
        self.committed_in: Callable[[float], None] = lambda _: None
        """Told how many seconds each transaction took."""
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def run(self, command: Callable[[Any], T]) -> T:
        """Run `command(conn)` in a transaction, wait for its commit, return its answer or raise what it raised."""
        if self.damaged:
            raise StoreDamaged
        answer: Future[Any] = Future()
        try:
            self._commands.put_nowait((command, answer))
        except queue.Full:
            raise StoreBusy from None
        try:
            return cast(T, answer.result(ANSWER_WITHIN_S))
        except FutureTimeout:  # it may still be committed: with the same Idempotency-Key a second try finds out
            raise StoreBusy from None

    def stop(self) -> None:
        """Finish what waits, then end the thread."""
        self._commands.put(None)
        self._thread.join()

    def alive(self) -> bool:
        """Whether it can write at all; once the database was found damaged it does not, until the server starts anew."""
        return self._thread.is_alive() and not self.damaged

    def condemn(self, error: BaseException) -> None:
        """Somebody read a damaged page: write nothing more."""
        if not self.damaged:
            log.critical("the database is damaged (%s); stop the server and restore the last backup", error)
        self.damaged = True

    def _work(self) -> None:
        while (batch := self._next_batch()) is not None:
            outcomes = self._commit(batch)
            if any(error is None for _, error in outcomes):
                self._tell_follower()
            for (_, answer), (value, error) in zip(batch, outcomes, strict=True):
                if error is None:
                    answer.set_result(value)
                else:
                    answer.set_exception(error)

    def _next_batch(self) -> list[tuple[Command, Future[Any]]] | None:
        """What waits now, at least one command; None when the writer is to stop."""
        first = self._commands.get()
        if first is None:
            return None
        batch = [first]
        while len(batch) < BATCH:
            try:
                command = self._commands.get_nowait()
            except queue.Empty:
                break
            if command is None:
                self._commands.put(None)
                break
            batch.append(command)
        return batch

    def _commit(self, batch: list[tuple[Command, Future[Any]]]) -> list[tuple[Any, BaseException | None]]:
        """The value or error of each command of `batch`, committed together; all fail when the commit does."""
        began = time.monotonic()
        try:
            self._conn.execute("BEGIN IMMEDIATE")
            outcomes = [self._one(command) for command, _ in batch]
            self._conn.execute("COMMIT")
        except sqlite3.Error as error:
            log.error("a batch of %d commands was not committed: %s", len(batch), error)
            if self._conn.in_transaction:
                self._conn.execute("ROLLBACK")
            return [(None, self._refusal(error))] * len(batch)
        self.committed_in(time.monotonic() - began)
        return outcomes

    def _one(self, command: Command) -> tuple[Any, BaseException | None]:
        self._conn.execute("SAVEPOINT command")
        try:
            value = command(self._conn)
        except Exception as error:  # the caller gets it; the other commands of the batch go on
            if not self._conn.in_transaction:  # SQLite gave the whole transaction up (disk full, I/O error)
                raise
            self._conn.execute("ROLLBACK TO command")
            self._conn.execute("RELEASE command")
            return None, self._refusal(error) if isinstance(error, sqlite3.OperationalError) or is_damage(error) else error
        self._conn.execute("RELEASE command")
        return value, None

    def _tell_follower(self) -> None:
        try:
            self.after_commit(self._conn)
        except Exception:  # the commit stands; a screen that could not be told must not fail the command
            log.exception("screens could not be told of a commit")

    def _refusal(self, error: BaseException) -> BaseException:
        if is_damage(error):
            self.condemn(error)
            return StoreDamaged()
        if "locked" in str(error):
            return StoreBusy()
        if "full" in str(error):
            return StoreFull()
        return StoreFailed(reason=str(error))


_DAMAGE = ("malformed", "not a database")


def is_damage(error: BaseException) -> bool:
    """Whether this is SQLite's word for a damaged file (SQLITE_CORRUPT, SQLITE_NOTADB)."""
    return isinstance(error, sqlite3.DatabaseError) and any(word in str(error) for word in _DAMAGE)
