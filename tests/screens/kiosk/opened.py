"""What the tests of the kiosk share."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

Kiosk = Callable[..., Page]


def settled(page: Page) -> None:
    """The moment after a change of view in which a second tap falls into nothing is over."""
    expect(page.locator("#app")).not_to_have_attribute("inert", "")
