"""What a kiosk offers and a display shows is the manager's choice; everything when nothing was chosen."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from server import setup
from server.announced import CALLS_OF_A_COUNTER, CALLS_SHOWN
from server.errors import Refused, UnknownCounter, UnknownService
from server.hall import shown
from server.journal import encode
from server.lifecycle import Action
from server.operations.making import make_unit
from server.setup import NotOfferedHere, Shown
from server.store import open_store
from server.store.migrations import MIGRATIONS
from server.unit import Unit
from server.visits import Order
from server.web.language import in_language
from tests.conftest import CLERK, KIOSK, MANAGER
from tests.running import Running
from tests.server.web.test_live import ORDER, Screen


def offer(unit: Unit, *services: str) -> None:
    unit.writer.run(lambda conn: conn.execute("INSERT INTO kiosk_choices VALUES ('kiosk-1', ?)", (encode(services),)))


def told(refused: pytest.ExceptionInfo[Refused], language: str) -> str:
    return in_language(language, refused.value.message, **refused.value.params)


def remove(unit: Unit, table: str, id: object) -> None:
    unit.writer.run(lambda conn: conn.execute(f"UPDATE {table} SET removed_at = 1 WHERE id = ?", (id,)))


def test_a_kiosk_gives_tickets_of_the_services_it_offers_and_of_no_other(unit: Unit) -> None:
    offer(unit, "legalisation")
    assert unit.visits.issue(Order("legalisation", "ar"), KIOSK)["ticket"] == "B001"
    with pytest.raises(NotOfferedHere) as refused:
        unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    assert "الحالة المدنية" in told(refused, "ar")
    assert "État civil" in told(refused, "fr")
    assert unit.visits.issue(Order("etat-civil", "ar"), MANAGER)["ticket"] == "A001", "the choice is the kiosk's alone"


def test_a_removed_service_gives_no_ticket_but_keeps_its_name(unit: Unit) -> None:
    remove(unit, "services", "etat-civil")
    with pytest.raises(UnknownService):
        unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    unit.visits.desk(1, "open", CLERK)
    with pytest.raises(UnknownService):
        unit.visits.walk_direct(1, Order("etat-civil", "ar"), CLERK)
    unit.visits.issue(Order("legalisation", "ar"), KIOSK)
    unit.visits.call_next(1, CLERK)
    with pytest.raises(UnknownService):
        unit.visits.at_counter(1, Action.TRANSFER, CLERK, service="etat-civil")
    with unit.reading() as conn:
        assert "etat-civil" not in {one.id for one in setup.services(conn)}
        assert setup.service(conn, "etat-civil").name["fr"] == "État civil"


def test_a_removed_counter_is_gone_from_the_hall(unit: Unit) -> None:
    remove(unit, "counters", 2)
    with pytest.raises(UnknownCounter):
        unit.visits.desk(2, "open", CLERK)
    with unit.reading() as conn:
        assert [one["id"] for one in unit.hall.board(conn, unit.now())["counters"]] == [1, 3, 4]


def test_screens_get_the_part_that_was_chosen_for_them_on_connect_and_after_each_commit(running: Running) -> None:
    db = sqlite3.connect(running.folder / "unit.db")
    db.execute("INSERT INTO display_choices VALUES ('hall-b', '{\"fr\":\"Salle B\"}', '[]', '[2]')")
    db.execute("INSERT INTO kiosk_choices VALUES ('kiosk-1', '[\"legalisation\"]')")
    db.commit()
    db.close()
    running.start()
    clerk, other = running.token("clerk", "c"), running.token("clerk", "d")
    mine, all_of_it = (Screen(running, "/display", running.token("display", name)) for name in ("hall-b", "hall-a"))
    kiosk = Screen(running, "/kiosk", running.token("kiosk", "kiosk-1"))
    assert [one["id"] for one in kiosk.next()["services"]] == ["legalisation"]
    first = mine.next()
    assert (first["title"], [one["id"] for one in first["counters"]]) == ({"fr": "Salle B"}, [2])
    for counter, token in ((1, clerk), (2, other)):
        running.post(token, "/tickets", ORDER)
        running.post(token, f"/counters/{counter}/open")
        running.post(token, f"/counters/{counter}/call-next")
    assert [call["counter"] for call in all_of_it.until(lambda s: len(s["calls"]) == 2)["calls"]] == [2, 1]
    shown = mine.until(lambda s: s["calls"])
    assert [(call["counter"], call["ticket"]) for call in shown["calls"]] == [(2, "A002")]
    assert len(shown["services"]) == 6
    for screen in (mine, all_of_it, kiosk):
        screen.close()


def call(unit: Unit, counter: int, service: str = "etat-civil") -> str:
    """A visitor comes, is called at an open counter and served; answers the ticket."""
    ticket = str(unit.visits.issue(Order(service, "ar"), KIOSK)["ticket"])
    unit.visits.desk(counter, "open", CLERK)
    unit.visits.call_next(counter, CLERK)
    for action in (Action.START, Action.FINISH):
        unit.visits.at_counter(counter, action, CLERK)
    return ticket


def test_a_display_of_some_counters_keeps_their_calls_however_many_there_are_elsewhere(unit: Unit) -> None:
    choices = [("rooms", "[]", "[3,4]"), ("papers", '["legalisation"]', "[]")]
    unit.writer.run(lambda conn: conn.executemany("INSERT INTO display_choices VALUES (?, '{}', ?, ?)", choices))
    papers = call(unit, 4, "legalisation")
    mine = [call(unit, 3), papers]
    others = [call(unit, 1) for _ in range(CALLS_SHOWN + 1)]
    with unit.reading() as conn:
        board = unit.hall.board(conn, unit.now())
        seen = {
            name: [one["ticket"] for one in shown(board, setup.shown_on(conn, "display", name))["calls"]]
            for name in ("rooms", "papers", "whole hall")
        }
    assert seen == {"rooms": mine, "papers": [papers], "whole hall": others[::-1][:CALLS_SHOWN]}


def test_one_counter_is_shown_its_newest_calls_and_no_more_than_a_screen_takes(unit: Unit) -> None:
    unit.writer.run(lambda conn: conn.execute("INSERT INTO display_choices VALUES ('rooms', '{}', '[]', '[1,2,3]')"))
    called = [call(unit, counter) for _ in range(CALLS_OF_A_COUNTER + 2) for counter in (1, 2, 3)]
    with unit.reading() as conn:
        board = unit.hall.board(conn, unit.now())
        (choice, alone) = (Shown(counters=frozenset(counters)) for counters in ({1, 2, 3}, {2}))
        assert [one["ticket"] for one in shown(board, choice)["calls"]] == called[::-1][:CALLS_SHOWN]
        assert [one["ticket"] for one in shown(board, alone)["calls"]] == called[1::3][::-1][:CALLS_OF_A_COUNTER]


def test_a_database_of_before_keeps_all_it_has(tmp_path: Path) -> None:
    folder = tmp_path / "unit"
    make_unit(folder, "annexe")
    path = tmp_path / "old.db"
    conn = sqlite3.connect(path, isolation_level=None)
    from sqlite_utils import Database

    MIGRATIONS[0](Database(conn))
    conn.execute("INSERT INTO services VALUES ('a', 0, 'A', 'a', '{}', 'stamp', 60, '[]', 1, 1, 99, 0)")
    conn.execute("INSERT INTO work_profiles VALUES ('w', 0, '{}')")
    conn.execute("INSERT INTO work_profile_services VALUES ('w', 'a', 3)")
    conn.execute("INSERT INTO counters(id, number, profile) VALUES (7, 70, 'w')")
    conn.execute("PRAGMA user_version=1")
    conn.close()
    db = open_store(path)
    assert db.conn.execute("SELECT * FROM work_profile_services").fetchall() == [("w", "a", 3)]
    assert setup.work_profile(db.conn, 7).ranks == {"a": 3}
    assert setup.services(db.conn)[0].range_last == 99
    assert db.conn.execute("PRAGMA foreign_key_check").fetchall() == []
    db.close()
