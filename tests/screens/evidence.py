"""A past that waits can be told from, for tests of screens."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from server import settings
from server.unit import Unit
from tests.conftest import ToldClock
from tests.running import Running
from tests.server.estimates.test_estimates import a_morning

WAITING = 3


def told_waits(running: Running) -> None:
    """A clerk served ten people yesterday, five minutes each; the server starts, counters open, and three wait for civil status."""
    yesterday = datetime.now(ZoneInfo("Africa/Casablanca")) - timedelta(days=1)
    clock = ToldClock(f"{yesterday:%Y-%m-%d}T09:00:00+01:00")
    unit = Unit(running.folder, settings.load(running.folder), clock)
    a_morning(unit, clock, served=10, waiting=2)
    unit.close()
    running.start()
    clerk, kiosk = running.token("clerk", "evidence"), running.token("kiosk", "evidence-kiosk")
    for counter in (1, 2, 3, 4):
        running.post(clerk, f"/counters/{counter}/open")
    for _ in range(WAITING):
        running.post(kiosk, "/tickets", {"service": "etat-civil", "language": "fr"})
