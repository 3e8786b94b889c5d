"""The machine's clock is set anew while the hall works: nobody is sent home by a mistake, and a real day ends."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from server import settings
from server.app import Server
from server.clock import HeldClock, set_by_time_server
from server.day.closing import Closing
from server.operations.admitting import new_person
from server.unit import Unit
from server.visits import Order
from tests.conftest import CLERK, KIOSK, ToldClock

DAY_S = 24 * 3600
ORDER = Order("etat-civil", "ar")


class Machine:
    """A unit on a machine whose clock may be set; `vouched`: a time server has just set it."""

    def __init__(self, folder: Path, clock: ToldClock) -> None:
        self.clock, self.vouched, self._folder = clock, False, folder
        self.start()

    def start(self) -> None:
        held = HeldClock(lambda: self.clock.moment.at, lambda: self.clock.moment.steady, lambda _: self.vouched)
        self.unit = Unit(self._folder, settings.load(self._folder), held)
        self.closing = Closing(self.unit)
        self.closing.check()

    def ticket(self) -> str:
        return str(self.unit.visits.issue(ORDER, KIOSK)["ticket"])

    def states(self) -> list[str]:
        """After another look for a day's end."""
        self.closing.check()
        with self.unit.reading() as conn:
            return [row[0] for row in conn.execute("SELECT state FROM legs ORDER BY place")]


@pytest.fixture
def machine(folder: Path, clock: ToldClock) -> Iterator[Machine]:
    made = Machine(folder, clock)
    yield made
    made.unit.close()


@pytest.mark.parametrize("days", [1, -1, 365])
def test_who_waits_is_there_still_when_the_clock_was_set_by_days_and_numbers_go_on(
    machine: Machine, clock: ToldClock, days: int
) -> None:
    machine.unit.visits.desk(1, "open", CLERK)
    assert [machine.ticket(), machine.ticket()] == ["A001", "A002"]
    clock.jump(days * DAY_S)
    assert machine.states() == ["waiting", "waiting"]
    clock.pass_by(60)
    assert machine.ticket() == "A003"
    with machine.unit.reading() as conn:
        assert conn.execute("SELECT state FROM counters WHERE id = 1").fetchone() == ("open",)
    assert machine.unit.clock_jumped()
    clock.jump(-days * DAY_S)
    assert machine.states() == ["waiting"] * 3
    assert not machine.unit.clock_jumped(), "it was set right"


def test_midnight_ends_the_day_whatever_the_clock_was_set_to(machine: Machine, clock: ToldClock) -> None:
    machine.ticket()
    clock.jump(-3600)
    clock.pass_by(11 * 3600)
    assert machine.states() == ["waiting"]
    clock.pass_by(4 * 3600 + 1)
    assert machine.states() == ["expired"]


def test_what_the_clock_has_said_for_twelve_hours_is_believed(machine: Machine, clock: ToldClock) -> None:
    machine.ticket()
    clock.jump(DAY_S)
    machine.states()
    clock.pass_by(12 * 3600 - 1)
    assert machine.states() == ["waiting"]
    clock.pass_by(1)
    assert machine.states() == ["expired"], "at nine in the evening"
    assert machine.unit.now() == clock()
    assert not machine.unit.clock_jumped()


def test_another_jump_counts_its_hours_anew(machine: Machine, clock: ToldClock) -> None:
    machine.ticket()
    clock.jump(DAY_S)
    machine.states()
    clock.pass_by(6 * 3600)
    clock.jump(DAY_S)
    machine.states()
    clock.pass_by(7 * 3600)
    assert machine.states() == ["waiting"]
    assert machine.unit.clock_jumped()


def test_a_time_server_is_believed_at_once(machine: Machine, clock: ToldClock) -> None:
    machine.ticket()
    clock.jump(DAY_S)
    machine.vouched = True
    assert machine.states() == ["expired"]
    assert not machine.unit.clock_jumped()


def test_a_start_believes_what_it_finds_as_after_a_night_without_power(machine: Machine, clock: ToldClock) -> None:
    machine.ticket()
    clock.jump(DAY_S)
    assert machine.states() == ["waiting"]
    machine.unit.close()
    machine.start()
    assert machine.states() == ["expired"]
    assert machine.unit.now() == clock()


def test_steps_of_seconds_and_minutes_are_followed(machine: Machine, clock: ToldClock) -> None:
    for seconds in (0.2, -30, 299, -299):
        clock.jump(seconds)
        assert machine.unit.now() == clock()
        assert not machine.unit.clock_jumped()


def test_nobody_is_signed_out_by_a_clock_that_was_set(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    new_person(server.unit.folder, "chef", "Chef", "manager", "a good password")
    browser = server.app.test_client()
    browser.post("/sign-in", data={"login": "chef", "password": "a good password"}, headers={"Origin": "http://localhost"})
    right = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: right() + 400 * DAY_S * 10**9)
    assert browser.get("/manager/ratings").status_code == 200
    assert server.unit.clock_jumped()


def test_the_word_of_a_time_server_is_a_file_that_it_has_just_touched(tmp_path: Path) -> None:
    told = tmp_path / "synchronized"
    at = int(datetime(2026, 11, 23, 9, tzinfo=UTC).timestamp())
    assert not set_by_time_server(at * 1000, told)
    told.touch()
    os.utime(told, (at, at))
    assert set_by_time_server(at * 1000 + 2000, told)
    assert not set_by_time_server((at + DAY_S) * 1000, told), "somebody has set the clock since"
