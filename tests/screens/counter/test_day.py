"""A clerk's day on the real screen, with the keyboard alone: a whole morning, quick presses, a server that is gone."""

from __future__ import annotations

import re
import signal
import sqlite3

import pytest
from playwright.sync_api import expect

from server.store import open_store, transaction
from tests.running import Running
from tests.screens.counter.keys import Arrive, Screen, ask, at_counter, called_here, here, journal, nobody_here, press

BACK_MS = 25_000


def test_a_clerks_morning_with_the_keyboard_alone(hall: Running, screen: Screen, arrive: Arrive) -> None:
    for _ in range(4):
        arrive()
    page = at_counter(screen, "salma", 1)
    other = at_counter(screen, "idir", 2)
    press(page, "o")

    press(page, "n")
    here(page, "A001")
    press(page, "r")
    expect(page.locator(".facts")).to_contain_text("1 ×")
    expect(page.locator(".current__notice")).to_have_text("Ticket A001 is called again.")
    press(page, "s")
    here(page, "A001", "serving")
    ask(page, "e")
    page.keyboard.press("2")
    nobody_here(page)

    press(page, "n")
    here(page, "A002")
    press(page, "x")
    nobody_here(page)
    expect(page.locator("[data-aside]")).to_have_text("1")
    ask(page, "b")
    page.keyboard.press("Enter")
    expect(page.locator("[data-aside]")).to_have_count(0)

    press(page, "n")
    here(page, "A003")
    press(page, "s")
    ask(page, "k")
    page.keyboard.press("1")
    nobody_here(page)
    expect(page.locator(".queue--aside")).to_contain_text("A003")
    ask(page, "b")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[data-aside]")).to_have_count(0)

    ask(page, "g")
    page.keyboard.type("A003")
    page.keyboard.press("Enter")
    expect(page.locator("dialog .dialog__ticket")).to_have_text("A003")
    page.keyboard.press("Enter")
    expect(page.locator(".dialog__missing")).not_to_be_empty()
    page.keyboard.type("is back with the paper")
    page.keyboard.press("Enter")
    here(page, "A003")

    press(other, "o")
    ask(page, "t")
    page.keyboard.press("1")
    page.keyboard.type("only the stamp is missing")
    page.keyboard.press("Enter")
    nobody_here(page)
    ask(other, "g")
    other.keyboard.type("003")
    other.keyboard.press("Enter")
    expect(other.locator("dialog .dialog__ticket")).to_have_text("A003")
    other.keyboard.type("was sent over")
    other.keyboard.press("Enter")
    here(other, "A003")
    expect(other.locator("[data-note]")).to_contain_text("only the stamp is missing")

    ask(page, "d")
    page.keyboard.press("2")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".current--serving .facts")).to_contain_text("ⵜⴰⵎⴰⵣⵉⵖⵜ")
    press(page, "f")
    nobody_here(page)
    press(page, "u")
    expect(page.locator(".current--serving")).to_be_visible()
    press(page, "f")
    nobody_here(page)

    ask(page, "p")
    page.keyboard.press("1")
    expect(page.locator("[data-reason]")).to_be_visible()
    press(page, "c")
    expect(page.locator(".desk__head")).to_contain_text("Closed")


def test_presses_faster_than_the_server_are_carried_out_in_order(hall: Running, screen: Screen, arrive: Arrive) -> None:
    arrive()
    arrive()
    page = at_counter(screen, "salma", 1)
    for key in "onsfn":
        page.keyboard.press(key)
    here(page, "A002")
    assert journal(hall) == ["called", "started", "served", "called"]


