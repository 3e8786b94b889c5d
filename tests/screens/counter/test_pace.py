"""What the clerk's screen does by itself, and what can still be stopped: automatic next, kept presses, a full server, a sound."""

from __future__ import annotations

import pytest
import socketio
from playwright.sync_api import Page, Route, expect

from tests.running import Running
from tests.screens.counter.keys import Arrive, Screen, at_counter, called_here, here, journal, nobody_here, press, with_clerks


@pytest.fixture
def hall(running: Running) -> Running:
    """Two clerks, and places for three screens."""
    text = (running.folder / "unit.toml").read_text().replace("port = 8080", "port = 8080\nthreads = 67")
    (running.folder / "unit.toml").write_text(text)
    return with_clerks(running)


def automatic(page: Page) -> None:
    page.keyboard.press("j")
    expect(page.locator("[data-switch=auto]")).to_have_attribute("aria-pressed", "true")


def served(page: Page, ticket: str) -> None:
    """Somebody is called and served; then nobody waits."""
    press(page, "o")
    press(page, "n")
    here(page, ticket)
    press(page, "s")
    press(page, "f")


def test_automatic_next_calls_who_comes_after_an_empty_queue_and_says_that_it_will(
    hall: Running, screen: Screen, arrive: Arrive
) -> None:
    arrive()
    page = at_counter(screen, "salma", 1)
    automatic(page)
    served(page, "A001")
    expect(page.locator("[data-next-comes]")).to_be_visible()
    arrive()
    here(page, "A002")
    expect(page.locator("[data-next-comes]")).to_have_count(0)
    assert journal(hall) == ["called", "started", "served", "called"]


def test_who_comes_while_the_server_still_says_nobody_is_called_too(hall: Running, screen: Screen, arrive: Arrive) -> None:
    """The snapshot with the newcomer overtakes the answer that knows of nobody."""
    arrive()
    page = at_counter(screen, "salma", 1)
    automatic(page)
    press(page, "o")
    press(page, "n")
    here(page, "A001")
    press(page, "s")

    def overtaken(route: Route) -> None:
        answer = route.fetch()
        assert answer.status == 204
        arrive()
        expect(page.locator(".queue__ticket")).to_have_text(["A002"])
        route.fulfill(response=answer)

    page.route("**/call-next", overtaken, times=1)
    press(page, "f")
    here(page, "A002")


@pytest.mark.parametrize("ends", ["pause", "switch", "undo"])
def test_automatic_next_rests_after_a_pause_its_switch_or_taking_back(
    hall: Running, screen: Screen, arrive: Arrive, ends: str
) -> None:
    arrive()
    page = at_counter(screen, "salma", 1)
    automatic(page)
    served(page, "A001")
    sign = page.locator("[data-next-comes]")
    expect(sign).to_be_visible()
    if ends == "pause":
        press(page, "p")
        page.keyboard.press("1")
        expect(page.locator("[data-reason]")).to_be_visible()
        press(page, "o")
    elif ends == "switch":
        page.keyboard.press("j")
    else:
        arrive()
        here(page, "A002")
        press(page, "u")
    expect(sign).to_have_count(0)
    nobody_here(page)
    told = arrive()
    expect(page.locator(".queue__ticket").last).to_have_text(told)
    nobody_here(page)
    assert journal(hall).count("called") == (2 if ends == "undo" else 1)


def test_after_an_automatic_call_the_finish_can_be_taken_back_too(hall: Running, screen: Screen, arrive: Arrive) -> None:
    arrive()
    arrive()
    page = at_counter(screen, "salma", 1)
    automatic(page)
    served(page, "A001")
    here(page, "A002")
    page.keyboard.press("u")
    expect(page.locator("[data-undo=finish]")).to_be_visible()
    nobody_here(page)
    page.keyboard.press("u")
    here(page, "A001", "serving")
    assert journal(hall) == ["called", "started", "served", "called", "undone", "undone"]


