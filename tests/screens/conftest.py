"""Real pages in headless Chromium, from Debian's package."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.running import Running


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Makes an empty page on a screen of its own, `width` × `height` CSS pixels, with Playwright's other options of a context.

    An error of any page's script, or one that the policy stops, fails the test.
    """
    errors: list[str] = []
    contexts: list[BrowserContext] = []

    def made(width: int = 1366, height: int = 768, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if "Content Security" in message.text else None)
        return page

    yield made
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def screen(new_page: Callable[..., Page], request: pytest.FixtureRequest) -> Callable[..., Page]:
    """Opens an address of the module's `hall` on a screen of its own."""
    hall: Running = request.getfixturevalue("hall")

    def opened(path: str, width: int = 1366, height: int = 768, **options: Any) -> Page:
        page = new_page(width, height, **options)
        page.goto(hall.url + path)
        return page

    return opened
