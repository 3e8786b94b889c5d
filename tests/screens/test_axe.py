"""axe on every page: no violation of WCAG 2.2 A and AA.

Every page is in it in every language, every mode and orientation too, but not each with each; for that: `make axe`.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from server.operations.making import make_unit
from server.store import open_store, transaction
from tests.running import ISTIQBAL, Running, free_port
from tests.screens.axe import violations
from tests.screens.pictures import kiosks
from tests.screens.pictures.staff import pages
from tests.screens.pictures.studio import SMALL, Studio
from tests.server.feedback.conftest import PortalKey, give_keys

LANGUAGES = ["ar", "zgh", "fr"]
TALL, WIDE = (1080, 1920), (1920, 1080)
KIOSKS = [
    ("ar", ("strong", "low"), TALL), ("ar", (), WIDE), ("zgh", ("strong",), WIDE), ("zgh", (), TALL), ("fr", ("low",), TALL),
    ("fr", ("strong",), WIDE),
]  # fmt: skip
SCHEMES = ("light", "dark")
LEFT = 9
"""A counter that no other test comes to."""
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A unit that all tests share; it has a manager, a display and a text on it."""
    folder = tmp_path_factory.mktemp("axe") / "unit"
    make_unit(folder, "annexe")
    running = Running(folder)
    text = (folder / "unit.toml").read_text().replace('adapter = "none"', 'adapter = "folder"\nevery_s = 86400')
    (folder / "unit.toml").write_text(text.replace("port = 8080\n", f'port = 8080\npublic_url = "{running.url}"\n'))
    give_keys(folder, PortalKey().public())
    with closing(open_store(folder / "unit.db")) as db, transaction(db):
        db.conn.execute("INSERT INTO counters(id, number) VALUES (?, ?)", (LEFT, LEFT))
    running.unlimited()
    running.start()
    running.person("brahim", "manager")
    running.token("display", "display-1")
    manager = {"Authorization": f"Bearer {running.token('manager', 'm')}"}
    said = {"text-ar": "مرحبا", "text-fr": "Bienvenue"}
    assert requests.post(f"{running.url}/manager/media/text", data=said, headers=manager, timeout=10).ok
    yield running
    running.kill()


@pytest.fixture
def screen(new_page: Callable[..., Page], hall: Running) -> Open:
    def opened(path: str, width: int = 1366, height: int = 900, scheme: str = "light") -> Page:
        page = new_page(width, height, color_scheme=scheme, reduced_motion="reduce")
        page.goto(hall.url + path)
        return page

    return opened


def settled(page: Page) -> None:
    expect(page.locator("#app")).not_to_have_attribute("inert", "")


@pytest.mark.parametrize(("language", "modes", "size"), KIOSKS)
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


@pytest.mark.parametrize(("language", "modes", "size"), [("ar", ("strong",), TALL), ("zgh", (), SMALL), ("fr", ("low",), TALL)])
def test_the_kiosk_where_a_visit_is_rated_and_words_are_written(
    hall: Running, browser: Browser, tmp_path: Path, language: str, modes: tuple[str, ...], size: tuple[int, int]
) -> None:
    studio = Studio(hall, browser, tmp_path, looks=violations)
    with studio.page(f"/kiosk/?token={studio.kiosk}", size) as page:
        kiosks.Walk(studio, page, language, modes, "kiosk").all()
    assert studio.seen > 15
    assert studio.faults == []


@pytest.mark.parametrize(("language", "counter", "size"), [("ar", 3, (1024, 768)), ("zgh", 4, (800, 1280))])
def test_the_tablet_at_rest_and_asking(
    hall: Running, clerk: str, screen: Open, language: str, counter: int, size: tuple[int, int]
) -> None:
    page = screen(f"/counter/{counter}/rating?token={hall.token('tablet', f'tablet-{counter}')}", *size)
    expect(page.locator(".rest")).to_be_visible()
    assert violations(page) == []
    hall.post(hall.token("kiosk", "kiosk-1"), "/tickets", {"service": "etat-civil", "language": language})
    for action in ("open", "call-next", "start", "finish"):
        hall.post(clerk, f"/counters/{counter}/{action}")
    for step in ("[data-mode=strong]", "[data-score='2']", "[data-skip]"):
        page.locator(step).click()
        settled(page)
        assert violations(page) == [], step


@pytest.fixture(scope="module")
def clerk(hall: Running) -> str:
    """The one who serves at every counter."""
    return hall.token("clerk", "c")


def called(hall: Running, clerk: str, language: str = "fr") -> dict[str, Any]:
    """Who comes is called at counter 2, and whoever was there before goes; the visit."""
    visit: dict[str, Any] = hall.post(
        hall.token("kiosk", "kiosk-1"), "/tickets", {"service": "residence", "language": language}
    ).json()
    for action in ("open", "start", "finish"):
        hall.post(clerk, f"/counters/2/{action}")
    assert hall.post(clerk, "/counters/2/call", {"visit": visit["visit"], "reason": "a test"}).ok
    return visit


@pytest.mark.parametrize("size", [WIDE, TALL])
def test_the_display_with_and_without_a_call(hall: Running, clerk: str, screen: Open, size: tuple[int, int]) -> None:
    page = screen(f"/display/?token={hall.token('display', 'display-1')}", *size)
    page.clock.install()
    page.reload()
    page.clock.run_for(15_000)
    expect(page.locator(".media")).to_be_visible()
    assert violations(page) == []
    called(hall, clerk)
    expect(page.locator(".last__ticket, [data-ticket]").first).to_be_visible()
    page.clock.run_for(1000)
    expect(page.locator(".media")).to_have_count(0)
    assert violations(page) == []


