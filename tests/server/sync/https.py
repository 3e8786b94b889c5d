"""What the tests of the way over HTTPS share: visits that end, what is owed, and what the trial portal got."""

from __future__ import annotations

import json
from typing import Any

import urllib3

from server import sync
from server.sync.adapters.https import HttpsAdapter
from server.unit import Unit
from server.visits import Order
from tests.conftest import KIOSK
from tests.server.sync.portals import TrialPortal

SUBMISSION = {"reference": "K7QXM2PZA4CDEFGH", "type": "complaint", "sealed": "e30.."}


def way(portal: TrialPortal, secret: str | None = None) -> HttpsAdapter:
    return HttpsAdapter(portal.url, urllib3.PoolManager(retries=False, timeout=5), "unit", secret)


def end_visits(unit: Unit, count: int) -> list[str]:
    visits = [unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"] for _ in range(count)]
    for visit in visits:
        unit.visits.cancel(visit, KIOSK)
    return visits


def states(unit: Unit) -> dict[str, int]:
    with unit.reading() as conn:
        return dict(conn.execute("SELECT state, COUNT(*) FROM deliveries WHERE kind = 'portal' GROUP BY state").fetchall())


def seen(unit: Unit) -> Any:
    """The line as a screen shows it."""
    with unit.reading() as conn:
        return sync.look(conn)["portal"]


def stored(portal: TrialPortal) -> list[str]:
    return [portal.events[id]["data"]["visit"] for id in portal.order]


def owe_submission(unit: Unit) -> None:
    payload = json.dumps({"day": "2026-11-23", "body": SUBMISSION})
    statement = "INSERT INTO deliveries(event, kind, target, payload, created_at) VALUES ('e', 'submission', 'portal', ?, 0)"
    unit.writer.run(lambda conn: conn.execute(statement, (payload,)))
