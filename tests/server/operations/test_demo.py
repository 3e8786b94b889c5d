"""The unit for a first look has a past that its own journal could have written, and every page has something to show."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from server import journal, reports, settings
from server.clock import local, wall_ms
from server.operations.demo import make_demo
from server.reports.making import make
from server.reports.usual_day import FEWEST_DAYS, usual_day
from server.unit import Unit


def test_a_demo_has_weeks_behind_it_that_its_journal_tells(tmp_path: Path) -> None:
    make_demo(tmp_path / "demo")
    unit = Unit(tmp_path / "demo", settings.load(tmp_path / "demo"))
    zone = unit.settings.unit.zone
    today = local(wall_ms(), zone).date()
    period = reports.Period(today - timedelta(weeks=6), today - timedelta(days=1))
    with unit.reading() as conn:
        assert journal.replay(journal.read(conn)) == journal.stored(conn)
        totals = {kind: make(conn, reports.Request(kind, period, ("service",)), zone) for kind in reports.REPORTS}
        assert usual_day(conn, unit.now(), zone).days >= FEWEST_DAYS
    unit.close()
    assert totals["ratings"].total["ratings"] > 300
    assert 0.6 < totals["estimate-errors"].total["coverage"] < 1
    assert totals["counters"].total["busy_share"] > 0.3
    assert totals["wait-times"].total["odd_times"] == 0
    assert len(totals["wait-times"].rows) >= 4
