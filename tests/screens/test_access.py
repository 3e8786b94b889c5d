"""People and devices in a real browser: pairing a kiosk, a PIN by keyboard alone, a revocation seen on the open page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.running import Running


@pytest.fixture
def served(running: Running) -> Iterator[Running]:
    running.person("chief", "administrator")
    running.person("salma", "clerk")
    running.start()
    yield running
    running.kill()


def opened(browser: Browser, served: Running, path: str) -> Page:
    """A page in a browser of its own, that is: on a machine of its own."""
    page = browser.new_context(locale="fr-MA").new_page()
    page.goto(served.url + path)
    return page


def manager(browser: Browser, served: Running, path: str) -> Page:
    page = opened(browser, served, f"/sign-in?next={path}&lang=fr")
    page.fill("[name=login]", "chief")
    page.fill("[name=password]", "a good password")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{path}")
    return page


def pair(office: Page, screen: Page, name: str) -> None:
    """The manager types what the screen shows."""
    office.fill("#pair [name=code]", screen.locator("#code").inner_text().lower())
    office.fill("#pair [name=name]", name)
    office.locator("#pair button").click()
    expect(office.get_by_role("status").first).to_contain_text(name)


def test_a_kiosk_is_paired_revoked_and_paired_again_without_being_touched(browser: Browser, served: Running) -> None:
    kiosk, office = opened(browser, served, "/kiosk/"), manager(browser, served, "/manager/devices")
    for spoken in ("ar", "zgh", "fr"):
        expect(kiosk.locator(f"section[lang={spoken}]")).to_be_visible()
    expect(office.locator("#waiting")).to_contain_text(kiosk.locator("#code").inner_text().replace("\n", ""))
    pair(office, kiosk, "kiosk-1")
    expect(kiosk.locator("button[lang=fr]")).to_be_visible()
    assert "token" not in kiosk.url
    expect(office.locator("#screens .tag--good")).to_be_visible()
    office.on("dialog", lambda dialog: dialog.accept())
    office.locator("#screens .access__danger").click()
    expect(office.get_by_role("status").first).to_contain_text("kiosk-1")
    expect(kiosk.locator("#code")).to_be_visible(timeout=15_000)
    pair(office, kiosk, "kiosk-1")
    expect(kiosk.locator("button[lang=fr]")).to_be_visible()


def test_a_screen_that_waits_to_be_paired_heals_when_the_server_comes_back(browser: Browser, served: Running) -> None:
    display = opened(browser, served, "/display/")
    before = display.locator("#code").inner_text()
    served.kill()
    expect(display.locator("#lost")).to_be_visible(timeout=15_000)
    served.start()
    expect(display.locator("#lost")).to_be_hidden(timeout=15_000)
    assert display.locator("#code").inner_text() != before
    pair(manager(browser, served, "/manager/devices"), display, "display-1")
    expect(display.locator("#code")).to_have_count(0)


def test_a_clerk_signs_in_by_pin_with_the_keyboard_alone_and_is_told_when_removed(browser: Browser, served: Running) -> None:
    office = manager(browser, served, "/manager/people")
    office.get_by_role("link", name="Salma").click()
    office.fill("[name=pin]", "1234")
    office.keyboard.press("Enter")
    expect(office.get_by_role("alert")).to_contain_text("1234")
    office.fill("[name=pin]", "2759")
    office.keyboard.press("Enter")
    expect(office.get_by_role("status").first).to_be_visible()
    pc = opened(browser, served, "/pairing/counter?lang=fr")
    office.goto(f"{served.url}/manager/devices")
    pair(office, pc, "PC 1")
    pc.wait_for_url("**/sign-in**")
    expect(pc.locator("#names a")).to_have_text("Salma")
    pc.keyboard.press("Enter")
    for pin, seen in (("2758", "#refusal"), ("2759", "#pin")):
        expect(pc.locator("[name=pin]")).to_be_focused()
        pc.keyboard.type(pin)
        pc.keyboard.press("Enter")
        expect(pc.locator(seen)).to_be_visible()
    for typed in ("2759", "8361", "8361"):
        expect(pc.locator("#pin input:focus")).to_have_value("")
        pc.keyboard.type(typed)
        pc.keyboard.press("Enter" if pc.locator("[name=again]:focus").count() else "Tab")
    expect(pc.locator(".choose")).to_be_visible()
    pc.goto(f"{served.url}/counter/1")
    expect(pc.locator("[data-waiting]")).to_be_visible()
    office.goto(f"{served.url}/manager/people")
    office.get_by_role("link", name="Salma").click()
    office.on("dialog", lambda dialog: dialog.accept())
    office.locator(".access__danger").click()
    expect(office.get_by_role("status").first).to_be_visible()
    expect(pc.get_by_role("alert")).to_contain_text("connecté", timeout=15_000)
