"""The whole way: a touch at the kiosk, paper, a call at the counter, the hall's display, the report, the outbox."""

from __future__ import annotations

import csv
import io
import json
import re
import signal
import subprocess
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.running import ISTIQBAL, Paper, Running, free_port

PRINTER = """
[[printers]]
name = "hall-1"
transport = "network"
host = "127.0.0.1"
port = {port}

[[kiosks]]
name = "kiosk-1"
printer = "hall-1"

[portal]
adapter = "folder"
every_s = 86400
"""
OVERLAY_MS = 10_000
FRENCH = "fr-MA"
Screen = Callable[..., Page]


@pytest.fixture
def paper() -> Iterator[Paper]:
    made = Paper(free_port())
    yield made
    made.close()


@pytest.fixture
def hall(running: Running, paper: Paper) -> Iterator[Running]:
    """A running unit with a network printer and a folder for the portal."""
    text = (running.folder / "unit.toml").read_text()
    text = text[: text.index("# [[printers]]")] + PRINTER.format(port=paper.port)
    (running.folder / "unit.toml").write_text(text)
    running.start()
    yield running
    running.kill()


def kiosk_page(hall: Running, screen: Screen) -> Page:
    return screen(f"/kiosk/?token={hall.token('kiosk', 'kiosk-1')}", 1080, 1920, locale=FRENCH)


def clerk_page(hall: Running, screen: Screen) -> Page:
    """Signed in at counter 1, by keyboard alone."""
    hall.person("salma", "clerk")
    page = screen("/counter/1?lang=fr", locale=FRENCH)
    page.get_by_role("textbox").first.focus()
    page.keyboard.type("salma")
    page.keyboard.press("Tab")
    page.keyboard.type("a good password")
    page.keyboard.press("Enter")
    expect(page.locator("[data-waiting]")).to_be_visible()
    return page


def press(counter: Page, key: str) -> None:
    """Press the key of an action as soon as the screen offers it."""
    button = counter.locator(f"button:has(kbd:text-is('{key.upper()}'))")
    expect(button).to_be_enabled()
    counter.keyboard.press(key)


def take_ticket(kiosk: Page, language: str, service: int) -> str:
    kiosk.locator(f"button[lang={language}]").click()
    kiosk.locator(".service").nth(service).click()
    kiosk.locator("[data-take]").click()
    number = kiosk.locator("[data-ticket]")
    expect(number).to_be_visible()
    return number.inner_text()


def test_a_visit_from_the_touch_to_the_report(hall: Running, paper: Paper, screen: Screen) -> None:
    kiosk, counter = kiosk_page(hall, screen), clerk_page(hall, screen)
    display = screen(f"/display/?token={hall.token('display', 'display-1')}", 1920, 1080, locale=FRENCH)
    expect(display.locator(".queues")).to_be_visible()

    assert take_ticket(kiosk, "ar", 0) == "A001"
    assert kiosk.evaluate("document.documentElement.dir") == "rtl"
    data = paper.cuts(1)
    assert b"\x1dv0" in data
    expect(counter.locator("[data-waiting]")).to_have_text("1")

    press(counter, "o")
    press(counter, "n")
    expect(counter.locator("[data-ticket]")).to_have_text("A001")
    expect(display.locator("[data-ticket]").first).to_have_text("A001")
    expect(display.locator(".now")).to_contain_text("1")
    press(counter, "r")
    press(counter, "s")
    expect(counter.locator(".current--serving")).to_be_visible()
    press(counter, "f")
    expect(counter.locator("[data-ticket]")).to_have_count(0)

    report = istiqbal("report", "wait-times", str(hall.folder), "--by", "service")
    (row,) = csv.DictReader(io.StringIO(report))
    assert (row["service"], row["arrivals"], row["served"]) == ("etat-civil", "1", "1")
    istiqbal("sync-key", str(hall.folder))
    assert istiqbal("sync", str(hall.folder), "--once") == "1 events sent.\n"
    (batch,) = (hall.folder / "portal-outbox").rglob("*.json")
    (event,) = json.loads(batch.read_bytes())
    assert event["type"] == "ma.istiqbal.visit.served.v1"


