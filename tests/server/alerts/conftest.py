"""The hall of these tests."""

from __future__ import annotations

import pytest

from server.alerts.facts import Reader
from server.alerts.watch import Watch
from server.unit import Unit
from tests.conftest import ToldClock
from tests.server.alerts.halls import Hall


@pytest.fixture
def hall(unit: Unit, clock: ToldClock) -> Hall:
    unit.writer.run(lambda conn: conn.execute("UPDATE epochs SET started_at = ?", (clock.moment.at,)))
    made = Hall(unit, clock)
    reader = Reader(
        unit.folder, unit.settings, lambda: made.printers, lambda: made.gone, lambda: made.key, lambda: made.open, unit.clock_jumped
    )
    made.look = Watch(unit, reader).look
    return made
