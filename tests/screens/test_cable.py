"""A network cable that is pulled out and put back: every screen says so and comes back at once, and no press is lost or doubled.

The page's own clock stands still from the moment the screen is there: whatever happens comes of the browser's word, not of waiting.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.running import Running
from tests.screens.counter.keys import Screen, at_counter, here, journal, press


@pytest.fixture
def hall(running: Running) -> Running:
    """A running unit with a clerk, a manager, a display, and somebody who waits."""
    running.start()
    running.person("salma", "clerk")
    running.person("brahim", "manager")
    for _ in range(2):
        running.post(running.token("kiosk", "kiosk-1"), "/tickets", {"service": "etat-civil", "language": "ar"})
    return running


def pull(page: Page) -> None:
    """From here on no timer of the page runs; then the cable is out."""
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    page.context.set_offline(True)


def put_back(page: Page) -> None:
    page.context.set_offline(False)


@pytest.fixture
def desk(screen: Screen) -> Page:
    """The screen of counter 1, a visitor called to it."""
    page = at_counter(screen, "salma", 1, clocked=True)
    press(page, "o")
    press(page, "n")
    here(page, "A001")
    return page


def test_a_press_made_while_the_cable_is_out_is_kept_and_done_once(hall: Running, desk: Page) -> None:
    pull(desk)
    expect(desk.locator(".lost")).to_be_visible()
    desk.keyboard.press("s")
    desk.keyboard.press("s")
    desk.keyboard.press("f")
    expect(desk.locator("[data-kept]")).to_contain_text("Start serving · Finish")
    assert journal(hall) == ["called"]
    put_back(desk)
    expect(desk.locator(".current__empty")).to_be_visible()
    expect(desk.locator(".lost")).to_have_count(0)
    assert journal(hall) == ["called", "started", "served"]


def test_a_press_whose_answer_the_cable_swallowed_is_asked_again_and_done_once(hall: Running, desk: Page) -> None:
    swallowed: list[Route] = []

    def swallow(route: Route) -> None:
        swallowed.append(route)
        route.fetch()

    desk.route("**/api/v1/counters/1/start", swallow, times=1)
    desk.keyboard.press("s")
    here(desk, "A001", "serving")
    assert len(swallowed) == 1
    pull(desk)
    expect(desk.locator(".lost [data-kept]")).to_contain_text("Start serving")
    put_back(desk)
    press(desk, "f")
    expect(desk.locator(".current__empty")).to_be_visible()
    assert journal(hall) == ["called", "started", "served"]


def test_the_live_hall_a_display_and_a_kiosk_say_so_at_once_and_come_back_at_once(hall: Running, screen: Screen) -> None:
    page = screen("/sign-in?next=/manager/&lang=en")
    page.clock.install()
    page.get_by_role("textbox").first.fill("brahim")
    page.locator("input[type=password]").fill("a good password")
    page.locator("input[type=password]").press("Enter")
    expect(page.locator("[data-alerts]")).to_be_visible()
    display = screen(f"/display/?token={hall.token('display', 'door')}")
    display.clock.install()
    display.reload()
    expect(display.locator(".queues")).to_be_visible()
    kiosk = screen(f"/kiosk/?token={hall.token('kiosk', 'kiosk-2')}")
    kiosk.clock.install()
    kiosk.reload()
    expect(kiosk.locator(".choice").first).to_be_visible()
    for one, lost in ((page, "[role=alert].banner--bad"), (display, ".curtain"), (kiosk, ".curtain")):
        pull(one)
        expect(one.locator(lost)).to_be_visible()
        put_back(one)
        expect(one.locator(lost)).to_have_count(0)
