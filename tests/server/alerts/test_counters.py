"""Alerts of counters: free in vain, and nobody left who can call."""

from __future__ import annotations

from typing import Any

from server.lifecycle import Action
from server.visits import Order
from tests.conftest import CLERK, KIOSK, OTHER_CLERK, ToldClock
from tests.server.alerts.halls import Hall


def test_a_counter_that_is_free_in_vain_is_told_of_and_one_that_nobody_needs_is_not(hall: Hall, clock: ToldClock) -> None:
    visits = hall.unit.visits
    visits.desk(1, "open", CLERK)
    clock.pass_by(3600)
    assert hall.kinds() == []
    visits.issue(Order("etat-civil", "ar"), KIOSK)
    assert hall.kinds() == []
    clock.pass_by(119)
    assert hall.kinds() == []
    clock.jump(7200)
    assert hall.kinds() == []
    clock.pass_by(1)
    assert hall.kinds() == ["idle_counter"]
    visits.call_next(1, CLERK)
    assert hall.kinds() == []
    visits.issue(Order("etat-civil", "ar"), KIOSK)
    clock.pass_by(130)
    assert hall.kinds() == []
    visits.at_counter(1, Action.START, CLERK)
    visits.at_counter(1, Action.FINISH, CLERK)
    assert hall.kinds() == []
    clock.pass_by(120)
    assert hall.kinds() == ["idle_counter"]
    visits.desk(1, "pause", CLERK)
    assert hall.kinds() == []


def test_a_counter_is_not_idle_while_only_others_can_serve_who_waits(hall: Hall, clock: ToldClock) -> None:
    def profile(conn: Any) -> None:
        conn.execute('INSERT INTO work_profiles(id, position, name) VALUES (\'p\', 0, \'{"ar": "p", "fr": "p"}\')')
        conn.execute("INSERT INTO work_profile_services VALUES ('p', 'residence', 1)")
        conn.execute("UPDATE counters SET profile = 'p' WHERE id = 1")

    hall.unit.writer.run(profile)
    hall.unit.visits.desk(1, "open", CLERK)
    hall.unit.visits.desk(2, "open", OTHER_CLERK)
    hall.unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    hall.look()
    clock.pass_by(121)
    assert hall.kinds() == ["idle_counter"]
    assert hall.kept()[0].alert.subject == "2"


def test_a_counter_is_idle_while_someone_waits_who_was_sent_to_a_counter_that_closed(hall: Hall, clock: ToldClock) -> None:
    hall.unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    hall.unit.visits.desk(1, "open", CLERK)
    hall.unit.visits.desk(2, "open", OTHER_CLERK)
    hall.unit.visits.call_next(2, OTHER_CLERK)
    hall.unit.visits.at_counter(2, Action.TRANSFER, OTHER_CLERK, to_counter=2)
    hall.look()
    clock.pass_by(121)
    assert hall.kinds() == ["idle_counter"]
    assert [one.alert.subject for one in hall.kept()] == ["2"], "they are counter 2's alone"
    hall.unit.visits.desk(2, "close", OTHER_CLERK)
    hall.look()
    clock.pass_by(121)
    assert hall.kinds() == ["idle_counter"]
    assert [one.alert.subject for one in hall.kept()] == ["1"], "whoever is there may call them"


def test_it_is_told_when_people_wait_whom_no_counter_can_call_any_more(hall: Hall) -> None:
    def every_counter_serves(service: str) -> None:
        def profile(conn: Any) -> None:
            conn.execute("INSERT OR REPLACE INTO work_profiles(id, position, name) VALUES ('p', 0, '{}')")
            conn.execute("DELETE FROM work_profile_services")
            conn.execute("INSERT INTO work_profile_services VALUES ('p', ?, 1)", (service,))
            conn.execute("UPDATE counters SET profile = 'p'")

        hall.unit.writer.run(profile)

    every_counter_serves("residence")
    assert hall.kinds() == [], "nobody waits"
    visit = hall.unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"]
    assert hall.kinds() == ["nobody_serves"]
    (one,) = hall.kept()
    assert one.alert.subject == "etat-civil"
    assert hall.seen(one.id).seen_by == "Brahim"
    assert hall.kinds() == ["nobody_serves"], "seen as others are, until it ends"
    every_counter_serves("etat-civil")
    assert hall.kinds() == [], "no counter is open, but one may be"
    every_counter_serves("residence")
    assert hall.kinds() == ["nobody_serves"]
    hall.unit.visits.cancel(visit, KIOSK)
    assert hall.kinds() == []
