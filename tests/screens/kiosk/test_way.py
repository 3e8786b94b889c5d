"""The way to a ticket: three touches, keys alone, by ear alone, more time, and nothing left behind."""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from server.store import open_store, transaction
from tests.running import Running
from tests.screens.kiosk.opened import Kiosk, settled
from tests.screens.memory import held, take_tickets


@pytest.mark.parametrize("language", ["ar", "zgh", "fr"])
def test_three_touches_lead_from_the_language_to_the_ticket(kiosk: Kiosk, language: str) -> None:
    page = kiosk()
    page.locator(f".choice[lang={language}]").click()
    page.locator("[data-service=legalisation]").click()
    expect(page.locator(".fact--documents li")).to_have_count(2)
    page.locator("[data-take]").click()
    expect(page.locator("[data-ticket]")).to_have_text("B001")
    code = page.locator("[data-code]")
    expect(code).to_be_visible()
    assert code.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")


def test_a_wish_for_priority_goes_with_the_ticket(kiosk: Kiosk, hall: Running) -> None:
    page = kiosk()
    page.locator(".choice[lang=fr]").click()
    page.locator("[data-service=residence]").click()
    page.locator("[data-priority]").click()
    page.locator("[data-reason=pregnant]").click()
    expect(page.locator("[data-ticket]")).to_have_text("D001")
    expect(page.locator("[data-with-priority]")).to_contain_text("Ticket prioritaire")
    db = open_store(hall.folder / "unit.db")
    assert db.execute("SELECT priority FROM legs").fetchall() == [("pregnant",)]
    db.close()


def convening(hall: Running) -> None:
    """The hall convenes people for a time."""
    db = open_store(hall.folder / "unit.db")
    with transaction(db):
        name = json.dumps({"ar": "بموعد", "zgh": "ⵙ ⵓⵙⵉⵀⴰⵔ", "fr": "Sur rendez-vous"})
        db.conn.execute("INSERT INTO priorities(id, name, position) VALUES ('appointment', ?, 0)", (name,))
    db.close()


@pytest.mark.parametrize("modes", [[], ["low", "strong"]])
def test_who_is_convened_is_asked_for_the_time_and_finds_it_on_the_ticket(kiosk: Kiosk, hall: Running, modes: list[str]) -> None:
    convening(hall)
    page = kiosk()
    for mode in modes:
        page.locator(f"[data-mode={mode}]").click()
    for touch in (".choice[lang=ar]", "[data-service=etat-civil]", "[data-priority]", "[data-reason=appointment]"):
        page.locator(touch).click()
        settled(page)
    page.locator("[data-time='11:--']").click()
    settled(page)
    page.keyboard.press("Escape")
    settled(page)
    page.locator("[data-time='10:--']").click()
    settled(page)
    boxes = [box for one in page.locator(".time").all() if (box := one.bounding_box())]
    assert len(boxes) == 12
    assert all(min(box["width"], box["height"]) >= 80 for box in boxes)
    page.locator("[data-time='10:45']").click()
    expect(page.locator("[data-ticket]")).to_have_text("A001")
    expect(page.locator(".slip__facts")).to_contain_text("10:45")
    db = open_store(hall.folder / "unit.db")
    (due, priority) = db.execute("SELECT due_at, priority FROM legs").fetchone()
    db.close()
    zone = ZoneInfo("Africa/Casablanca")
    assert (datetime.fromtimestamp(due / 1000, zone).strftime("%H:%M"), priority) == ("10:45", "appointment")


def test_a_ticket_by_keys_alone(kiosk: Kiosk) -> None:
    page = kiosk()
    page.keyboard.press("3")
    settled(page)
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-service=legalisation]")).to_be_focused()
    page.keyboard.press("Enter")
    settled(page)
    page.keyboard.press("Escape")
    settled(page)
    page.keyboard.press("3")
    settled(page)
    page.keyboard.press("1")
    expect(page.locator("[data-ticket]")).to_have_text("C001")
    settled(page)
    page.keyboard.press("Escape")
    expect(page.locator(".choice").first).to_be_visible()


def headphone(page: Page, key: str) -> None:
    """The keypad's key for a headphone that is plugged or pulled, which Playwright's keyboard has not."""
    page.evaluate("key => document.dispatchEvent(new KeyboardEvent('keydown', { key }))", key)