@pytest.mark.parametrize("gone", [signal.SIGKILL, signal.SIGSTOP])
def test_presses_while_the_server_is_gone_are_carried_out_once(
    hall: Running, screen: Screen, arrive: Arrive, gone: signal.Signals
) -> None:
    arrive()
    page = called_here(screen, arrive)
    hall.signal(gone)
    page.keyboard.press("s")
    page.keyboard.press("s")
    page.keyboard.press("f")
    expect(page.locator(".lost [data-kept]")).to_be_visible(timeout=10_000)
    page.keyboard.press("n")
    if gone is signal.SIGKILL:
        hall.kill()
        hall.start()
    else:
        hall.signal(signal.SIGCONT)
    expect(page.locator(".current--called [data-ticket]")).to_have_text("A002", timeout=BACK_MS)
    expect(page.locator(".lost")).to_have_count(0, timeout=BACK_MS)
    assert journal(hall) == ["called", "started", "served", "called"]


def test_a_kept_press_that_makes_no_more_sense_is_dropped_and_said(hall: Running, screen: Screen, arrive: Arrive) -> None:
    """While commands do not get through, the same clerk ends the visit in another window."""
    page = called_here(screen, arrive)
    page.route("**/api/v1/counters/**", lambda route: route.abort())
    page.keyboard.press("s")
    page.keyboard.press("f")
    expect(page.locator(".lost [data-kept]")).to_contain_text("Finish")
    window = at_counter(screen, "salma", 1)
    press(window, "x")
    nobody_here(page)
    page.unroute("**/api/v1/counters/**")
    expect(page.locator(".current__notice--bad")).to_contain_text("Finish")
    assert journal(hall) == ["called", "no_show"]


def test_automatic_next_after_finishing(hall: Running, screen: Screen, arrive: Arrive) -> None:
    arrive()
    arrive()
    page = at_counter(screen, "salma", 1)
    page.keyboard.press("j")
    expect(page.locator("[data-switch=auto]")).to_have_attribute("aria-pressed", "true")
    for key in "onsf":
        page.keyboard.press(key)
    here(page, "A002")


def test_keys_work_where_the_keyboard_types_no_latin_letter(hall: Running, screen: Screen, arrive: Arrive) -> None:
    """An Arabic layout types ى where N is; the place of the key counts."""
    arrive()
    page = at_counter(screen, "salma", 1, "ar")
    press(page, "o")
    expect(page.locator("[data-action=call-next]")).to_be_enabled()
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'ى', code: 'KeyN', bubbles: true}))")
    here(page, "A001")


