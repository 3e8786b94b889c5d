"""The manager's pages on a telephone: wide tables move within their card, the page never sideways."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from manager.sections import SECTIONS
from tests.running import Running

WIDTH = 390
PASSWORD = "a good password"


@pytest.fixture
def hall(running: Running) -> Running:
    """A counter that a clerk with a long name holds, somebody at it, and something that was changed."""
    running.person("salma", "clerk")
    running.person("brahim", "manager")
    running.start()
    kiosk, clerk = running.token("kiosk", "kiosk-1"), running.token("clerk", "Abderrahmane El Mansouri")
    running.post(kiosk, "/tickets", {"service": "etat-civil", "language": "fr"})
    for action in ("open", "call-next", "start"):
        assert running.post(clerk, f"/counters/1/{action}").status_code == 200
    return running


@pytest.mark.parametrize("language", ["ar", "zgh", "fr"])
def test_no_page_of_the_manager_is_wider_than_a_telephone(hall: Running, screen: Callable[..., Page], language: str) -> None:
    page = screen(f"/sign-in?next=/manager/&lang={language}", WIDTH, 800)
    page.locator("[name=login]").fill("brahim")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    expect(page.locator("[data-counter='1']")).to_be_visible()
    for path, _ in SECTIONS:
        page.goto(hall.url + path)
        if path == "/manager/":
            expect(page.locator("[data-counter='1']")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH, path
