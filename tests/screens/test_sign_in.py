"""The sign-in: one types where the cursor is, and reads what to do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.running import Running


@pytest.fixture
def hall(running: Running) -> Running:
    running.person("salma", "clerk")
    running.start()
    return running


def test_after_a_refusal_the_name_stays_and_the_password_is_typed_at_once(hall: Running, screen: Callable[..., Page]) -> None:
    page = screen("/sign-in?next=/counter/&lang=en")
    expect(page.locator(".sign-in__lead")).to_contain_text("Enter your login and your password")
    expect(page.locator("[name=login]")).to_be_focused()
    for key in ("salma", "Tab", "not this one", "Enter"):
        page.keyboard.press(key) if key in ("Tab", "Enter") else page.keyboard.type(key)
    expect(page.locator("#refusal")).to_contain_text("Try again")
    expect(page.locator("[name=login]")).to_have_value("salma")
    expect(page.locator("[name=password]")).to_be_focused()
    page.keyboard.type("a good password")
    page.keyboard.press("Enter")
    expect(page.locator("[data-counter]").first).to_be_visible()
