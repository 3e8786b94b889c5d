"""What is owed to the national portal, sent in batches by an adapter: the outbox.

Deliveries are sent in order and marked done only when the adapter has returned, so that a batch may be sent twice but
never not at all; the receiver tells a repeated event by its id.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol

from sqlite_utils import Database

from portal import contract
from server.clock import wall_ms
from server.errors import UnitError
from server.files import write_whole
from server.periodic import Periodic
from server.settings import Settings
from server.store import transaction
from server.unit import Unit

log = logging.getLogger(__name__)

Run = Callable[[Callable[[Any], Any]], Any]


class SyncFailed(UnitError):
    """The adapter could not take a batch; everything stays owed."""


@dataclass(frozen=True, slots=True)
class Owed:
    """One visit event that the portal has not had yet; `day` is the visit's local day."""

    delivery: int
    day: str
    event: dict[str, Any]


class Adapter(Protocol):
    """A way to the portal."""

    def send(self, day: str, events: Sequence[Mapping[str, Any]]) -> None:
        """Take over at most contract.BATCH_SIZE events of one day; raises SyncFailed."""


class FolderAdapter:
    """Writes each batch as a file `<day>/<epoch>-<first sequence>.json`, whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, day: str, events: Sequence[Mapping[str, Any]]) -> None:
        first = events[0]
        path = self._folder / day / f"{first['epoch']}-{first['sequence']}.json"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, contract.batch(events))
        except OSError as error:
            raise SyncFailed(f"The batch {path} can't be written: {error.strerror}.") from error


def adapter(settings: Settings, folder: Path) -> Adapter | None:
    """The adapter that `unit.toml` names, None for `none`."""
    makers: dict[str, Callable[[], Adapter | None]] = {
        "none": lambda: None,
        "folder": lambda: FolderAdapter(folder / (settings.portal.path or "portal-outbox")),
    }
    return makers[settings.portal.adapter]()


def drain_unit(unit: Unit, adapter: Adapter) -> int:
    """Send all that a running unit owes; the number of events sent. Raises SyncFailed."""

    def read(command: Callable[[Any], Any]) -> Any:
        with unit.reading() as conn:
            return command(conn)

    return drain(adapter, unit.settings.unit.id, read, unit.writer.run)


def drain_store(db: Database, unit_id: str, adapter: Adapter) -> int:
    """Send all that the unit in `db` owes, without a running server; the number of events sent. Raises SyncFailed."""

    def write(command: Callable[[Any], Any]) -> Any:
        with transaction(db):
            return command(db.conn)

    return drain(adapter, unit_id, lambda command: command(db.conn), write)


def drain(adapter: Adapter, unit_id: str, read: Run, write: Run) -> int:
    """Send all that is owed, batch by batch; what was sent stays settled when a later batch fails.

    `read` and `write` run a function on a connection, `write` in a transaction.
    """
    sent = 0
    while owed := read(lambda conn: _owed(conn, unit_id)):
        for day, group in groupby(owed, key=lambda one: one.day):
            events = list(group)
            adapter.send(day, [one.event for one in events])
            write(partial(_settle, events=events))
            sent += len(events)
    return sent


def _settle(conn: Any, events: Sequence[Owed]) -> None:
    conn.executemany(
        "UPDATE deliveries SET state = 'done', attempts = attempts + 1, done_at = ? WHERE id = ?",
        [(wall_ms(), one.delivery) for one in events],
    )


def _owed(conn: Any, unit_id: str) -> list[Owed]:
    """The oldest owed events: one epoch, at most a batch."""
    rows = conn.execute(
        "SELECT id, event, epoch, sequence, payload FROM deliveries WHERE state = 'pending' AND kind = 'portal'"
        " AND target = 'portal' ORDER BY id LIMIT ?",
        (contract.BATCH_SIZE,),
    ).fetchall()
    owed = []
    for delivery, event, epoch, sequence, text in rows:
        if epoch != rows[0][2]:
            break
        payload = json.loads(text)
        made = contract.visit_event(
            id=event, unit=unit_id, epoch=epoch, sequence=sequence, type=payload["type"], time=payload["time"],
            data=payload["data"],
        )  # fmt: skip
        owed.append(Owed(delivery, payload["day"], made))
    return owed


def worker(drain_once: Callable[[], int], every_s: float) -> Periodic:
    """Drains the outbox at a steady pace while the server runs."""

    def turn() -> None:
        try:
            drain_once()
        except SyncFailed as error:
            log.warning("nothing was sent to the portal: %s", error)

    return Periodic("sync", turn, every_s)


def look(conn: Any) -> dict[str, Any]:
    """How much is owed, for the manager's screen."""
    counts: dict[str, dict[str, int]] = {
        "print": {"pending": 0, "failed": 0, "unknown": 0},
        "portal": {"pending": 0, "failed": 0, "unknown": 0},
    }
    rows = conn.execute(
        "SELECT kind, state, COUNT(*) FROM deliveries WHERE state = 'pending' GROUP BY kind"
        " UNION ALL SELECT kind, state, COUNT(*) FROM deliveries WHERE state IN ('sending', 'failed', 'unknown')"
        " GROUP BY kind, state"
    )
    for kind, state, count in rows:
        counts[kind][state if state in counts[kind] else "pending"] += count
    return {"deliveries": counts}
