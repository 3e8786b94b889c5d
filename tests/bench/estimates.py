"""What one estimate costs: a hall with six weeks behind it, two open counters and a queue, asked again and again."""

from __future__ import annotations

import tempfile
import threading
import time
from datetime import date
from pathlib import Path

from server import settings
from server.clock import Moment
from server.journal import Journal, random_id
from server.operations.demo import CLERKS, WEIGHTS
from server.operations.invented_past import invent_past
from server.operations.making import make_unit, store_of
from server.store import open_store, transaction
from server.unit import Unit
from server.visits import Caller, Order
from server.visits.looks import current_leg

KIOSK = Caller("device:0", "kiosk-1", "kiosk")
WAITING = 30
TIMES = 2000


def measure() -> list[float]:
    """Milliseconds of each estimate, for the last who waits; every one is made anew."""
    with tempfile.TemporaryDirectory(prefix="istiqbal-bench-") as name:
        unit = _unit(Path(name) / "unit")
        try:
            return _estimates(unit)
        finally:
            unit.close()


def _unit(folder: Path) -> Unit:
    make_unit(folder, "annexe")
    db = open_store(store_of(folder))
    with transaction(db):
        written = Journal("bench-" + random_id(), lambda: Moment(0, 0))
        invent_past(db.conn, written, date.today(), settings.load(folder).unit.zone, CLERKS, WEIGHTS)
    db.close()
    unit = Unit(folder, settings.load(folder))
    for thread in threading.enumerate():
        if thread.name == "estimates-begin":
            thread.join()
    for counter, clerk in CLERKS.items():
        unit.visits.desk(counter, "open", clerk)
    return unit


def _estimates(unit: Unit) -> list[float]:
    visits = [unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"] for _ in range(WAITING)]
    times = []
    with unit.reading() as conn:
        leg = current_leg(conn, visits[-1])[1]
        for _ in range(TIMES):
            now, start = unit.now(), time.perf_counter()
            told = unit.estimates.remaining(conn, now, leg, WAITING - 1, WAITING)
            times.append((time.perf_counter() - start) * 1000)
            assert told is not None
    return times