@pytest.mark.parametrize(("language", "scheme"), [("ar", "light"), ("zgh", "dark"), ("fr", "light")])
def test_the_phone_page_in_each_state(hall: Running, clerk: str, screen: Open, language: str, scheme: str) -> None:
    order = {"service": "legalisation", "language": language}
    waits = hall.post(hall.token("kiosk", "kiosk-1"), "/tickets", order).json()["visit"]
    comes = called(hall, clerk, language)["visit"]
    page = screen(f"/t/{waits}", 360, 740, scheme)
    found = []
    for path in (
        f"/t/{waits}",
        f"/t/{waits}?cancel=1",
        f"/t/{comes}",
        "/t/aaaaaaaaaaaaaaaaaaaaaaaaaa",
        f"/s/?lang={language}",
        f"/s/new?lang={language}",
    ):
        page.goto(hall.url + path)
        found += [f"{path} {one}" for one in violations(page)]
    for action in ("start", "finish"):
        hall.post(clerk, f"/counters/2/{action}")
    for path in (f"/t/{comes}", f"/t/{comes}/rating"):
        page.goto(hall.url + path)
        found += [f"{path} {one}" for one in violations(page)]
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_the_staff(hall: Running, screen: Open, language: str) -> None:
    """Each page in light or dark by turns."""
    page = screen(f"/sign-in?next=/manager/displays&lang={language}")
    assert violations(page) == []
    page.locator("[name=login]").fill("brahim")
    page.locator("[name=password]").fill("a good password")
    page.locator("main button[type=submit]").click()
    expect(page.locator(".menu")).to_be_visible()
    found = []
    for number, path in enumerate(("/", "/counter/", "/counter/2", *pages())):
        answer = page.goto(hall.url + path)
        assert answer is not None
        assert answer.ok, path
        scheme = SCHEMES[(number + LANGUAGES.index(language)) % 2]
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found += [f"{path} {scheme} {one}" for one in violations(page)]
    assert found == []


@pytest.mark.parametrize(("language", "scheme"), [("ar", "light"), ("zgh", "dark"), ("fr", "light"), ("fr", "dark")])
def test_what_is_asked_when_a_counter_is_left(hall: Running, screen: Open, language: str, scheme: str) -> None:
    """Signing out with a visitor at the counter, releasing it from the live hall, presses that wait for a lost server."""
    hall.post(hall.token("kiosk", "kiosk-1"), "/tickets", {"service": "etat-civil", "language": language})
    page = screen(f"/sign-in?next=/counter/{LEFT}&lang={language}", scheme=scheme)
    page.locator("[name=login]").fill("brahim")
    page.locator("[name=password]").fill("a good password")
    page.locator("main button[type=submit]").click()
    for key, there in (("o", "[data-action=call-next]:enabled"), ("n", ".current--called")):
        expect(page.locator("[data-waiting]")).to_be_visible()
        page.keyboard.press(key)
        expect(page.locator(there)).to_be_visible()
    page.context.set_offline(True)
    expect(page.locator(".lost")).to_be_visible()
    page.keyboard.press("s")
    expect(page.locator("[data-give-up]")).to_be_visible()
    assert violations(page) == []
    page.context.set_offline(False)
    expect(page.locator(".current--serving")).to_be_visible()
    page.locator("form[action='/sign-out'] button").click()
    expect(page.locator("#busy")).to_be_visible()
    assert violations(page) == []
    page.goto(f"{hall.url}/manager/")
    release = page.locator("[data-release]").and_(page.get_by_role("button", name=re.compile(rf"\b{LEFT}$")))
    release.click()
    expect(page.locator("[data-asked]")).to_be_visible()
    assert violations(page) == []
    with page.expect_response("**/release") as answer:
        page.locator("[data-sure]").click()
    assert answer.value.ok
    expect(release).to_have_count(0)


def test_screens_whose_server_is_gone(running: Running, browser: Browser) -> None:
    running.start()
    opened_pages = [browser.new_context().new_page() for _ in range(2)]
    for page, role in zip(opened_pages, ("kiosk", "display"), strict=True):
        page.goto(f"{running.url}/{role}/?token={running.token(role, f'{role}-1')}")
        expect(page.locator(".choice, .now").first).to_be_visible()
    running.kill()
    for page in opened_pages:
        expect(page.locator(".curtain")).to_be_visible(timeout=12_000)
        assert violations(page) == []
        page.context.close()


def test_the_styleguide_of_the_demo_and_screens_that_are_not_paired(browser: Browser) -> None:
    port = free_port()
    demo = subprocess.Popen([ISTIQBAL, "demo", "--still", "--port", str(port)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert demo.stdout is not None
    context = browser.new_context(reduced_motion="reduce")
    try:
        demo.stdout.readline()
        page = context.new_page()
        for path in ("/styleguide", "/kiosk/", "/display/"):
            page.goto(f"http://127.0.0.1:{port}{path}")
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                assert violations(page) == [], (path, scheme)
    finally:
        context.close()
        demo.terminate()
        demo.wait(20)
        demo.stdout.close()