def test_of_two_idle_counters_each_gets_the_next_who_comes(hall: Running, screen: Screen, arrive: Arrive) -> None:
    pages = [at_counter(screen, "salma", 1), at_counter(screen, "idir", 2)]
    for number, page in enumerate(pages, 1):
        arrive()
        press(page, "o")
        press(page, "n")
        here(page, f"A00{number}")
    for page in pages:
        automatic(page)
        press(page, "s")
        press(page, "f")
        expect(page.locator("[data-next-comes]")).to_be_visible()
    arrive()
    arrive()
    for page in pages:
        expect(page.locator(".current--called")).to_be_visible()
    assert {page.locator("[data-ticket]").inner_text() for page in pages} == {"A003", "A004"}


@pytest.mark.parametrize("by", ["key", "button"])
def test_kept_presses_can_be_given_up_before_they_run(hall: Running, screen: Screen, arrive: Arrive, by: str) -> None:
    page = called_here(screen, arrive)
    page.context.set_offline(True)
    expect(page.locator(".lost")).to_be_visible()
    page.keyboard.press("s")
    page.keyboard.press("f")
    expect(page.locator("[data-kept]")).to_contain_text("Start serving · Finish")
    if by == "key":
        page.keyboard.press("Escape")
    else:
        page.locator("[data-give-up]").click()
    expect(page.locator(".current__notice")).to_contain_text("Start serving · Finish")
    expect(page.locator("[data-give-up]")).to_have_count(0)
    page.context.set_offline(False)
    expect(page.locator(".lost")).to_have_count(0)
    press(page, "r")
    expect(page.locator(".facts")).to_contain_text("1 ×")
    assert journal(hall) == ["called", "recalled"]


def test_a_full_server_is_told_as_such_and_loses_no_press(hall: Running, screen: Screen, arrive: Arrive) -> None:
    page = called_here(screen, arrive)
    page.context.set_offline(True)
    expect(page.locator(".lost")).to_be_visible()
    token = hall.token("display", "door")
    screens = [socketio.Client(reconnection=False) for _ in range(3)]
    for one in screens:
        one.connect(hall.url, namespaces=["/display"], auth={"token": token}, transports=["websocket"], wait_timeout=10)
    page.context.set_offline(False)
    expect(page.locator(".lost")).to_contain_text("Too many screens")
    page.keyboard.press("s")
    expect(page.locator("[data-kept]")).to_contain_text("Start serving")
    for one in screens:
        one.disconnect()
    here(page, "A001", "serving")
    expect(page.locator(".lost")).to_have_count(0)
    assert journal(hall) == ["called", "started"]


def test_the_title_counts_who_waits_and_a_newcomer_is_heard_if_the_clerk_wishes(
    hall: Running, screen: Screen, arrive: Arrive
) -> None:
    page = at_counter(screen, "salma", 1)
    title = page.title()
    page.evaluate("window.times = 0; document.addEventListener('heard', () => { window.times += 1; })")
    arrive()
    expect(page.locator("[data-waiting]")).to_have_text("1")
    expect(page).to_have_title(title)
    press(page, "o")
    expect(page).to_have_title(f"(1) {title}")
    arrive()
    expect(page).to_have_title(f"(2) {title}")
    assert page.evaluate("window.times") == 0, "it is off until it is wished for"
    page.keyboard.press("v")
    expect(page.locator("[data-switch=sound]")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("window.times") == 1, "whoever switches it on hears it"
    arrive()
    expect(page).to_have_title(f"(3) {title}")
    assert page.evaluate("window.times") == 2
    press(page, "n")
    expect(page).to_have_title(title)
    arrive()
    expect(page.locator("[data-waiting]")).to_have_text("3")
    assert page.evaluate("window.times") == 2, "a clerk with a visitor is left in peace"
    page.reload()
    expect(page.locator("[data-switch=sound]")).to_have_attribute("aria-pressed", "true")
