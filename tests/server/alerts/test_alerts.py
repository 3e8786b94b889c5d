"""Alerts: when they begin, that “seen” holds until they end, and that they return when they begin anew."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from server import editing, setup
from server.alerts import store
from server.alerts.facts import Alert, Facts, FreeCounter, Queue
from server.alerts.registry import raised
from server.app import Server
from server.clock import Moment, rfc3339
from server.editing import Editor
from server.editing.watching import AlertRules
from server.lifecycle import Action
from server.operations.backup.making import STATE_FILE
from server.unit import Unit
from server.visits import Order
from tests.conftest import CLERK, KIOSK, MANAGER, ToldClock
from tests.programs import Program
from tests.server.alerts.halls import HOUR, MINUTE, Hall

NOW = Moment(10**12, 10**12)
CALM = Facts(NOW, setup.AlertLimits(waiting=10, waiting_for={"b": 3}), queues=[Queue("a", 4, 5 * MINUTE, 20 * MINUTE)])


@pytest.mark.parametrize(
    ("change", "alert"),
    [
        ({}, None),
        ({"queues": [Queue("a", 10, 0, MINUTE)]}, None),
        ({"queues": [Queue("a", 11, 0, MINUTE)]}, Alert("too_many", "", (("limit", 10),))),
        ({"queues": [Queue("b", 3, 0, MINUTE)]}, None),
        ({"queues": [Queue("b", 4, 0, MINUTE)]}, Alert("too_many_for", "b", (("limit", 3),))),
        ({"queues": [Queue("a", 1, 20 * MINUTE, 20 * MINUTE)]}, None),
        ({"queues": [Queue("a", 1, 20 * MINUTE + 1, 20 * MINUTE)]}, Alert("past_target", "a", (("minutes", 20),))),
        ({"free": [FreeCounter(7, 3, NOW.steady - 119_999)]}, None),
        ({"free": [FreeCounter(7, 3, NOW.steady - 120_000)]}, Alert("idle_counter", "7", (("counter", 3),))),
        ({"unserved": ["a"]}, Alert("nobody_serves", "a")),
        ({"printers": {"hall-1": "near-end"}}, None),
        ({"printers": {"hall-1": "cover-open"}}, Alert("printer", "hall-1", (("state", "cover-open"),))),
        ({"gone_displays": {"door": NOW.steady - 59_999}}, None),
        ({"gone_displays": {"door": NOW.steady - 60_000}}, Alert("display_gone", "door")),
        ({"portal_contact": NOW.at - 4 * HOUR + 1}, None),
        ({"portal_contact": NOW.at - 4 * HOUR}, Alert("portal_silent", "", (("hours", 4),))),
        ({"portal_refuses": True}, Alert("portal_refuses")),
        ({"ratings_fell": True}, Alert("ratings_fell")),
        ({"cant_seal": True}, Alert("no_portal_key")),
        ({"clock_jumped": True}, Alert("clock_jumped")),
        ({"backups": {"backups": NOW.at - 26 * HOUR}, "backup_hours": 26}, None),
        ({"backups": {"backups": NOW.at - 26 * HOUR - 1}, "backup_hours": 26}, Alert("backup_old", "backups", (("hours", 26),))),
    ],
)
def test_each_alert_begins_just_past_its_limit(change: dict[str, Any], alert: Alert | None) -> None:
    assert raised(replace(CALM, **change)) == ({alert} if alert else set())


def test_no_limit_of_people_is_no_alert() -> None:
    crowd = [Queue("a", 9999, 0, MINUTE)]
    assert raised(replace(CALM, limits=setup.AlertLimits(waiting=0), queues=crowd)) == set()


def test_seen_holds_until_the_alert_ends_and_it_returns_when_it_begins_anew(hall: Hall, clock: ToldClock) -> None:
    unit = hall.unit
    unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    assert hall.kinds() == []
    with unit.reading() as conn:
        target = setup.service(conn, "etat-civil").target_s
    clock.pass_by(target + 1)
    assert hall.kinds() == ["past_target"]
    (first,) = hall.kept()
    assert (first.since, first.seen_by) == (clock.moment.at, None)
    clock.pass_by(60)
    assert hall.seen(first.id).seen_by == "Brahim"
    clock.pass_by(60)
    assert hall.kinds() == ["past_target"]
    assert hall.kept()[0].seen_at == clock.moment.at - 60_000
    unit.visits.desk(1, "open", CLERK)
    unit.visits.call_next(1, CLERK)
    assert hall.kinds() == []
    with pytest.raises(store.AlertEnded):
        hall.seen(first.id)
    unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    clock.pass_by(target + 1)
    assert hall.kinds() == ["past_target"]
    (second,) = hall.kept()
    assert second.id > first.id
    assert second.seen_by is None
    began, seen, ended = ("alert_began", "past_target"), ("alert_seen", "past_target"), ("alert_ended", "past_target")
    assert hall.journal() == [began, seen, ended, began]


def test_who_said_seen_first_is_kept(hall: Hall) -> None:
    hall.printers["hall-1"] = "offline"
    assert hall.kinds() == ["printer"]
    (one,) = hall.kept()
    hall.seen(one.id)
    other = replace(MANAGER, name="Naima")
    again = hall.unit.writer.run(lambda conn: store.say_seen(conn, hall.unit.journal, one.id, other))
    assert again.seen_by == "Brahim"
    assert hall.journal().count(("alert_seen", "printer")) == 1


def test_another_state_of_a_printer_is_another_alert(hall: Hall) -> None:
    hall.printers["hall-1"] = "paper-out"
    hall.look()
    hall.seen(hall.kept()[0].id)
    hall.printers["hall-1"] = "cover-open"
    hall.look()
    (one,) = hall.kept()
    assert (dict(one.alert.params), one.seen_at) == ({"state": "cover-open"}, None)


def test_the_portal_and_backups(hall: Hall, clock: ToldClock) -> None:
    good = {"backups": {"tried_at": rfc3339(clock.moment.at), "good_at": rfc3339(clock.moment.at), "error": None}}
    (hall.unit.folder / STATE_FILE).write_text(json.dumps(good))
    clock.pass_by(25 * 3600)
    assert hall.kinds() == []
    clock.pass_by(2 * 3600)
    assert hall.kinds() == ["backup_old"]
    hall.unit.writer.run(
        lambda conn: conn.execute(
            "INSERT INTO deliveries(event, kind, target, payload, created_at, state)"
            " VALUES ('e', 'portal', '', '{}', 0, 'rejected')"
        )
    )
    assert hall.kinds() == ["backup_old", "portal_refuses"]


def test_ratings_that_fall_are_told_until_they_rise_again(hall: Hall, clock: ToldClock) -> None:
    rated(hall, clock, [4, 3] * 20)
    assert hall.kinds() == []
    rated(hall, clock, [2] * 19)
    assert "ratings_fell" not in hall.kinds()
    rated(hall, clock, [2])
    assert "ratings_fell" in hall.kinds()
    (one,) = [kept for kept in hall.kept() if kept.alert.kind == "ratings_fell"]
    hall.seen(one.id)
    rated(hall, clock, [1])
    hall.look()
    assert [kept.id for kept in hall.kept() if kept.seen_at] == [one.id], "another low rating is the same alert"
    for score in [4, 4, 4, 4, 2, 4, 2, 4, 4, 2, 4]:
        rated(hall, clock, [score])
        hall.look()
    assert [kept.id for kept in hall.kept() if kept.seen_at] == [one.id], "about the limit it does not come and go"
    rated(hall, clock, [4] * 20)
    assert "ratings_fell" not in hall.kinds()


def rated(hall: Hall, clock: ToldClock, scores: list[int]) -> None:
    """Ratings of this minute, one a second."""
    for score in scores:
        clock.pass_by(1)
        visit = hall.unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"]
        hall.unit.visits.cancel(visit, KIOSK)
        row = (visit, 1, "etat-civil", score, "[]", "phone", clock.moment.at)
        hall.unit.writer.run(lambda conn, row=row: conn.execute("INSERT INTO ratings VALUES (?,?,?,?,?,?,?)", row))


def test_a_missing_key_of_the_portal_is_told_once_the_portal_was_reached(hall: Hall) -> None:
    hall.key = False
    assert hall.kinds() == []
    hall.unit.writer.run(lambda conn: conn.execute("INSERT INTO portal_line VALUES ('contact', '1')"))
    assert hall.kinds() == ["no_portal_key"]
    hall.key = True
    assert hall.kinds() == []


def test_every_limit_is_the_managers(hall: Hall, clock: ToldClock) -> None:
    unit = hall.unit
    rules = AlertRules(
        waiting=1, waiting_for={"residence": 1}, past_target_minutes=5, idle_seconds=30, display_seconds=10, portal_hours=2
    )
    editor = Editor(unit.journal, unit.settings.unit.zone)

    def keep(conn: Any) -> None:
        (was,) = editing.read(conn).things["alerts"]
        editor.keep(conn, MANAGER, "alerts", rules, was.revision())

    unit.writer.run(keep)
    with unit.reading() as conn:
        limits = setup.alert_limits(conn)
    assert limits == setup.AlertLimits(1, {"residence": 1}, 300, 30, 10, 2)
    for _ in range(2):
        unit.visits.issue(Order("residence", "ar"), KIOSK)
    assert hall.kinds() == ["too_many", "too_many_for"]

    def remove(conn: Any) -> None:
        (service,) = (one for one in editing.read(conn).things["services"] if one.id == "residence")
        editor.remove(conn, MANAGER, "services", "residence", service.revision())

    unit.visits.desk(1, "open", CLERK)
    for _ in range(2):
        unit.visits.call_next(1, CLERK)
        unit.visits.at_counter(1, Action.START, CLERK)
        unit.visits.at_counter(1, Action.FINISH, CLERK)
    unit.writer.run(remove)
    with unit.reading() as conn:
        assert setup.alert_limits(conn).waiting_for == {}


def test_a_manager_says_seen_over_the_api_and_a_clerk_may_not(server: Server, callers: dict[str, Program]) -> None:
    unit = server.unit
    unit.writer.run(lambda conn: store.settle(conn, unit.journal, unit.now(), {Alert("portal_refuses")}))
    (one,) = callers["manager"].get("/api/v1/alerts").get_json()["alerts"]
    assert (one["kind"], one["seen"]) == ("portal_refuses", None)
    assert callers["clerk"].post(f"/api/v1/alerts/{one['id']}/seen").status_code == 403
    seen = callers["manager"].post(f"/api/v1/alerts/{one['id']}/seen").get_json()
    assert seen["seen"]["by"] == "manager-1"
    assert callers["manager"].post("/api/v1/alerts/999999/seen").status_code == 404
    snapshot = server.live.snapshot("/manager", ("", ""))
    assert [alert["seen"]["by"] for alert in snapshot["alerts"]] == ["manager-1"]
    assert snapshot["today"]["service_level"] is None


def test_the_snapshot_tells_todays_service_level(unit: Unit, clock: ToldClock) -> None:
    for _ in range(3):
        unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    unit.visits.desk(1, "open", CLERK)
    unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.NO_SHOW, CLERK)
    with unit.reading() as conn:
        assert unit.hall.today(conn, clock())["today"]["service_level"] == 1.0
    clock.pass_by(3600)
    unit.visits.call_next(1, CLERK)
    with unit.reading() as conn:
        assert unit.hall.today(conn, clock())["today"]["service_level"] == 0.5
