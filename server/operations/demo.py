"""A unit for a first look: invented visitors, two invented clerks, and a virtual printer that shows each ticket."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import chain, repeat
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from server import settings, setup
from server.access import devices, passwords, people
from server.access.audit import Audit
from server.clock import MS, Moment, local, wall_ms
from server.errors import Refused
from server.journal import Journal, random_id
from server.lifecycle import Action, State
from server.operations.invented_past import invent_past
from server.operations.making import make_unit, store_of
from server.periodic import Periodic
from server.store import open_store, transaction
from server.unit import Unit
from server.visits import Caller, Order
from server.visits.looks import leg_at_counter
from server.web.landing import Demo

PASSWORD = "istiqbal"
PRINTERS = """\
[[printers]]
name = "hall-1"
transport = "virtual"
width_dots = 576

[[kiosks]]
name = "kiosk-1"
printer = "hall-1"
"""
PEOPLE = (
    people.Details("clerk", "Salma", "clerk", ("ar", "fr")),
    people.Details("manager", "Brahim", "manager", ("ar", "zgh", "fr")),
    people.Details("administrator", "Tiziri", "administrator", ("zgh", "fr")),
)
KIOSK = Caller("device:0", "kiosk-1", "kiosk")
CLERKS = {3: Caller("person:101", "Yasmine", "clerk"), 4: Caller("person:102", "Idir", "clerk")}
LANGUAGES = ("ar", "ar", "ar", "zgh", "fr", "fr")
WEIGHTS = (5, 4, 3, 2, 2, 1)
HOUR_MS = 3600 * MS
STEP_MS = 10 * MS
LIVE_STEP_S = 3.0


def make_demo(folder: Path) -> Demo:
    """Make the demo unit in an empty folder, with six weeks and half a day of visits behind it."""
    make_unit(folder, "annexe", id="demo-annexe", printers=PRINTERS)
    zone = settings.load(folder).unit.zone
    _invent_weeks(folder, zone)
    unit = Unit(folder, settings.load(folder))
    try:
        _invent_history(unit)
        secret = passwords.hash_of(PASSWORD)  # shorter than the rules ask for: the first page shows it to everybody
        return unit.writer.run(lambda conn: _keys(conn, Audit(unit.journal, "installer"), secret))
    finally:
        unit.close()


def _keys(conn: Any, audit: Audit, secret: str) -> Demo:
    now = wall_ms()
    for person in PEOPLE:
        people.add(conn, audit, "administrator", person, secret, now)
    kiosk = devices.create_token(conn, "kiosk", "kiosk-1", now)
    display = devices.create_token(conn, "display", "display-1", now)
    tablet = devices.create_token(conn, "tablet", "counter-1", now)
    clerk, manager, administrator = (person.login for person in PEOPLE)
    return Demo(kiosk, display, tablet, clerk, manager, administrator, PASSWORD, "hall-1")


def _invent_weeks(folder: Path, zone: ZoneInfo) -> None:
    db = open_store(store_of(folder))
    try:
        with transaction(db):
            written = Journal("demo-" + random_id(), lambda: Moment(wall_ms(), wall_ms()))
            invent_past(db.conn, written, local(wall_ms(), zone).date(), zone, CLERKS, WEIGHTS)
    finally:
        db.close()


class _Invented:
    """A clock that is told the time."""

    def __init__(self, at: int) -> None:
        self.at = at

    def __call__(self) -> Moment:
        return Moment(self.at, self.at)


def _invent_history(unit: Unit) -> None:
    """Yesterday from half past eight to half past three, and today up to a few minutes ago."""
    now = wall_ms()
    today = local(now, unit.settings.unit.zone)
    yesterday = int((today - timedelta(days=1)).replace(hour=8, minute=30, second=0).timestamp() * MS)
    opening = int(today.replace(hour=8, minute=30, second=0).timestamp() * MS)
    if not now - 8 * HOUR_MS < opening < now - HOUR_MS:
        opening = now - 2 * HOUR_MS
    clock = _Invented(yesterday)
    unit.journal.now = clock
    _invent_day(unit, clock, yesterday, yesterday + 7 * HOUR_MS)
    for visit in _waiting(unit):
        unit.visits.expire(visit, KIOSK)
    _invent_day(unit, clock, opening, now - 10 * 60 * MS)


def _invent_day(unit: Unit, clock: _Invented, start: int, end: int) -> None:
    clock.at = start
    hall = _Hall(unit, random.Random(start // 86_400_000), serving_steps=(12, 60))
    while clock.at < end:
        hall.step(arrivals=STEP_MS / (240 * MS))
        clock.at += STEP_MS
    hall.go_home()


class _Hall:
    """Visitors who come at random, and two clerks who work a step at a time."""

    def __init__(self, unit: Unit, dice: random.Random, serving_steps: tuple[int, int]) -> None:
        self._unit = unit
        self._visits = unit.visits
        self._dice = dice
        self._serving_steps = serving_steps
        self._working = {counter: self._work(counter) for counter in CLERKS}

    def step(self, arrivals: float) -> None:
        """One step: perhaps somebody arrives (probability `arrivals`), and each clerk does a little."""
        if self._dice.random() < arrivals:
            self._arrive()
        for counter, work in self._working.items():
            try:
                next(work)
            except Refused:  # somebody else had a hand in it; the clerk begins anew
                self._working[counter] = self._work(counter)

    def _arrive(self) -> None:
        """A visitor for one of the services that give tickets now; the manager may have changed them."""
        with self._unit.reading() as conn:
            pairs = zip(setup.services(conn), chain(WEIGHTS, repeat(1)), strict=False)
            weights = {service.id: weight for service, weight in pairs if service.open}
        if not weights:
            return
        service = self._dice.choices(list(weights), list(weights.values()))[0]
        priority = "elderly" if self._dice.random() < 0.06 else None
        with suppress(Refused):  # the kiosk may not offer it
            self._visits.issue(Order(service, self._dice.choice(LANGUAGES), priority), KIOSK)

    def go_home(self) -> None:
        """Both clerks finish with who is at their counter and close it."""
        for counter, clerk in CLERKS.items():
            self._finish_with_visitor(counter)
            self._visits.desk(counter, "close", clerk)

    def _work(self, counter: int) -> Iterator[None]:
        clerk = CLERKS[counter]
        self._visits.desk(counter, "open", clerk)
        self._finish_with_visitor(counter)
        while True:
            if not self._anybody_waits() or self._visits.call_next(counter, clerk) is None:
                yield
                continue
            yield from self._steps(1, 3)
            if self._dice.random() < 0.05:
                self._visits.at_counter(counter, Action.NO_SHOW, clerk)
                continue
            self._visits.at_counter(counter, Action.START, clerk)
            yield from self._steps(*self._serving_steps)
            self._visits.at_counter(counter, Action.FINISH, clerk)
            yield

    def _anybody_waits(self) -> bool:
        with self._unit.reading() as conn:
            return bool(conn.execute("SELECT 1 FROM waiting WHERE count > 0 LIMIT 1").fetchone())

    def _steps(self, least: int, most: int) -> Iterator[None]:
        yield from [None] * self._dice.randint(least, most)

    def _finish_with_visitor(self, counter: int) -> None:
        with self._unit.reading() as conn:
            leg = leg_at_counter(conn, counter)
        if leg and leg.state is State.CALLED:
            self._visits.at_counter(counter, Action.START, CLERKS[counter])
        if leg:
            self._visits.at_counter(counter, Action.FINISH, CLERKS[counter])


def life(unit: Unit) -> Periodic:
    """Goes on inventing while the demo runs: a visitor every half minute or so."""
    hall = _Hall(unit, random.Random(), serving_steps=(5, 20))
    return Periodic("demo", lambda: hall.step(arrivals=LIVE_STEP_S / 28), LIVE_STEP_S)


def _waiting(unit: Unit) -> list[str]:
    with unit.reading() as conn:
        return [row[0] for row in conn.execute("SELECT visit FROM legs WHERE state = 'waiting'")]
