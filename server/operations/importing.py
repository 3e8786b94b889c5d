"""Visits of another system, taken into a unit's journal: the whole file in one transaction, or nothing.

Each row becomes the events of a visit that is over (issued, called, started, served; or cancelled at its end, or expired at the end
of its day), so that the journal still gives the tables. The server is to be stopped meanwhile: it would wait for the writing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlite_utils.utils import sqlite3

from server import journal, lifecycle, setup
from server.clock import MS, Moment, day_bounds, local_day, wall_ms
from server.errors import UnitError
from server.estimates.following import IMPORTER
from server.estimates.visits_file import Record
from server.journal import Journal, random_id
from server.lifecycle import Leg
from server.store import open_store, transaction

SECRET = "import_secret"
RULE = "imported"


@dataclass
class Imported:
    """What became of a file: how many visits are new, how many were there already, and rows left out by line with a sentence."""

    new: int = 0
    known: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Step:
    at: int
    order: int
    type: str
    record: Record
    visit: str


def import_visits(
    store: Path, records: Iterable[Record], zone: ZoneInfo, services: Mapping[str, str], create: bool, language: str = "ar"
) -> Imported:
    """Take rows in; raises UnitError, and has then changed nothing.

    `services` says which service a word of the file means, `create` makes closed services of unknown words.
    """
    done = Imported()
    db = open_store(store)
    try:
        with transaction(db):
            taken = _Taken(db.conn, zone, services, create, language)
            steps = [step for record in records for step in taken.steps(record, done)]
            taken.write(sorted(steps, key=lambda step: (step.at, step.order)))
    except sqlite3.Error as error:
        raise UnitError(f"Nothing was imported: {error}. Stop the server first, then try again.") from error
    finally:
        db.close()
    return done


class _Taken:
    """One import: judges rows, writes what they say."""

    def __init__(self, conn: Any, zone: ZoneInfo, services: Mapping[str, str], create: bool, language: str) -> None:
        self._conn = conn
        self._zone = zone
        self._mapped = services
        self._create = create
        self._language = language
        self._now = wall_ms()
        self._services = {one.id for one in setup.services(conn)}
        self._counters = dict(conn.execute("SELECT number, id FROM counters"))
        self._alike: Counter[tuple[Any, ...]] = Counter()
        self._secret = self._own_secret()
        self._journal = Journal("import-" + random_id(), lambda: Moment(self._now, self._now))

    def _own_secret(self) -> bytes:
        secret = setup.choice(self._conn, SECRET, None)
        if secret is None:
            setup.choose(self._conn, SECRET, secret := random_id() + random_id())
        return str(secret).encode()

    def steps(self, record: Record, done: Imported) -> Iterator[_Step]:
        """A row's events; none, and a fault, for one that is left out."""
        if fault := self._fault(record):
            done.faults.append((record.line, fault))
            return
        visit = self._id(record)
        if self._conn.execute("SELECT 1 FROM visits WHERE visit = ?", (visit,)).fetchone():
            done.known += 1
            return
        done.new += 1
        for order, (at, type) in enumerate(self._events(record)):
            yield _Step(at, order, type, record, visit)

    def _fault(self, record: Record) -> str | None:
        service = self._mapped.get(record.service, record.service)
        if record.faults or record.arrival is None:
            return "; ".join(record.faults)
        if max(at for at in (record.arrival, record.call, record.start, record.end) if at is not None) * MS > self._now:
            return "it lies in the future"
        if record.call is None and record.start is None and self._last(record) >= day_bounds(self._today(), self._zone)[0]:
            return "nobody was called and the day is not over"
        if record.counter and self._counter(record) is None:
            return f"there is no counter “{record.counter}” here"
        if service not in self._services and not self._made(service):
            return f"there is no service “{service}” here (--map-service {service}=… or --create)"
        return None

    def _today(self) -> str:
        return local_day(self._now, self._zone)

    def _made(self, service: str) -> bool:
        """Make a closed service of an unknown word, if that was asked for."""
        if not self._create or not service:
            return False
        used = {row[0] for row in self._conn.execute("SELECT prefix FROM services")}
        prefix = next(f"X{number}" for number in range(1, 10_000) if f"X{number}" not in used)
        names = journal.encode(dict.fromkeys(("ar", "zgh", "fr"), service))
        self._conn.execute(
            "INSERT INTO services(id, position, prefix, series, name, icon, target_s, documents, open)"
            " VALUES (?, 9999, ?, ?, ?, 'other', 1200, '[]', 0)",
            (service, prefix, service, names),
        )
        self._services.add(service)
        return True

    def _counter(self, record: Record) -> int | None:
        return self._counters.get(int(record.counter)) if record.counter.isdecimal() else None

    def _id(self, record: Record) -> str:
        """The same row of the same file gives the same id, so that a second import knows it; nobody outside can work it out."""
        facts = replace(record, line=0, faults=())
        key = (facts.arrival, facts.call, facts.start, facts.end, facts.service, facts.counter, facts.priority)
        self._alike[key] += 1
        digest = hmac.new(self._secret, repr((key, self._alike[key])).encode(), hashlib.sha256).digest()
        return base64.b32encode(digest[:16]).decode().rstrip("=").lower()

    def _last(self, record: Record) -> int:
        return int((record.end if record.end is not None else record.arrival or 0.0) * MS)

    def _events(self, record: Record) -> list[tuple[int, str]]:
        """When what happened; where a start or an end is missing, it is taken to be at once."""
        arrival = int((record.arrival or 0.0) * MS)
        called = record.call if record.call is not None else record.start
        if called is None:
            if record.end is not None:
                return [(arrival, "issued"), (self._last(record), "cancelled")]
            return [(arrival, "issued"), (day_bounds(local_day(arrival, self._zone), self._zone)[1] - 1, "expired")]
        start = record.start if record.start is not None else called
        end = record.end if record.end is not None else start
        return [(arrival, "issued"), (int(called * MS), "called"), (int(start * MS), "started"), (int(end * MS), "served")]

    def write(self, steps: Iterable[_Step]) -> None:
        """Append the events in the order of time, and write the visits and legs that they make."""
        legs: dict[str, Leg] = {}
        for step in steps:
            moment = Moment(step.at, step.at)
            event = self._journal.append(
                self._conn, step.type, self._data(step), actor=IMPORTER, visit=step.visit, leg=1, moment=moment
            )
            if step.type == "issued":
                journal.save_visit(self._conn, journal.visit_of(event))
                legs[step.visit] = lifecycle.begin(event)
            else:
                legs[step.visit] = lifecycle.advance(legs[step.visit], event)
        for leg in legs.values():
            journal.save_leg(self._conn, leg)

    def _data(self, step: _Step) -> dict[str, Any]:
        record = step.record
        if step.type == "called":
            return {"counter": self._counter(record), "rule": RULE}
        if step.type != "issued":
            return {}
        return {
            "day": setup.service_day(self._conn, step.at, self._zone),
            "service": self._mapped.get(record.service, record.service),
            "language": self._language,
            "priority": record.priority or None,
            "origin": IMPORTER,
        }
