"""A unit under load, for breaking: clients that take tickets and remember which were acknowledged, and what is left of them."""

from __future__ import annotations

import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

from server import journal
from server.operations.making import make_unit
from server.store.database import connect
from tests.running import Running

SERVICES = ("etat-civil", "legalisation")
PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table."""

    what: str
    tried: str
    acknowledged: int
    lost: int
    twice: int
    seen: str
    held: bool


@dataclass(frozen=True, slots=True)
class Ticket:
    """An acknowledged ticket; `ns` by CLOCK_MONOTONIC, when the answer had come."""

    visit: str
    ticket: str
    ns: int


@dataclass
class Load:
    """Clients that take tickets one after another. A request without an answer is sent again with the same Idempotency-Key."""

    url: str
    token: str
    clients: int = 4
    pause_s: float = 0.0
    acknowledged: dict[str, Ticket] = field(default_factory=dict)
    refusals: Counter[str] = field(default_factory=Counter)
    unanswered: int = 0
    slowest_s: float = 0.0
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> Load:
        self._threads = [threading.Thread(target=self._take, daemon=True) for _ in range(self.clients)]
        for thread in self._threads:
            thread.start()
        return self

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(60)

    def more(self, count: int) -> None:
        """Returns when so many more were acknowledged."""
        wanted = len(self.acknowledged) + count
        until(lambda: len(self.acknowledged) >= wanted, f"{count} more tickets")

    def _take(self) -> None:
        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {self.token}"
        key = uuid.uuid4().hex
        while not self._stop.is_set():
            start = time.monotonic()
            try:
                body = {"service": SERVICES[0], "language": "fr"}
                answer = session.post(f"{self.url}/api/v1/tickets", json=body, headers={"Idempotency-Key": key}, timeout=30)
            except requests.RequestException:
                self.unanswered += 1
                self._stop.wait(0.05)
                continue
            self.slowest_s = max(self.slowest_s, time.monotonic() - start)
            if answer.status_code != 201:
                self.refusals[f"{answer.status_code} {answer.json()['type'].rsplit(':', 1)[1]}"] += 1
                self._stop.wait(0.05)
                continue
            given = answer.json()
            self.acknowledged[given["visit"]] = Ticket(given["visit"], given["ticket"], time.monotonic_ns())
            key = uuid.uuid4().hex
            self._stop.wait(self.pause_s)


@dataclass(frozen=True, slots=True)
class Left:
    """What a database holds of the acknowledged tickets."""

    lost: int
    twice: int
    replays: bool
    intact: bool

    @property
    def good(self) -> bool:
        return not self.lost and not self.twice and self.replays and self.intact


def left(database: Path, acknowledged: dict[str, Ticket] | list[Ticket]) -> Left:
    """Looks for each ticket, for numbers given twice, whether the journal replays and SQLite finds the file whole."""
    tickets = list(acknowledged.values()) if isinstance(acknowledged, dict) else acknowledged
    conn = connect(database)
    try:
        rows = conn.execute("SELECT visit, ticket, day, series, number FROM visits").fetchall()
        replays = journal.replay(journal.read(conn)) == journal.stored(conn)
        intact = conn.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    finally:
        conn.close()
    there = {(visit, ticket) for visit, ticket, *_ in rows}
    numbers = [tuple(row[2:]) for row in rows]
    lost = sum((one.visit, one.ticket) not in there for one in tickets)
    return Left(lost, len(numbers) - len(set(numbers)), replays, intact)


def judged(what: str, tried: str, load: Load, database: Path, seen: str, well: bool = True) -> Result:
    """The line of a fault after which all that was acknowledged is looked for."""
    found = left(database, load.acknowledged)
    broken = [] if found.replays else ["the journal does not replay"]
    broken += [] if found.intact else ["the file is damaged"]
    return Result(what, tried, len(load.acknowledged), found.lost, found.twice, "; ".join([seen, *broken]), found.good and well)


def until(met: Callable[[], bool], what: str, seconds: float = PATIENCE_S) -> None:
    """Waits; raises AssertionError when it does not come."""
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end, f"after {seconds:.0f} s still no {what}"
        time.sleep(0.02)


@contextmanager
def hall(folder: Path | None = None, extra: str = "") -> Iterator[Running]:
    """A new unit without limits; the fault starts it."""
    with tempfile.TemporaryDirectory(prefix="istiqbal-faults-") as name:
        unit = (folder or Path(name)) / "unit"
        make_unit(unit, "annexe")
        running = Running(unit)
        running.unlimited()
        if extra:
            with (unit / "unit.toml").open("a", encoding="utf-8") as file:
                file.write(extra)
        try:
            yield running
        finally:
            running.kill()


def worker_of(running: Running) -> int:
    """The process that works, gunicorn's child."""
    assert running.process is not None
    pid = running.process.pid
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


def threads_of(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("Threads:")))
