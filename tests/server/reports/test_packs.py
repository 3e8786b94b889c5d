"""Packs are always what the rows say: random days with transfers, undo, recycling, late corrections, clocks that jump."""

from __future__ import annotations

import contextlib
import random
import tempfile
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
from hypothesis import given
from hypothesis import settings as hypothesis_settings

from server import reports, settings, setup
from server.clock import Moment
from server.day.closing import end_days_before
from server.errors import Refused
from server.estimates import promises
from server.estimates.rounding import Estimate
from server.feedback import ratings
from server.lifecycle import Action
from server.operations.making import make_unit
from server.reports.counting import packs
from server.reports.counting.packing import pack
from server.reports.figures.registry import KINDS
from server.reports.making import make
from server.reports.packing import pack_closed_days
from server.reports.small_groups import hidden_cells
from server.unit import Unit
from server.visits import Caller, Order
from server.visits.looks import current_leg
from tests.conftest import KIOSK, ToldClock
from tests.server.reports import raw_figures

ZONE = ZoneInfo("Africa/Casablanca")
SERVICES = ("etat-civil", "legalisation", "residence")
CLERKS = {counter: Caller(f"person:{counter}", f"clerk {counter}", "clerk") for counter in (1, 2)}
DAYS = reports.Period(date(2026, 11, 20), date(2026, 11, 30))
PLAIN = {
    "wait-times": raw_figures.wait_times,
    "service-times": raw_figures.service_times,
    "counters": raw_figures.counters,
    "out-of-order": raw_figures.out_of_order,
    "ratings": raw_figures.ratings,
    "estimate-errors": raw_figures.promises,
}
KEYS = ((), ("service",), ("service", "hour"), ("day",), ("counter", "language"))
STEPS = (
    *["issue"] * 4,
    *["next"] * 4,
    *["start"] * 4,
    *["serve and rate"] * 6,
    *["finish", "rate"],
    *["no-show", "park", "transfer", "undo", "recycle", "choose", "walk-in", "cancel"],
)


def a_step(unit: Unit, clock: ToldClock, dice: random.Random, visits: list[str]) -> None:
    """Something that may happen in a hall; what is refused did not happen."""
    counter, step = dice.choice(list(CLERKS)), dice.choice(STEPS)
    clerk, run = CLERKS[counter], unit.visits
    clock.pass_by(dice.choice([0.2, 3, 47.5, 300, 1900]))
    service = dice.choice(SERVICES)
    if step == "issue" or not visits:
        order = Order(service, dice.choice(["ar", "fr", "zgh"]), dice.choice([None, "elderly"]))
        visits.append(run.issue(order, KIOSK)["visit"])
        promise(unit, visits[-1], dice)
    elif step == "next":
        run.call_next(counter, clerk)
    elif step == "choose":
        run.call(counter, dice.choice(visits), dice.choice(["=sum(1)", "urgent"]), clerk)
    elif step == "walk-in":
        run.walk_direct(counter, Order(service, "ar"), clerk)
    elif step == "undo":
        run.undo(counter, clerk)
    elif step == "recycle":
        run.back_to_queue(counter, dice.choice(visits), clerk)
    elif step == "cancel":
        run.cancel(dice.choice(visits), KIOSK)
    elif step == "rate":
        rate(unit, clock, dice)
    elif step == "serve and rate":
        run.walk_direct(counter, Order(service, dice.choice(["ar", "fr"])), clerk)
        clock.pass_by(dice.choice([1, 90, 700]))
        run.at_counter(counter, Action.FINISH, clerk)
        rate(unit, clock, dice)
    elif step == "transfer":
        run.at_counter(counter, Action.TRANSFER, clerk, service=service, to_counter=None, clerk=None, note=None)
    else:
        run.at_counter(counter, Action(step), clerk)


def promise(unit: Unit, visit: str, dice: random.Random) -> None:
    """Something is told of every other wait, whether or not there is evidence yet."""

    def keep(conn: Any) -> None:
        if conn.execute("SELECT 1 FROM promises WHERE visit = ?", (visit,)).fetchone() is None:
            told = dice.randint(0, 2000)
            estimate = Estimate(seconds=told, low=max(0, told - dice.randint(0, 900)), high=told + dice.randint(0, 900))
            promises.keep(conn, current_leg(conn, visit)[1], dice.randint(0, 30), estimate, "x", True)

    if dice.random() < 0.5:
        unit.writer.run(keep)


def rate(unit: Unit, clock: ToldClock, dice: random.Random) -> None:
    """Somebody who was served rates, perhaps again."""
    with unit.reading() as conn:
        served = [row[0] for row in conn.execute("SELECT visit FROM legs WHERE state = 'served' ORDER BY ended_at, visit")]
    if not served:
        return
    said = ratings.Rating(dice.choice(served), dice.choice([1, 2, 3, 4, 4]), (), "phone")
    unit.writer.run(lambda conn: ratings.rate(conn, unit.journal, clock(), said, ZONE, tell_portal=False))


