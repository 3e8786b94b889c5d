"""What a report meets in real life: nothing at all, midnight, a power cut in the middle, an export that nobody wants any more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from server import reports, settings
from server.day.closing import end_days_before
from server.lifecycle import Action
from server.reports import exports as module
from server.reports import work
from server.reports.asking import place_of
from server.reports.counting import packing, packs
from server.reports.exports import Exports, Order, State
from server.reports.period import Period
from server.reports.writing import legs
from server.unit import Unit
from server.visits import Order as Wish
from tests.conftest import CLERK, KIOSK, ToldClock
from tests.programs import Program
from tests.server.reports.test_independent import KINDS
from tests.server.reports.test_reports import DAY, ZONE, a_morning, report

NEXT_DAY = Period.parse("2026-11-24", "2026-11-24")
BOTH = Period.parse("2026-11-23", "2026-11-24")


@pytest.mark.parametrize("kind", KINDS)
def test_a_range_without_visits_is_a_whole_file_in_every_format(unit: Unit, kind: str) -> None:
    place = place_of(unit.path, unit.settings.unit)
    asked = reports.Request(kind, Period.parse("2031-02-01", "2031-02-28"), ("weekday", "hour"), compared=True)
    for form, begins in (("csv", b"weekday,hour,"), ("excel", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("pdf", b"%PDF-")):
        assert work.write(place, asked, form, "ar", whole=form == "pdf" and kind == "wait-times").data.startswith(begins)
    assert 'class="empty"' in work.page(place, asked, "zgh", False)


@pytest.mark.parametrize("query", ["from=2026-12-01&to=2026-11-01", "period=never", "from=2026-02-30"])
def test_a_range_that_ends_before_it_begins_is_refused_everywhere(callers: dict[str, Program], query: str) -> None:
    manager = callers["manager"]
    assert manager.get(f"/manager/reports?{query}&period={'dates' if 'from' in query else 'never'}").status_code == 422
    for kind in reports.REPORTS:
        answer = manager.get(f"/api/v1/reports/{kind}?{query}")
        assert answer.status_code == 422
        assert answer.mimetype == "application/problem+json"


def test_who_waits_over_midnight_belongs_to_the_day_of_the_ticket(unit: Unit, clock: ToldClock, tmp_path: Path) -> None:
    """Ticket at 23:50, called at 00:20, sent on at 00:30, served there from 00:40 to 00:50; the counter closes at 01:00."""
    clock.pass_by(14 * 3600 + 50 * 60)
    unit.visits.desk(1, "open", CLERK)
    unit.visits.issue(Wish("etat-civil", "ar"), KIOSK)
    clock.pass_by(1800)
    unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.START, CLERK)
    clock.pass_by(600)
    unit.visits.at_counter(1, Action.TRANSFER, CLERK, service="residence", to_counter=None, clerk=None, note=None)
    clock.pass_by(600)
    unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.START, CLERK)
    clock.pass_by(600)
    unit.visits.at_counter(1, Action.FINISH, CLERK)
    clock.pass_by(600)
    unit.visits.desk(1, "close", CLERK)

    def held() -> None:
        before, after = (report(unit, "wait-times", "hour", day).rows for day in (DAY, NEXT_DAY))
        assert [(row["hour"], row["arrivals"], row["wait_longest"]) for row in before] == [(0, 1, 600), (23, 1, 1800)]
        assert after == []
        assert report(unit, "ratings", "", DAY).total["could_rate"] == 1
        assert report(unit, "counters", "", DAY).total["open_time"] == 600, "the counter's time is cut at midnight"

    held()
    clock.pass_by(86_400)
    with unit.reading() as conn:
        made = [packing.pack(conn, day, ZONE) for day in packs.packs_due(conn, "2026-11-26", 9)]
        assert legs.write_csv(conn, BOTH, ZONE, tmp_path / "legs.csv") == 2
    for one in filter(None, made):
        assert unit.writer.run(lambda conn, one=one: packs.store(conn, one))
    assert made
    held()


def test_what_a_power_cut_left_open_is_counted_once_and_the_day_is_packed(unit: Unit, clock: ToldClock, folder: Path) -> None:
    """One waits, one is being served when the power goes; nobody comes back before the next day."""
    unit.visits.desk(1, "open", CLERK)
    for _ in range(2):
        unit.visits.issue(Wish("etat-civil", "ar"), KIOSK)
    clock.pass_by(60)
    unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.START, CLERK)
    unit.close()
    clock.pass_by(86_400)
    again = Unit(folder, settings.load(folder), clock)
    try:
        open_still = report(again, "wait-times").total
        assert (open_still["arrivals"], open_still["served"], open_still["walkouts"]) == (2, 0, 0)
        end_days_before(again, "2026-11-24")
        total, times = report(again, "wait-times").total, report(again, "service-times").total
        assert (total["arrivals"], total["walkouts"], total["waits"], total["wait_longest"]) == (2, 1, 1, 60)
        assert (total["odd_times"], times["transactions"], times["walks"]) == (0, 0, 1), "nobody knows when the service ended"
        with again.reading() as conn:
            made = packing.pack(conn, "2026-11-23", ZONE)
        assert made is not None
        assert again.writer.run(lambda conn: packs.store(conn, made))
        assert report(again, "wait-times").total == total
    finally:
        again.close()


def test_an_export_that_is_being_written_can_be_cancelled(unit: Unit, clock: ToldClock) -> None:
    a_morning(unit, clock)

    def many_days(conn: Any) -> None:
        """Copies of the morning's visits, so that writing them takes a while."""
        days = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 300)"
        conn.execute(
            f"{days} INSERT INTO visits SELECT v.visit || n, date(v.day, n || ' days'), v.series, v.number, v.ticket, v.language,"
            " v.origin, v.issued_at, v.leg, v.lap FROM visits v, n"
        )
        columns = "service, priority, place, joined_steady, state, recalls"
        conn.execute(
            f"{days} INSERT INTO legs(visit, leg, joined_at, {columns})"
            f" SELECT visit || n, leg, joined_at + n * 86400000, {columns} FROM legs, n"
        )

    unit.writer.run(many_days)
    exports = Exports(unit)
    exports.start()
    year = reports.Request("wait-times", Period.parse("2026-11-23", "2027-11-22"))
    one = exports.begin("person:1", Order(year, "legs-xlsx", "fr"))
    part = one.path.with_name(one.path.name + ".part")
    while not part.exists():
        assert one.under_way, "it was done before it could be cancelled"
    assert one.state is State.RUNNING
    exports.cancel("person:1", one.id)
    exports._line.put(None)
    exports._thread.join(60)
    assert one.state is State.CANCELLED
    assert list((unit.folder / module.FOLDER).glob("*/*")) == []
    exports.stop()
