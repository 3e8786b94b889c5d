"""What holds for the whole hall is edited while it runs: priorities, order, calling rules, numbers, notices."""

from __future__ import annotations

from typing import Any

import pytest

from server import editing, setup
from server.day.noticeboard import Noticeboard
from server.editing import Faulty, refusals
from server.editing.audit import entries
from server.editing.hall import Notice, Priority
from server.editing.rules import Calling, Numbers
from server.journal import read
from server.unit import Unit
from server.visits import Order
from tests.conftest import KIOSK, ToldClock
from tests.server.setup.office import PASSPORT, Office


def test_a_priority_stays_while_somebody_has_it(office: Office, unit: Unit) -> None:
    visit = unit.visits.issue(Order("etat-civil", "ar", "elderly"), KIOSK)["visit"]
    with pytest.raises(Faulty, match="1 visitors"):
        office.remove("priorities", "elderly")
    unit.visits.cancel(visit, KIOSK)
    office.remove("priorities", "elderly")
    office.add("priorities", Priority, id="veteran", name=PASSPORT["name"])
    with unit.reading() as conn:
        assert list(setup.priorities(conn))[-1] == "veteran"


def test_things_are_put_in_order(office: Office, unit: Unit) -> None:
    office.move("services", "legalisation", -1)
    office.move("services", "legalisation", -1)
    with unit.reading() as conn:
        assert [one.id for one in setup.services(conn)][:2] == ["legalisation", "etat-civil"]
        (entry,) = entries(conn)
    assert entry.id is None
    office.move("outcomes", "done", 1)
    assert [one["id"] for one in _lists(unit)["outcomes"]][:2] == ["incomplete-file", "done"]


def _lists(unit: Unit) -> dict[str, list[dict[str, Any]]]:
    with unit.reading() as conn:
        return setup.lists(conn)


def test_calling_rules_hold_from_the_next_call_on(office: Office, unit: Unit) -> None:
    office.change("calling", "calling", cap_minutes=7, prefer_one_in=4)
    with unit.reading() as conn:
        rules = setup.calling_rules(conn)
    assert (rules.cap_ms, rules.prefer_one_in) == (7 * 60_000, 4)
    assert isinstance(
        editing.made(Calling, {"cap_minutes": 7, "prefer_one_in": 1, "early_minutes": 0, "auto_next": True}, "c"), list
    )


def test_the_hour_at_which_numbers_begin_anew_never_moves_the_present_day(office: Office, unit: Unit, clock: ToldClock) -> None:
    with pytest.raises(Faulty, match="after 10:00"):
        office.change("numbers", "numbers", day_starts="10:00")
    office.change("numbers", "numbers", day_starts="04:00")
    assert isinstance(editing.made(Numbers, {"day_starts": "24:00"}, "numbers"), list)


def test_a_notice_is_on_the_board_for_as_long_as_it_was_written_for(office: Office, unit: Unit, clock: ToldClock) -> None:
    text = {"ar": "نغلق على الساعة 12", "fr": "Fermeture à 12 h"}
    office.add("messages", Notice, id=9, text=text, begins="2026-11-23T09:30", ends="2026-11-23T12:00")

    def shown() -> list[Any]:
        with unit.reading() as conn:
            return [one["text"] for one in unit.hall.board(conn, unit.now())["messages"]]

    assert text not in shown()
    clock.pass_by(1800)
    assert text in shown()
    clock.pass_by(2.5 * 3600)
    assert text not in shown()
    board = Noticeboard(unit)
    board.check()
    clock.pass_by(-3600)
    board.check()
    with unit.reading() as conn:
        assert [event.data for event in read(conn) if event.type == "notices_changed"] == [{"shown": [1, 9]}]
    faults = editing.made(Notice, {"id": 9, "text": text, "begins": "2026-11-23T09:30", "ends": "2026-11-23T09:30"}, "messages")
    assert isinstance(faults, list)
    assert [(fault.path, type(fault.refusal)) for fault in faults] == [(("ends",), refusals.EndsTooEarly)]


def test_what_was_wrong_before_is_no_obstacle_to_mending_something_else(office: Office, unit: Unit) -> None:
    unit.writer.run(lambda conn: conn.execute("UPDATE services SET series = 's', range_last = position + 5 WHERE position < 2"))
    office.change("services", "residence", target_minutes=3)