def live_a_while(unit: Unit, clock: ToldClock, dice: random.Random, visits: list[str], steps: int) -> None:
    for counter, clerk in CLERKS.items():
        with contextlib.suppress(Refused):
            unit.visits.desk(counter, "open", clerk)
    for _ in range(steps):
        if dice.random() < 0.01:  # a machine restarted with a clock that was wrong
            clock.moment = Moment(clock.moment.at, clock.moment.steady - 400_000)
        with contextlib.suppress(Refused):
            a_step(unit, clock, dice, visits)


def pack_everything(unit: Unit) -> None:
    with unit.reading() as conn:
        due = packs.packs_due(conn, "2026-12-31", 100)
        made = [pack(conn, day, ZONE) for day in due]
    for one in filter(None, made):
        assert unit.writer.run(lambda conn, one=one: packs.store(conn, one))


def hold_against_rows(unit: Unit) -> None:
    with unit.reading() as conn:
        for (kind, plainly), keys in product(PLAIN.items(), KEYS):
            plain = plainly(conn, "2026-11-20", "2026-11-30", keys, ZONE)
            made = make(conn, reports.Request(kind, DAYS, keys), ZONE)
            rows = made.rows if keys else [made.total]
            if kind == "ratings":
                hide_small_groups(plain, {tuple(row[key] for key in keys) for row in rows if row["ratings"] is None})
            if keys:
                assert {tuple(row[key] for key in keys) for row in rows} == set(plain)
            for row in rows if plain else ():
                expected = plain[tuple(row[key] for key in keys)]
                assert {name: row[name] for name in expected} == expected


def hide_small_groups(plain: dict[tuple[Any, ...], raw_figures.Row], not_shown: set[tuple[Any, ...]]) -> None:
    """As whoever reads the report finds them: nothing but how many could have rated."""
    assert not_shown == hidden_cells({key: row["ratings"] for key, row in plain.items()})
    for key in not_shown:
        plain[key] = {name: value if name in ("could_rate", "service") else None for name, value in plain[key].items()}


@hypothesis_settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 2**32), late=st.integers(0, 12))
def test_packs_of_every_report_equal_the_rows_whatever_happens(seed: int, late: int) -> None:
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "unit"
        make_unit(folder, "annexe")
        clock = ToldClock()
        unit = Unit(folder, settings.load(folder), clock)
        visits: list[str] = []
        for _ in range(2):
            live_a_while(unit, clock, dice, visits, 60)
            clock.pass_by(16 * 3600)
            with unit.reading() as conn:
                today = setup.service_day(conn, clock().at, ZONE)
            end_days_before(unit, today)
            hold_against_rows(unit)
        pack_everything(unit)
        hold_against_rows(unit)
        for counter, clerk in CLERKS.items():
            with contextlib.suppress(Refused):
                unit.visits.desk(counter, "open", clerk)
        for _ in range(late):  # corrections of days that are packed
            with contextlib.suppress(Refused):
                unit.visits.back_to_queue(1, dice.choice(visits), CLERKS[1])
            with contextlib.suppress(Refused):
                unit.visits.call_next(1, CLERKS[1])
            with contextlib.suppress(Refused):
                unit.visits.at_counter(1, Action.NO_SHOW, CLERKS[1])
            with contextlib.suppress(Refused):
                rate(unit, clock, dice)
        hold_against_rows(unit)
        pack_everything(unit)
        hold_against_rows(unit)
        unit.close()


def test_no_report_is_left_out_of_what_is_held_against_the_rows() -> None:
    assert set(PLAIN) == set(KINDS)


def test_a_day_that_changes_while_it_is_packed_is_not_kept(unit: Unit, clock: ToldClock) -> None:
    unit.visits.desk(1, "open", CLERKS[1])
    visit = unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"]
    unit.visits.call_next(1, CLERKS[1])
    unit.visits.at_counter(1, Action.NO_SHOW, CLERKS[1])
    with unit.reading() as conn:
        made = pack(conn, "2026-11-23", ZONE)
    assert made is not None
    unit.visits.back_to_queue(1, visit, CLERKS[1])
    assert not unit.writer.run(lambda conn: packs.store(conn, made))


def test_a_day_with_a_visit_still_open_is_not_packed(unit: Unit, clock: ToldClock) -> None:
    unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    clock.pass_by(24 * 3600)
    with unit.reading() as conn:
        assert packs.packs_due(conn, "2026-11-24", 10) == ["2026-11-23"]
        assert pack(conn, "2026-11-23", ZONE) is None
    end_days_before(unit, "2026-11-24")
    assert pack_closed_days(unit) == 1
    assert pack_closed_days(unit) == 0
