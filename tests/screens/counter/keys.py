"""What the tests of the clerk's screen share: a clerk at a counter, by keyboard alone, and what is seen there."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.running import Running

Screen = Callable[..., Page]
Arrive = Callable[..., str]


def with_clerks(running: Running) -> Running:
    """The unit runs, with two clerks."""
    running.start()
    running.person("salma", "clerk")
    running.person("idir", "clerk")
    return running


def at_counter(screen: Screen, login: str, counter: int, language: str = "en", *, clocked: bool = False) -> Page:
    """Sign in and choose a counter, by keyboard alone; `clocked`: the page's clock can be stopped."""
    page = screen("/sign-in?next=/counter/", locale=language)
    if clocked:
        page.clock.install()
    page.get_by_role("textbox").first.focus()
    page.keyboard.type(login)
    page.keyboard.press("Tab")
    page.keyboard.type("a good password")
    page.keyboard.press("Enter")
    expect(page.locator("[data-counter]").first).to_be_visible()
    for _ in range(counter):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[data-waiting]")).to_be_visible()
    return page


def press(page: Page, key: str) -> None:
    """Press the key of an action as soon as the screen offers it."""
    expect(page.locator(f"button:has(kbd:text-is('{key.upper()}'))")).to_be_enabled()
    page.keyboard.press(key)


def ask(page: Page, key: str) -> None:
    """Press the key of an action that asks something."""
    press(page, key)
    expect(page.locator("dialog")).to_be_visible()


def here(page: Page, ticket: str, state: str = "called") -> None:
    expect(page.locator(f".current--{state} [data-ticket]")).to_have_text(ticket)


def nobody_here(page: Page) -> None:
    expect(page.locator(".current__empty")).to_be_visible()


def journal(hall: Running) -> list[str]:
    """The types of what happened to visits at counters, in order."""
    with sqlite3.connect(f"file:{hall.folder / 'unit.db'}?mode=ro", uri=True) as conn:
        rows = conn.execute("SELECT type FROM events WHERE visit IS NOT NULL ORDER BY seq").fetchall()
    return [type for (type,) in rows if type != "issued"]


def called_here(screen: Screen, arrive: Arrive) -> Page:
    """Counter 1, open, with A001 called to it."""
    arrive()
    page = at_counter(screen, "salma", 1)
    press(page, "o")
    press(page, "n")
    here(page, "A001")
    return page
