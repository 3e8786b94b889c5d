"""Audio mode: what is told besides the kiosk's own words, and that nobody is left behind in silence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from server.opening import store
from server.opening.writing import from_data
from server.store import open_store, transaction
from server.web.language import in_language
from server.web.waits import ABOUT_AT_MOST, ABOUT_WITH_RANGE
from tests.running import Running
from tests.screens.kiosk.opened import Kiosk, settled
from tests.screens.kiosk.test_answers import TOLD
from tests.screens.kiosk.test_doors import DAYS
from tests.screens.kiosk.test_way import headphone

AT_ONCE = """() => {
  HTMLMediaElement.prototype.play = function () {
    setTimeout(() => this.onended?.(), 0);
    return Promise.resolve();
  };
  const fetched = window.fetch;
  window.told = [];
  window.fetch = (path, options) => {
    if (String(path).startsWith("/kiosk/say/")) window.told.push([path.split("/").at(-1), JSON.parse(options.body).text]);
    return fetched(path, options);
  };
}"""
"""A player that has said each thing at once; language and text of what has no address of its own are kept as they come."""
TOLD_YET = "([lang, text]) => window.told.some((one) => one[0] === lang && one[1] === text)"


def listen(page: Page) -> None:
    page.evaluate(AT_ONCE)
    headphone(page, "F15")


def told_until(page: Page, lang: str, text: str) -> list[list[str]]:
    """Language and text of what was told until this was, it among them."""
    page.wait_for_function(TOLD_YET, arg=[lang, text])
    told: list[list[str]] = page.evaluate("window.told")
    return told


def choose(page: Page, digit: str) -> None:
    page.keyboard.press(digit)
    settled(page)


def test_it_says_that_it_will_clear_itself_before_it_does(kiosk: Kiosk) -> None:
    page = kiosk(clock=True)
    headphone(page, "F15")
    page.keyboard.press("3")
    page.clock.run_for(1000)
    expect(page.locator(".services")).to_be_visible()
    with page.expect_request("**/kiosk/say/fr/word/still_there"):
        page.clock.run_for(165_000)


def test_what_can_be_done_without_a_ticket_is_reached_by_arrows_and_digits_and_said_in_every_language(kiosk: Kiosk) -> None:
    page = kiosk()
    headphone(page, "F15")
    for _ in ("ar", "zgh", "fr"):
        page.keyboard.press("ArrowDown")
    for word in ("information", "rate", "write_start", "follow_start"):
        with page.expect_request(f"**/kiosk/say/ar/word/{word}"):
            page.keyboard.press("ArrowDown")
    with page.expect_request("**/kiosk/say/fr/word/follow_start"):
        expect(page.locator("[data-beside=follow_start]")).to_be_focused()
    choose(page, "5")
    choose(page, "3")
    expect(page.locator("#field-ticket")).to_be_focused()


def test_how_far_a_complaint_is_is_asked_and_heard_with_keys_alone(kiosk: Kiosk) -> None:
    page = kiosk()
    page.route("**/kiosk/stage/fr", lambda route: route.fulfill(json={"told": TOLD}))
    listen(page)
    choose(page, "7")
    choose(page, "3")
    page.keyboard.type("ABCDEFGH")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-next]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".stages__one")).to_be_visible()
    told = told_until(page, "fr", "Reçue 23 novembre")
    assert told == [["fr", "Réclamation"], ["fr", "A, B, C, D, E, F, G, H"], ["fr", "Reçue 23 novembre"]]


def test_why_something_could_not_be_done_is_said(kiosk: Kiosk) -> None:
    page = kiosk()
    page.route("**/kiosk/stage/fr", lambda route: route.fulfill(json={"detail": "Cette référence est inconnue."}))
    listen(page)
    choose(page, "7")
    choose(page, "3")
    page.keyboard.type("ABCD")
    page.keyboard.press("Enter")
    told_until(page, "fr", "Cette référence est inconnue.")


TICKET = {
    "visit": "v", "ticket": "A001", "service_name": "État civil", "people_ahead": 3, "issued_text": "23 novembre", "printing": None,
    "appointment": None, "estimated_wait": {"seconds": 720, "low": 300, "high": 1200},
}  # fmt: skip


SHORT = {**TICKET, "estimated_wait": {"seconds": 240, "low": 0, "high": 600}}


WAIT = " ".join(in_language("fr", ABOUT_WITH_RANGE, minutes=12, low=5, high=20).split())
SHORT_WAIT = " ".join(in_language("fr", ABOUT_AT_MOST, minutes=4, low=0, high=10).split())


@pytest.mark.parametrize(
    ("status", "answer", "told"),
    [
        (201, TICKET, WAIT),
        (201, SHORT, SHORT_WAIT),
        (409, {"detail": "Revenez demain à 8 heures 30."}, "Revenez demain à 8 heures 30."),
    ],
)
def test_the_wait_is_said_with_the_ticket_and_the_reason_where_there_is_none(
    new_page: Callable[..., Page], hall: Running, status: int, answer: dict[str, Any], told: str
) -> None:
    hall.start()
    page = new_page(1080, 1920)
    page.route("**/api/v1/tickets", lambda route: route.fulfill(status=status, json=answer))
    page.goto(f"{hall.url}/kiosk/?token={hall.token('kiosk', 'kiosk-1')}")
    expect(page.locator(".choice").first).to_be_visible()
    listen(page)
    for digit in ("3", "1", "1"):
        choose(page, digit)
    told_until(page, "fr", told)


def test_when_all_is_closed_the_next_opening_is_said_in_every_language(kiosk: Kiosk, hall: Running) -> None:
    today = datetime.now(ZoneInfo("Africa/Casablanca")).weekday()
    db = open_store(hall.folder / "unit.db")
    with transaction(db):
        store.put(db.conn, from_data({"kept": True, "week": {DAYS[(today + 1) % 7]: "08:30-12:00"}}))
    db.close()
    page = kiosk(seen=".closed")
    opens = {lang: " ".join(page.locator(f".closed[lang={lang}] .strong").inner_text().split()) for lang in ("ar", "zgh", "fr")}
    listen(page)
    assert dict(told_until(page, "fr", opens["fr"])) == opens


def test_the_sound_of_a_text_is_played(kiosk: Kiosk) -> None:
    page = kiosk()
    page.route("**/kiosk/stage/fr", lambda route: route.fulfill(json={"detail": "Non."}))
    page.evaluate(
        """() => {
          window.heard = [];
          const play = HTMLMediaElement.prototype.play;
          HTMLMediaElement.prototype.play = function () {
            const src = this.src;
            this.onplaying = () => window.heard.push(src.split(":")[0]);
            return src.startsWith("blob:") ? play.call(this) : (setTimeout(() => this.onended?.(), 0), Promise.resolve());
          };
        }"""
    )
    headphone(page, "F15")
    choose(page, "7")
    choose(page, "3")
    page.keyboard.type("ABCD")
    page.keyboard.press("Enter")
    page.wait_for_function("() => window.heard.includes('blob')")