def test_a_ticket_by_ear_alone(kiosk: Kiosk) -> None:
    """What a headphone's keypad sends; each step is asked for as sound, can be heard again, and is cut short by the next key."""
    page = kiosk()
    said: list[str] = []
    page.on("response", lambda response: said.append(response.url.split("/say/")[1]) if "/say/" in response.url else None)
    with page.expect_response(lambda r: "/say/ar/word/welcome" in r.url) as welcome:
        headphone(page, "F15")
    assert welcome.value.status == 200
    assert welcome.value.body()[:4] == b"RIFF"
    with page.expect_response(lambda r: r.url.endswith("/say/fr/word/choose_service")):
        page.keyboard.press("3")
    settled(page)
    with page.expect_response(lambda r: r.url.endswith("/say/fr/service/etat-civil/name")):
        page.keyboard.press("ArrowDown")
    with page.expect_response(lambda r: r.url.endswith("/say/fr/service/etat-civil/name")):
        page.keyboard.press("Enter")
    settled(page)
    with page.expect_response(lambda r: r.url.endswith("/say/fr/ticket/A001"), timeout=20_000):
        page.keyboard.press("1")
    page.keyboard.press("0")
    headphone(page, "F16")
    expect(page.locator("[data-mode=audio]")).to_have_attribute("aria-pressed", "false")
    assert not [what for what in said if "undefined" in what]


def test_it_warns_before_it_clears_gives_more_time_and_keeps_nothing(kiosk: Kiosk) -> None:
    """No printer is set up here: the number must be noted by hand, so it stays a minute and a half."""
    page = kiosk(clock=True)
    before = page.evaluate("history.length")
    page.locator("[data-mode=strong]").click()
    page.locator(".choice[lang=fr]").click()
    page.clock.run_for(41_000)
    expect(page.locator(".still")).to_be_visible()
    page.locator("[data-more]").click()
    expect(page.locator(".still")).to_have_count(0)
    page.clock.run_for(39_000)
    expect(page.locator("[data-service=residence]")).to_be_visible()
    page.locator("[data-service=residence]").click()
    page.clock.run_for(1000)
    page.locator("[data-take]").click()
    expect(page.locator("[data-ticket]")).to_be_visible()
    page.clock.run_for(69_000)
    expect(page.locator(".still")).to_have_count(0)
    expect(page.locator("[data-paper=note_number]")).to_be_visible()
    page.clock.run_for(22_000)
    expect(page.locator(".choice").first).to_be_visible()
    assert "D001" not in page.content()
    assert page.evaluate("[document.documentElement.lang, history.length, 'strong' in document.documentElement.dataset]") == [
        "ar",
        before,
        False,
    ]
    assert page.evaluate("[localStorage.length, sessionStorage.length, scrollY]") == [0, 0, 0]


def test_a_closed_service_tells_what_it_needs_but_gives_no_ticket(kiosk: Kiosk, hall: Running) -> None:
    db = open_store(hall.folder / "unit.db")
    with transaction(db):
        db.conn.execute("UPDATE services SET open = 0 WHERE id = 'residence'")
    db.close()
    page = kiosk()
    page.locator(".choice[lang=fr]").click()
    page.locator("[data-service=residence]").click()
    expect(page.locator(".before__closed")).to_be_visible()
    expect(page.locator(".fact--documents li")).to_have_count(2)
    expect(page.locator("[data-take]")).to_have_count(0)


SLACK_NODES = 15
"""Fewer than one node a ticket: a page that kept a screen of each would hold thousands more."""


NOTE_CURTAIN = """() => new MutationObserver((_, watch) => {
    if (!document.querySelector('.curtain')) return;
    document.documentElement.dataset.seen = 'curtain';
    watch.disconnect();
}).observe(document.body, { childList: true, subtree: true })"""


def see_curtain(page: Page) -> None:
    """The told clock outruns the server's signs of life, so a curtain may come between two touches, and go as fast.

    What its page needs for it once is there from now on.
    """
    page.evaluate(NOTE_CURTAIN)
    page.clock.run_for(60_000)
    expect(page.locator("html[data-seen=curtain]")).to_be_attached()
    expect(page.locator(".choice").first).to_be_visible()


def test_its_page_holds_no_more_after_many_tickets_than_after_a_few(kiosk: Kiosk, hall: Running) -> None:
    hall.unlimited()
    page = kiosk(clock=True)
    session = page.context.new_cdp_session(page)
    see_curtain(page)
    take_tickets(page, 4)
    few = held(session)
    take_tickets(page, 16)
    many = held(session)
    assert many.nodes <= few.nodes + SLACK_NODES, (few, many)
    assert many.listeners <= few.listeners, (few, many)
