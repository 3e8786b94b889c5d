"""axe on every page: no violation of WCAG 2.2 A and AA.

Every page, language, mode and orientation is in it, but not each with each; for that:
`ISTIQBAL_AXE=all pytest tests/screens/test_axe.py`.
"""

from __future__ import annotations

import itertools
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from tests.running import ISTIQBAL, Running, free_port

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LANGUAGES = ["ar", "zgh", "fr"]
TALL, WIDE = (1080, 1920), (1920, 1080)
ALL = os.environ.get("ISTIQBAL_AXE") == "all"
MODES: list[tuple[str, ...]] = [(), ("strong",), ("low",), ("strong", "low")]
KIOSKS = list(itertools.product(LANGUAGES, MODES, (TALL, WIDE)))
"""Language, modes and size of a kiosk; the ordinary run has each mode and each language tall and wide."""
SOME_KIOSKS = [
    ("ar", (), TALL), ("ar", ("strong", "low"), TALL), ("ar", ("strong",), WIDE), ("zgh", ("strong",), TALL), ("zgh", (), WIDE),
    ("fr", ("low",), TALL), ("fr", ("strong", "low"), WIDE),
]  # fmt: skip
READERS = list(itertools.product(LANGUAGES, ("light", "dark")))
SOME_READERS = [("ar", "dark"), ("zgh", "light"), ("fr", "dark"), ("fr", "light")]
MANAGERS_PAGES = (
    "/", "/manager/", "/manager/hours", "/manager/setup", "/manager/setup/services", "/manager/setup/services/edit?id=etat-civil",
    "/manager/setup/changes", "/manager/setup/file", "/manager/reports", "/manager/reports/settings", "/manager/tickets",
    "/manager/people", "/manager/devices", "/manager/voice", "/manager/voice/clip/ar/n-4", "/manager/displays", "/manager/media",
    "/manager/portal", "/manager/doctor",
)  # fmt: skip
Open = Callable[..., Page]


@pytest.fixture
def hall(running: Running) -> Running:
    running.start()
    running.person("brahim", "manager")
    return running


@pytest.fixture
def screen(browser: Browser, hall: Running) -> Iterator[Open]:
    pages: list[Page] = []

    def opened(path: str, width: int = 1366, height: int = 900, scheme: str = "light") -> Page:
        page = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            reduced_motion="reduce",  # type: ignore[arg-type]
        ).new_page()
        page.goto(hall.url + path)
        pages.append(page)
        return page

    yield opened
    for page in pages:
        page.context.close()


