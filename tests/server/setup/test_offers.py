"""By what a kiosk knows that other things are told of the services than it was told."""

from __future__ import annotations

from datetime import date
from typing import Any

from kiosk import offers
from server.editing import audit
from server.editing.services import Service
from server.unit import Unit
from server.visits import Order
from tests.conftest import KIOSK
from tests.server.setup.office import PASSPORT, Office

TODAY, TOMORROW = date(2026, 11, 23), date(2026, 11, 24)


def mark(unit: Unit, today: date = TODAY, *, writing: bool = False) -> str:
    with unit.reading() as conn:
        return offers.mark(conn, today, writing=writing)


def test_the_mark_is_another_one_after_a_change_on_another_day_and_with_another_line_but_not_after_a_ticket(unit: Unit) -> None:
    Office(unit).add("services", Service, **PASSPORT)
    before = mark(unit)
    unit.visits.issue(Order("passeport", "ar"), KIOSK)
    assert mark(unit) == before
    Office(unit).change("services", "passeport", fees={"ar": "500 درهم", "fr": "500 dirhams"})
    after = mark(unit)
    assert len({before, after, mark(unit, TOMORROW), mark(unit, writing=True)}) == 4


def test_the_newest_change_is_found_without_reading_the_journal(unit: Unit) -> None:
    with unit.reading() as conn:
        assert audit.newest(conn) == 0
        told: list[Any] = []
        conn.set_trace_callback(told.append)
        audit.newest(conn)
        conn.set_trace_callback(None)
        (plan,) = conn.execute(f"EXPLAIN QUERY PLAN {told[0]}").fetchall()
    assert "events_of_setup" in plan[-1]