def test_a_dialog_gives_the_focus_back_and_leaves_everything_as_it_was(hall: Running, screen: Screen, arrive: Arrive) -> None:
    page = called_here(screen, arrive)
    page.locator("[data-action=park]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog [role=listbox]")).to_be_focused()
    page.keyboard.press("f")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator("[data-action=park]")).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("dialog .keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    here(page, "A001")


@pytest.mark.parametrize("language", ["ar", "zgh", "fr"])
@pytest.mark.parametrize("size", [(1366, 768), (1280, 720)])
def test_all_stands_on_one_screen(hall: Running, screen: Screen, arrive: Arrive, language: str, size: tuple[int, int]) -> None:
    for _ in range(30):
        arrive("legalisation")
    page = at_counter(screen, "salma", 1, language)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    for key in "onxnx":
        page.keyboard.press(key)
    press(page, "n")
    press(page, "r")
    expect(page.locator(".current__notice")).not_to_be_empty()
    assert page.locator(".current").evaluate("one => one.scrollHeight <= one.clientHeight + 1")
    press(page, "s")
    expect(page.locator(".current--serving")).to_be_visible()
    app = page.locator("#app")
    assert app.evaluate("one => one.scrollHeight <= one.clientHeight + 1")
    assert app.evaluate("one => one.scrollWidth <= one.clientWidth + 1")
    assert not re.search(r"%\(", page.inner_text("body"))


def test_the_list_shows_what_this_counter_serves_and_all_on_demand(hall: Running, screen: Screen, arrive: Arrive) -> None:
    with sqlite3.connect(hall.folder / "unit.db") as conn:
        conn.execute("INSERT INTO work_profiles VALUES ('stamps', 0, '{}')")
        conn.execute("INSERT INTO work_profile_services VALUES ('stamps', 'legalisation', 0)")
        conn.execute("UPDATE counters SET profile = 'stamps' WHERE id = 1")
    arrive("etat-civil")
    arrive("legalisation")
    page = at_counter(screen, "salma", 1)
    expect(page.locator(".queue__ticket")).to_have_text(["B001"])
    page.keyboard.press("l")
    expect(page.locator(".queue__ticket")).to_have_text(["A001", "B001"])
    press(page, "o")
    page.locator("[data-call=A001]").click()
    page.locator("dialog [data-text]").fill("can't stand")
    page.locator("dialog [data-confirm]").click()
    here(page, "A001")
    page.locator("[data-action=no-show]").click()
    page.locator("[data-back=A001]").click()
    expect(page.locator("[data-aside]")).to_have_count(0)


def test_a_counter_held_by_somebody_else_says_so_and_offers_nothing(hall: Running, screen: Screen) -> None:
    first, second = at_counter(screen, "salma", 1), at_counter(screen, "idir", 1)
    press(first, "o")
    expect(second.locator(".desk__head")).to_contain_text("Salma")
    second.keyboard.press("n")
    second.keyboard.press("c")
    expect(second.locator("button[data-action]:enabled")).to_have_count(0)
    expect(second.locator(".current__nobody")).to_contain_text("Another clerk works at this counter")
    expect(second.locator(".current__empty a")).to_have_attribute("href", "/counter/")
    expect(first.locator("[data-action=call-next]")).to_be_enabled()


def test_a_clerk_whose_counter_a_manager_released_is_told(hall: Running, screen: Screen, arrive: Arrive) -> None:
    page = called_here(screen, arrive)
    assert hall.post(hall.token("manager", "m"), "/counters/1/release").status_code == 200
    expect(page.locator(".current__empty")).to_contain_text("A manager released this counter")
    expect(page.locator(".queue__ticket")).to_have_text(["A001"])
    press(page, "o")
    expect(page.locator(".current__empty")).not_to_contain_text("A manager")


def test_signing_out_with_a_visitor_at_the_counter_asks_first_and_frees_it(hall: Running, screen: Screen, arrive: Arrive) -> None:
    page = called_here(screen, arrive)
    page.get_by_role("button", name="Sign out").press("Enter")
    expect(page.locator("#busy")).to_contain_text("A001")
    expect(page.get_by_role("link", name="Stay")).to_be_focused()
    page.keyboard.press("Enter")
    here(page, "A001")
    page.get_by_role("button", name="Sign out").press("Enter")
    expect(page.locator("#busy")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[name=login]")).to_be_visible()
    assert journal(hall) == ["called", "transferred"]
    next_clerk = at_counter(screen, "idir", 1)
    press(next_clerk, "o")
    press(next_clerk, "n")
    here(next_clerk, "A001")


def test_who_is_sent_on_is_sent_to_somebody_who_speaks_their_language(hall: Running, screen: Screen, arrive: Arrive) -> None:
    db = open_store(hall.folder / "unit.db")
    with transaction(db):
        db.execute("UPDATE people SET languages = '[\"zgh\"]' WHERE login = 'idir'")
    db.close()
    press(at_counter(screen, "idir", 2), "o")
    arrive(language="zgh")
    page = at_counter(screen, "salma", 1)
    press(page, "o")
    press(page, "n")
    here(page, "A001")
    ask(page, "t")
    for tab, known_as in (("A counter", "Counter 2"), ("A clerk", "Idir")):
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("option", name=known_as)).to_contain_text("ⵜⴰⵎⴰⵣⵉⵖⵜ")
    hall.person("brahim", "manager")
    office = screen("/sign-in?next=/manager/", locale="en")
    office.get_by_role("textbox").first.fill("brahim")
    office.locator("input[type=password]").fill("a good password")
    office.locator("input[type=password]").press("Enter")
    expect(office.locator("[data-spoken]")).to_have_text("\u2068ⵜⴰⵎⴰⵣⵉⵖⵜ\u2069")