def violations(page: Page) -> list[str]:
    """What axe finds, each with the element."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, { runOnly: rules, resultTypes: ['violations'] })", RULES)
    return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]


def settled(page: Page) -> None:
    expect(page.locator("#app")).not_to_have_attribute("inert", "")


@pytest.mark.parametrize(("language", "modes", "size"), KIOSKS if ALL else SOME_KIOSKS)
def test_the_kiosk_at_every_step(hall: Running, screen: Open, language: str, modes: tuple[str, ...], size: tuple[int, int]) -> None:
    page = screen(f"/kiosk/?token={hall.token('kiosk', 'kiosk-1')}", *size)
    expect(page.locator(".choice").first).to_be_visible()
    for mode in modes:
        page.locator(f"[data-mode={mode}]").click()
    assert violations(page) == []
    for step in (
        f".choice[lang={language}]",
        "[data-service=legalisation]",
        "[data-priority]",
        ".reason",
        "[data-reset]",
        "[data-beside]",
    ):
        page.locator(step).first.click()
        if step == ".reason":
            expect(page.locator("[data-ticket]")).to_be_visible()
        settled(page)
        assert violations(page) == [], step


@pytest.mark.parametrize(("language", "size"), [("ar", (1024, 768)), ("zgh", (800, 1280))])
def test_the_tablet_at_rest_and_asking(hall: Running, screen: Open, language: str, size: tuple[int, int]) -> None:
    page = screen(f"/counter/3/rating?token={hall.token('tablet', 'tablet-3')}", *size)
    expect(page.locator(".rest")).to_be_visible()
    assert violations(page) == []
    clerk = hall.token("clerk", "c")
    hall.post(hall.token("kiosk", "kiosk-1"), "/tickets", {"service": "etat-civil", "language": language})
    for action in ("open", "call-next", "start", "finish"):
        hall.post(clerk, f"/counters/3/{action}")
    for step in ("[data-mode=strong]", "[data-score='2']", "[data-skip]"):
        page.locator(step).click()
        settled(page)
        assert violations(page) == [], step


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920)])
def test_the_display_with_and_without_a_call(hall: Running, screen: Open, size: tuple[int, int]) -> None:
    manager = {"Authorization": f"Bearer {hall.token('manager', 'm')}"}
    requests.post(f"{hall.url}/manager/media/text", data={"text-ar": "مرحبا", "text-fr": "Bienvenue"}, headers=manager, timeout=10)
    page = screen(f"/display/?token={hall.token('display', 'display-1')}", *size)
    expect(page.locator(".media")).to_be_visible()
    assert violations(page) == []
    hall.post(hall.token("kiosk", "kiosk-1"), "/tickets", {"service": "etat-civil", "language": "fr"})
    clerk = hall.token("clerk", "c")
    hall.post(clerk, "/counters/1/open")
    hall.post(clerk, "/counters/1/call-next")
    expect(page.locator("[data-ticket]")).to_be_visible()
    assert violations(page) == []
    hall.kill()
    expect(page.locator(".curtain")).to_be_visible(timeout=12_000)
    assert violations(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_phone_page_in_each_state(hall: Running, screen: Open, language: str) -> None:
    answer = hall.post(hall.token("kiosk", "kiosk-1"), "/tickets", {"service": "legalisation", "language": language}).json()
    page = screen(f"/t/{answer['visit']}", 360, 740)
    assert violations(page) == []
    page.goto(f"{hall.url}/t/{answer['visit']}?cancel=1")
    assert violations(page) == []
    clerk = hall.token("clerk", "c")
    hall.post(clerk, "/counters/1/open")
    hall.post(clerk, "/counters/1/call-next")
    page.goto(f"{hall.url}/t/{answer['visit']}")
    assert violations(page) == []


@pytest.mark.parametrize(("language", "scheme"), READERS if ALL else SOME_READERS)
def test_the_pages_of_the_staff(hall: Running, screen: Open, language: str, scheme: str) -> None:
    page = screen(f"/sign-in?next=/manager/displays&lang={language}", scheme=scheme)
    assert violations(page) == []
    page.locator("[name=login]").fill("brahim")
    page.locator("[name=password]").fill("a good password")
    page.locator("main button[type=submit]").click()
    expect(page.locator(".menu")).to_be_visible()
    manager = {"Authorization": f"Bearer {hall.token('manager', 'm')}"}
    hall.token("display", "display-1")
    requests.post(f"{hall.url}/manager/media/text", data={"text-ar": "مرحبا", "text-fr": "Bienvenue"}, headers=manager, timeout=10)
    found = []
    for path in MANAGERS_PAGES:
        answer = page.goto(hall.url + path)
        assert answer is not None
        assert answer.ok, path
        found += [f"{path} {one}" for one in violations(page)]
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_styleguide_of_the_demo_and_a_screen_that_is_not_paired(browser: Browser, scheme: str) -> None:
    port = free_port()
    demo = subprocess.Popen([ISTIQBAL, "demo", "--still", "--port", str(port)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert demo.stdout is not None
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    try:
        demo.stdout.readline()
        page = context.new_page()
        for path in ("/styleguide", "/kiosk/", "/display/"):
            page.goto(f"http://127.0.0.1:{port}{path}")
            assert violations(page) == [], path
    finally:
        context.close()
        demo.terminate()
        demo.wait(20)
        demo.stdout.close()
