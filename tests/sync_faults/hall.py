"""The unit's hall: visitors who take a ticket and give it up, each told by the server that both are written down."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import requests

from server import settings
from server.operations.making import make_unit
from server.unit import Unit
from server.visits import Order
from tests.conftest import KIOSK
from tests.running import Running

UNIT = "rabat-annexe-6"
SERVICE = "etat-civil"
WAY = """[portal]
adapter = "https"
url = "{url}"
client_secret_file = "portal-secret"
every_s = 1
batch_size = {batch}
retry_longest_s = 1

[limits]
tickets_per_minute = 0
requests_per_minute = 0
"""
POISONED = 40
"""About so many events are poisoned, at most every second one."""
POISONS = {
    "against the schema": ("$.data.leg", 0),
    "what no database holds (NUL)": ("$.data.service", "a\0b"),
    "a date that never was": ("$.data.joined", "2026-02-31T09:00:00.000Z"),
    "a kind nobody knows": ("$.type", "teleported"),
}


def make(folder: Path, url: str, secret: str, batch: int) -> Path:
    """A unit that sends to `url`."""
    make_unit(folder, "annexe", id=UNIT)
    (folder / "portal-secret").write_text(secret)
    told = (folder / "unit.toml").read_text().split("[portal]")[0]
    (folder / "unit.toml").write_text(told + WAY.format(url=url, batch=batch))
    return folder


def fill(folder: Path, count: int) -> tuple[list[str], dict[int, str]]:
    """Visits of an earlier start that are still owed, and the deliveries among them that were poisoned, by what is wrong."""
    unit = Unit(folder, settings.load(folder))
    visits = []
    for _ in range(count):
        visits.append(unit.visits.issue(Order(SERVICE, "ar"), KIOSK)["visit"])
        unit.visits.cancel(visits[-1], KIOSK)
    poisoned = unit.writer.run(_poison)
    unit.close()
    return visits, poisoned


def _poison(conn: Any) -> dict[int, str]:
    ids = [id for (id,) in conn.execute("SELECT id FROM deliveries WHERE kind = 'portal' ORDER BY id")]
    chosen = ids[2 :: max(2, len(ids) // POISONED)]
    wrong = {id: list(POISONS)[at % len(POISONS)] for at, id in enumerate(chosen)}
    for id, what in wrong.items():
        conn.execute("UPDATE deliveries SET payload = json_set(payload, ?, ?) WHERE id = ?", (*POISONS[what], id))
    return wrong


class Visitors:
    """`count` visitors, a few at a time, never more than `allow` lets in; each tries until the server has said yes."""

    def __init__(self, running: Running, count: int, at_once: int = 4) -> None:
        self._running, self._count = running, count
        self._token = running.token("kiosk", "kiosk-1")
        self._next, self._allowed = 0, 0
        self._turn = threading.Condition()
        self.acknowledged: list[str] = []
        self.faults: list[BaseException] = []
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(at_once)]
        for thread in self._threads:
            thread.start()

    def allow(self, share: float) -> None:
        with self._turn:
            self._allowed = round(self._count * share)
            self._turn.notify_all()

    def caught_up(self) -> bool:
        """Everybody who was let in has been answered, or something went wrong."""
        return bool(self.faults) or len(self.acknowledged) >= self._allowed

    def _work(self) -> None:
        session = requests.Session()
        try:
            while (number := self._mine()) is not None:
                visit = self._until_done(session, "/tickets", {"service": SERVICE, "language": "ar"}, f"take-{number}")["visit"]
                self._until_done(session, f"/visits/{visit}/cancel", {}, f"leave-{number}")
                self.acknowledged.append(visit)
        except BaseException as error:
            self.faults.append(error)
            raise
        finally:
            session.close()

    def _mine(self) -> int | None:
        with self._turn:
            self._turn.wait_for(lambda: self._next < self._allowed or self._next >= self._count)
            if self._next >= self._count:
                return None
            self._next += 1
            return self._next

    def _until_done(self, session: requests.Session, path: str, body: object, key: str) -> dict[str, Any]:
        """The same request with the same key until it is answered: the server may die in the middle."""
        headers = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": key}
        while True:
            try:
                got = session.post(f"{self._running.url}/api/v1{path}", json=body, headers=headers, timeout=30)
            except requests.RequestException:
                time.sleep(0.1)
                continue
            if got.status_code < 300:
                said: dict[str, Any] = got.json()
                return said
            assert got.status_code >= 500, got.text
            time.sleep(0.1)
