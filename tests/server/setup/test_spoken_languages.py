"""The languages in which a clerk serves are told where a visitor is sent on, and on the manager's list of counters."""

from __future__ import annotations

from typing import Any

import pytest

from server.access import people
from server.access.audit import Audit
from server.access.people import Details
from server.unit import Unit
from server.visits import Caller
from tests.conftest import CLERK


@pytest.fixture
def salma(unit: Unit) -> Caller:
    """A clerk who serves in Amazigh and in French."""
    audit = Audit(unit.journal, "installer")
    details = Details("salma", "Salma", "clerk", ("zgh", "fr"))
    id = unit.writer.run(lambda conn: people.add(conn, audit, "administrator", details, "x", 1))
    return Caller(f"person:{id}", "Salma", "clerk")


def clerk_at(unit: Unit, counter: int) -> Any:
    with unit.reading() as conn:
        now = unit.now()
        staff = unit.hall.staff(conn, now, unit.hall.board(conn, now))
    return next(desk["clerk"] for desk in staff["desks"] if desk["counter"] == counter)


def test_the_clerk_at_a_counter_is_told_with_them_and_they_follow_the_manager(unit: Unit, salma: Caller) -> None:
    unit.visits.desk(2, "open", salma)
    assert clerk_at(unit, 2) == {"id": salma.id, "name": "Salma", "languages": ["zgh", "fr"]}
    assert clerk_at(unit, 3) is None

    def change(conn: Any) -> None:
        found = people.by_login(conn, "salma")
        details = Details("salma", "Salma", "clerk", ("ar",))
        people.edit(conn, Audit(unit.journal, "installer"), "administrator", found.id, details, found.revision)

    unit.writer.run(change)
    assert clerk_at(unit, 2)["languages"] == ["ar"]


def test_of_another_system_or_somebody_unknown_none_are_told(unit: Unit, salma: Caller) -> None:
    unit.visits.desk(1, "open", Caller(salma.id.replace("person", "device"), "calls", "clerk"))
    unit.visits.desk(2, "open", Caller("person:999", CLERK.name, "clerk"))
    assert [clerk_at(unit, counter)["languages"] for counter in (1, 2)] == [[], []]
