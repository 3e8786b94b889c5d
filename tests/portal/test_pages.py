"""The portal's pages in Chromium: axe finds nothing, nothing is wider than the window, in each language and at each width."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Route, expect

from portal.store.database import Connection
from tests.portal.sender import Sender
from tests.portal.test_comments import commented, stored
from tests.portal.test_submissions import PASSWORD, Desk, a_submission, desk, post
from tests.screens.axe import violations

__all__ = ["desk"]
ORIGIN = "https://localhost"
WIDTHS = (1366, 390)


@pytest.fixture
def page(browser: Browser, app: Flask) -> Iterator[Page]:
    """A browser before the portal: its requests are the application's own, over no network."""
    client = app.test_client()
    context = browser.new_context(base_url=ORIGIN, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    context.route("**/*", lambda route: answer(route, client))
    yield context.new_page()
    context.close()


def answer(route: Route, client: FlaskClient) -> None:
    asked = route.request
    with client.open(
        asked.url.removeprefix(ORIGIN), method=asked.method, base_url=ORIGIN, data=asked.post_data_buffer,
        headers={"Content-Type": asked.headers.get("content-type", ""), "Origin": ORIGIN}, follow_redirects=True,
    ) as got:  # fmt: skip
        route.fulfill(status=got.status_code, headers=dict(got.headers), body=got.data)


def looked_at(page: Page, language: str, where: str) -> None:
    page.goto(f"{urlsplit(page.url).path}?lang={language}")
    assert page.locator("html").get_attribute("lang") == language
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == [], (where, language, width)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (where, language, width)


@pytest.mark.parametrize("language", ["ar", "zgh", "fr"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    page: Page, desk: Desk, sender: Sender, conn: Connection, language: str
) -> None:
    said = a_submission(sender)
    assert post(sender, said).status_code == 201
    stored(sender, commented(sender, "الانتظار طويل، والموظفة لطيفة. " * 8), *[sender.rating(4) for _ in range(6)])
    page.goto("/sign-in")
    looked_at(page, language, "sign-in")
    page.fill("[name=login]", "salma")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button")
    expect(page.locator("[name=login]")).to_have_count(0)
    for path in ("/", "/submissions", f"/submissions/{said['reference']}", "/comments", "/submissions/UNKNOWN"):
        page.goto(path)
        looked_at(page, language, path)
    one = f"/submissions/{said['reference']}"
    for step in ("take", "process"):
        page.goto(one)
        page.click(f"form[action$='/{step}'] button")
        page.goto(one)
        looked_at(page, language, step)
    page.click("form[action$='/read'] button")
    expect(page.locator("main")).to_contain_text("الانتظار طويل جدا")
    assert violations(page) == []
    page.goto(f"/comments?lang={language}")
    page.click("form.reading button")
    expect(page.locator("blockquote")).to_contain_text("الموظفة لطيفة")
    assert violations(page) == []
