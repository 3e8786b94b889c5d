"""What a clerk's screen lists and knows, in halls with more visitors than a list holds."""

from __future__ import annotations

import sqlite3

import pytest
from playwright.sync_api import Page, expect

from server.visits.listed import WAITING_SHOWN
from tests.running import Running
from tests.screens.counter.keys import Arrive, Screen, ask, at_counter, here, nobody_here, press, with_clerks

CROWD = WAITING_SHOWN + 34


@pytest.fixture
def hall(running: Running) -> Running:
    """Two clerks; counter 2 serves one service alone."""
    running.unlimited()
    with_clerks(running)
    with sqlite3.connect(running.folder / "unit.db") as conn:
        conn.execute("INSERT INTO work_profiles VALUES ('stamps', 0, '{}')")
        conn.execute("INSERT INTO work_profile_services VALUES ('stamps', 'legalisation', 0)")
        conn.execute("UPDATE counters SET profile = 'stamps' WHERE id = 2")
    return running


@pytest.fixture(autouse=True)
def crowd(arrive: Arrive) -> None:
    """Many wait for the first service, three for the other."""
    for _ in range(CROWD):
        arrive()
    for _ in range(3):
        arrive("legalisation")


def choose(page: Page, key: str, number: str) -> None:
    """Type a number into the dialog of this key and press Enter at once."""
    ask(page, key)
    page.keyboard.type(number)
    page.keyboard.press("Enter")


def test_nobody_is_lost_behind_a_crowd(hall: Running, screen: Screen) -> None:
    """The service that joined late is listed at its counter; the others are counted, and found by number."""
    page = at_counter(screen, "idir", 2)
    expect(page.locator(".queue__ticket")).to_have_text(["B001", "B002", "B003"])
    expect(page.locator("[data-waiting]")).to_have_text("3")
    page.keyboard.press("l")
    expect(page.locator("[data-waiting]")).to_have_text(str(CROWD + 3))
    listed = page.locator(".queue__ticket").count()
    expect(page.locator(".list__body .empty")).to_have_text(f"{CROWD + 3 - listed} more are waiting.")
    page.keyboard.press("l")

    press(page, "o")
    choose(page, "g", "X999")
    expect(page.locator(".dialog__missing")).to_have_text("Nobody here has this number.")
    page.keyboard.press("Escape")
    last = f"A{CROWD}"
    choose(page, "g", last)
    expect(page.locator("dialog .dialog__ticket")).to_have_text(last)
    page.keyboard.type("can't stand")
    page.keyboard.press("Enter")
    here(page, last)


def test_a_number_that_nobody_has_is_said_and_the_dialog_stays(hall: Running, screen: Screen) -> None:
    page = at_counter(screen, "salma", 1)
    press(page, "o")
    choose(page, "g", "Z999")
    expect(page.locator(".dialog__missing")).not_to_be_empty()
    page.locator("dialog [data-text]").fill("b00")
    expect(page.locator("dialog .option__label")).to_have_text(["B001", "B002", "B003"])
    page.keyboard.press("Escape")
    nobody_here(page)


def test_an_absent_visitor_comes_back_by_number_however_many_were_absent_since(hall: Running, screen: Screen) -> None:
    clerk = hall.token("clerk", "program")
    assert hall.post(clerk, "/counters/3/open").status_code == 200
    for _ in range(20):
        assert hall.post(clerk, "/counters/3/call-next").status_code == 200
        assert hall.post(clerk, "/counters/3/no-show").status_code == 200
    page = at_counter(screen, "salma", 1)
    press(page, "o")
    expect(page.locator(".queue--aside .queue__ticket").first).to_have_text("A020")
    expect(page.locator(".queue--aside")).not_to_contain_text("A001")
    choose(page, "b", "A001")
    expect(page.locator(".current__notice")).to_contain_text("A001")
    expect(page.locator("dialog")).to_have_count(0)


def test_who_was_sent_to_a_counter_that_is_closed_now_is_seen_where_they_are_called(hall: Running, screen: Screen) -> None:
    clerk = hall.token("clerk", "program")
    for path, body in (
        ("/counters/3/open", None),
        ("/counters/2/open", None),
        ("/counters/3/call-next", None),
        ("/counters/3/transfer", {"service": "legalisation", "counter": 3}),
    ):
        assert hall.post(clerk, path, body).status_code == 200
    assert hall.post(clerk, "/counters/2/close").status_code == 200
    page = at_counter(screen, "idir", 2)
    expect(page.locator("[data-waiting]")).to_have_text("3")
    expect(page.locator(".queue")).not_to_contain_text("A001")
    assert hall.post(clerk, "/counters/3/close").status_code == 200
    expect(page.locator("[data-waiting]")).to_have_text("4")
    expect(page.locator(".queue__row", has_text="A001")).to_contain_text("For counter 3")


def test_who_is_aside_is_called_where_they_are_served_or_were_sent_and_nowhere_else(hall: Running, screen: Screen) -> None:
    other = hall.token("clerk", "Tahar")
    hall.post(other, "/counters/1/open")
    hall.post(other, "/counters/1/call-next")
    hall.post(other, "/counters/1/park")
    hall.post(other, "/counters/1/call-next")
    hall.post(other, "/counters/2/open")
    assert hall.post(other, "/counters/1/transfer", {"counter": 2}).status_code == 200
    hall.post(other, "/counters/2/call-next")
    assert hall.post(other, "/counters/2/park").json()["ticket"] == "A002"
    assert hall.post(other, "/counters/2/close").status_code == 200

    page = at_counter(screen, "idir", 2)
    press(page, "o")
    expect(page.locator("[data-up]")).to_have_count(1)
    expect(page.locator("[data-up=A002]")).to_be_enabled()
    page.keyboard.press("l")
    expect(page.locator("[data-up=A001]")).to_be_disabled()
    expect(page.locator("[data-back=A001]")).to_be_enabled()
    page.locator("[data-up=A002]").click()
    here(page, "A002")