def test_a_double_touch_gives_one_ticket(hall: Running, paper: Paper, screen: Screen) -> None:
    kiosk, counter = kiosk_page(hall, screen), clerk_page(hall, screen)
    kiosk.locator("button[lang=fr]").click()
    kiosk.locator(".service").nth(1).click()
    kiosk.locator("[data-take]").dblclick()
    expect(kiosk.locator("[data-ticket]")).to_have_text("B001")
    assert take_after_reset(kiosk) == "B002"
    expect(counter.locator("[data-waiting]")).to_have_text("2")


def take_after_reset(kiosk: Page) -> str:
    kiosk.locator("[data-reset]").click()
    return take_ticket(kiosk, "zgh", 1)


@pytest.mark.parametrize("language", ["ar", "zgh", "fr"])
def test_a_number_that_can_not_be_printed_is_to_be_noted(hall: Running, paper: Paper, screen: Screen, language: str) -> None:
    """The printer is gone: the number is on the screen with the reason, and the queue goes on."""
    paper.close()
    kiosk = kiosk_page(hall, screen)
    assert take_ticket(kiosk, language, 2) == "C001"
    expect(kiosk.locator(".slip__paper--none")).to_be_visible()


def test_the_kiosk_forgets_by_itself(hall: Running, screen: Screen) -> None:
    token = hall.token("kiosk", "kiosk-1")
    kiosk = screen("/healthz", 1080, 1920, locale=FRENCH)
    kiosk.clock.install()
    kiosk.goto(f"{hall.url}/kiosk/?token={token}")
    kiosk.clock.run_for(1000)
    kiosk.locator("button[lang=fr]").click()
    kiosk.clock.run_for(1000)
    kiosk.locator(".service").first.click()
    kiosk.clock.run_for(1000)
    kiosk.locator("[data-take]").click()
    expect(kiosk.locator("[data-ticket]")).to_have_text("A001")
    kiosk.clock.run_for(26_000)
    expect(kiosk.locator("[data-ticket]")).to_have_count(0)
    expect(kiosk.locator("button[lang=ar]")).to_be_visible()


@pytest.mark.parametrize("gone", [signal.SIGKILL, signal.SIGSTOP])
def test_the_display_says_that_the_connection_is_lost_and_heals_untouched(
    hall: Running, screen: Screen, gone: signal.Signals
) -> None:
    display = screen(f"/display/?token={hall.token('display', 'display-1')}", 1920, 1080, locale=FRENCH)
    kiosk, clerk = hall.token("kiosk", "kiosk-1"), hall.token("clerk", "c")
    expect(display.locator(".queues")).to_be_visible()
    hall.signal(gone)
    overlay = display.locator(".curtain")
    expect(overlay).to_be_visible(timeout=OVERLAY_MS)
    expect(overlay).to_contain_text(re.compile("[\u0600-\u06ff]"))
    if gone is signal.SIGKILL:
        hall.kill()
        hall.start()
    else:
        hall.signal(signal.SIGCONT)
    hall.post(kiosk, "/tickets", {"service": "residence", "language": "ar"})
    hall.post(clerk, "/counters/2/open")
    hall.post(clerk, "/counters/2/call-next")
    expect(overlay).to_have_count(0, timeout=15_000)
    expect(display.locator("[data-ticket]").first).to_have_text("D001", timeout=15_000)


def test_a_screen_without_a_token_says_so_in_three_languages(screen: Screen) -> None:
    page = screen("/kiosk/", locale=FRENCH)
    for language in ("ar", "zgh", "fr"):
        expect(page.locator(f"section[lang={language}]")).to_be_visible()


def istiqbal(*words: str) -> str:
    done = subprocess.run([ISTIQBAL, *words], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout
