"""Old rows go, and the figures stay."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlite_utils import Database

from server import reports, setup
from server.app import Server
from server.day.closing import end_days_before
from server.feedback import ratings
from server.lifecycle import Action
from server.reports import retention
from server.reports.counting import packing, packs
from server.store.migrations.more_packs import more_packs
from server.unit import Unit
from server.visits import Order
from tests.conftest import CLERK, KIOSK, ToldClock
from tests.programs import Program
from tests.server.reports.test_reports import ZONE, a_morning, report
from tests.server.setup.forms import revision


def packed_yesterday(unit: Unit, clock: ToldClock) -> dict[str, Any]:
    """The worked example's day, closed and packed; its figures."""
    a_morning(unit, clock)
    clock.pass_by(24 * 3600)
    end_days_before(unit, "2026-11-24")
    with unit.reading() as conn:
        pack = packing.pack(conn, "2026-11-23", ZONE)
    assert pack is not None
    assert unit.writer.run(lambda conn: packs.store(conn, pack))
    return report(unit, "wait-times").total


def weeks_go_by(unit: Unit, clock: ToldClock) -> None:
    """Sixty days, in which somebody comes now and then and leaves again."""
    for _ in range(3):
        clock.pass_by(20 * 86_400)
        unit.visits.cancel(unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"], KIOSK)
    unit.writer.run(lambda conn: conn.execute("UPDATE deliveries SET state = 'done'"))


def visits_of(unit: Unit, table: str) -> set[str]:
    with unit.reading() as conn:
        return {row[0] for row in conn.execute(f"SELECT visit FROM {table} WHERE visit IS NOT NULL")}


def test_a_clock_a_year_ahead_costs_no_row(unit: Unit, clock: ToldClock) -> None:
    packed_yesterday(unit, clock)
    weeks_go_by(unit, clock)
    unit.writer.run(lambda conn: setup.choose(conn, retention.CHOICE, 400))
    for _ in range(4):
        clock.jump(365 * 86_400 if clock.moment.at == clock.moment.steady else 86_400)
        unit.visits.cancel(unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"], KIOSK)
        unit.writer.run(lambda conn: conn.execute("UPDATE deliveries SET state = 'done'"))
        assert retention.drop_old_rows(unit) == 0
    clock.jump(86_400)
    unit.visits.cancel(unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"], KIOSK)
    assert retention.drop_old_rows(unit) == 6, "who has worked five days with it means it"


def test_old_rows_go_and_the_figures_stay(unit: Unit, clock: ToldClock) -> None:
    before = packed_yesterday(unit, clock)
    old = visits_of(unit, "visits")
    weeks_go_by(unit, clock)
    unit.writer.run(lambda conn: conn.execute("UPDATE deliveries SET state = 'pending' WHERE kind = 'portal'"))
    assert retention.drop_old_rows(unit) == 0
    unit.writer.run(lambda conn: setup.choose(conn, retention.CHOICE, 40))
    assert retention.drop_old_rows(unit) == 0, "the portal has not been told of them"
    unit.writer.run(lambda conn: conn.execute("UPDATE deliveries SET state = 'done'"))
    assert retention.drop_old_rows(unit, batches=0) == 0
    assert retention.drop_old_rows(unit) == 6
    for table in ("visits", "legs", "events"):
        assert not old & visits_of(unit, table)
    with unit.reading() as conn:
        assert conn.execute("SELECT COUNT(*) FROM deliveries WHERE event NOT IN (SELECT id FROM events)").fetchone() == (0,)
    assert report(unit, "wait-times").total == before


def rated(unit: Unit, clock: ToldClock, scores: list[int]) -> None:
    unit.visits.desk(1, "open", CLERK)
    for score in scores:
        visit = unit.visits.walk_direct(1, Order("etat-civil", "ar"), CLERK)["visit"]
        unit.visits.at_counter(1, Action.FINISH, CLERK)
        said = ratings.Rating(visit, score, (), "phone")
        unit.writer.run(lambda conn, said=said: ratings.rate(conn, unit.journal, clock(), said, ZONE, tell_portal=False))
    unit.visits.desk(1, "close", CLERK)


def test_dropped_days_keep_their_ratings_and_estimates(unit: Unit, clock: ToldClock) -> None:
    rated(unit, clock, [4, 3, 1, 4, 4])
    packed_yesterday(unit, clock)
    before = [report(unit, kind).total for kind in ("ratings", "estimate-errors")]
    assert before[0]["rating_mean"] == 3.2
    old = visits_of(unit, "visits")
    weeks_go_by(unit, clock)
    unit.writer.run(lambda conn: setup.choose(conn, retention.CHOICE, 40))
    assert retention.drop_old_rows(unit) > 0
    assert [report(unit, kind).total for kind in ("ratings", "estimate-errors")] == before
    assert not old & (visits_of(unit, "ratings") | visits_of(unit, "promises"))


def test_a_unit_from_before_ratings_were_packed_loses_no_day(unit: Unit, clock: ToldClock) -> None:
    """The first day's rows were dropped by the older version; the second's are there, and packed without ratings."""
    dropped = packed_yesterday(unit, clock)
    weeks_go_by(unit, clock)
    unit.writer.run(lambda conn: setup.choose(conn, retention.CHOICE, 40))
    retention.drop_old_rows(unit)
    rated(unit, clock, [4, 3, 1, 4, 4])
    clock.pass_by(86_400)
    period = reports.Period(date(2026, 11, 23), date(2027, 3, 1))

    def pack_and_look() -> list[reports.Row]:
        with unit.reading() as conn:
            made = [packing.pack(conn, day, ZONE) for day in packs.packs_due(conn, "2027-12-31", 9)]
        for one in made:
            assert one is not None
            assert unit.writer.run(lambda conn, one=one: packs.store(conn, one))
        return [report(unit, kind, period=period).total for kind in ("wait-times", "ratings")]

    def as_the_older_version_left_it(conn: Any) -> None:
        for (trigger,) in conn.execute("SELECT name FROM sqlite_master WHERE name LIKE 'a_%_rating_unpacks_its_day'").fetchall():
            conn.execute(f"DROP TRIGGER {trigger}")
        conn.execute("DELETE FROM report_columns WHERE source IN ('ratings', 'promises')")

    expected = pack_and_look()
    assert (expected[0]["arrivals"], expected[1]["ratings"]) == (dropped["arrivals"] + 3 + 5, 5)
    unit.writer.run(as_the_older_version_left_it)
    assert report(unit, "ratings", period=period).total["ratings"] == 0
    unit.writer.run(lambda conn: more_packs(Database(conn)))
    for found in ([report(unit, kind, period=period).total for kind in ("wait-times", "ratings")], pack_and_look()):
        assert found[0] == expected[0]
        assert (found[1]["ratings"], found[1]["could_rate"], found[1]["response_rate"]) == (5, 5, 1.0), "the first day has none"
    assert report(unit, "wait-times").total == dropped


def test_a_manager_decides_about_clerks_figures_and_how_long_rows_are_kept(server: Server, callers: dict[str, Program]) -> None:
    manager = callers["manager"]
    by_clerk = "/api/v1/reports/service-times?by=clerk"
    assert manager.get(by_clerk).status_code == 403
    settings = "/manager/reports/settings"
    assert manager.post(settings, data={"days": "3"}).status_code == 422
    assert manager.post(settings, data={"days": "x" * 9, "clerks": "on"}).status_code == 422
    read_at = revision(manager.get(settings).text)
    assert manager.post(settings, data={"days": "400", "clerks": "on", "revision": read_at}).status_code == 303
    assert manager.get(by_clerk).status_code == 200
    assert callers["clerk"].get(by_clerk).status_code == 403
    assert 'value="400"' in manager.get(settings).text
