"""What a hall is not made for, on its screens: names of 80 letters, missing words, missing clips, an hour without a server."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from server import setup
from server.store import open_store, transaction
from tests.running import Running

HOUR_MS = 3_600_000
LONG = {"ar": ("تصحيح الإمضاءات " * 6)[:80], "zgh": ("ⴰⵙⵖⵏⵏⵓⵣⵎⵣⵙⵖⵏ" * 8)[:80], "fr": ("Légalisation" * 8)[:80]}
Screen = Callable[..., Page]
NAME_IN = """async (names) => {
  const kiosk = document.querySelector('script[type=module][src*="kiosk.js"]').src;
  const { nameIn } = await import(new URL("../js/page.js", kiosk));
  return names.map(([one, lang]) => nameIn(one, lang));
}"""
SHIFTS = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) sum += one.value; })
    .observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
})"""


@pytest.fixture
def screen(new_page: Callable[..., Page], running: Running) -> Screen:
    """Opens a page of the unit, started if need be."""

    def opened(path: str, width: int = 1280, height: int = 720, clock: bool = False) -> Page:
        if running.process is None:
            running.start()
        page = new_page(width, height)
        if clock:
            page.clock.install()
        page.goto(running.url + path)
        return page

    return opened


def named(running: Running, names: dict[str, str]) -> None:
    """The first service is called so."""
    with closing(open_store(running.folder / "unit.db")) as db, transaction(db):
        db.conn.execute("UPDATE services SET name = ? WHERE id = 'etat-civil'", (json.dumps(names),))


def test_a_missing_name_falls_back_to_arabic_then_french_then_whatever_there_is(screen: Screen, running: Running) -> None:
    asked = [
        ({"ar": "أ", "zgh": "ⴰ", "fr": "a"}, "zgh", "ⴰ"),
        ({"ar": "أ", "fr": "a"}, "zgh", "أ"),
        ({"zgh": "ⴰ", "fr": "a"}, "ar", "a"),
        ({"zgh": "ⴰ"}, "fr", "ⴰ"),
        ({"ar": "", "fr": "a"}, "zgh", "a"),
        ({"ar": "", "zgh": "ⴰ", "fr": ""}, "fr", "ⴰ"),
        ({}, "fr", ""),
    ]
    told = [name for _, _, name in asked]
    assert [setup.name_in(names, lang) for names, lang, _ in asked] == told
    page = screen(f"/kiosk/?token={running.token('kiosk', 'kiosk-1')}")
    assert page.evaluate(NAME_IN, [[names, lang] for names, lang, _ in asked]) == told


@pytest.mark.parametrize("language", ["ar", "zgh", "fr"])
def test_a_name_of_eighty_letters_stays_on_the_phone(screen: Screen, running: Running, language: str) -> None:
    named(running, LONG)
    running.start()
    order = {"service": "etat-civil", "language": language}
    visit = running.post(running.token("kiosk", "kiosk-1"), "/tickets", order).json()["visit"]
    page = screen(f"/t/{visit}", 320, 640)
    expect(page.get_by_text(LONG[language][:20]).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_after_an_hour_without_its_server_every_screen_heals_by_itself(screen: Screen, running: Running) -> None:
    running.start()
    kiosk = screen(f"/kiosk/?token={running.token('kiosk', 'kiosk-1')}", clock=True)
    display = screen(f"/display/?token={running.token('display', 'display-1')}", clock=True)
    for page in (kiosk, display):
        page.clock.run_for(1000)
        expect(page.locator(".choice, .queue").first).to_be_visible()
    running.kill()
    for page in (kiosk, display):
        page.clock.run_for(15_000)
        expect(page.locator(".curtain")).to_be_visible()
        page.clock.fast_forward(HOUR_MS)
        page.clock.run_for(10_000)
        expect(page.locator(".curtain")).to_be_visible()
    running.start()
    for page in (kiosk, display):
        for _ in range(40):
            page.clock.run_for(1000)
            if not page.locator(".curtain").count():
                break
        expect(page.locator(".choice, .queue").first).to_be_visible()


@pytest.mark.parametrize(("missing", "said"), [("**/clips/ar/**", "fr"), ("**/clips/**", "")], ids=["no Arabic", "no clip at all"])
def test_a_call_for_a_language_without_clips_is_said_in_the_others_and_always_shown(
    screen: Screen, running: Running, missing: str, said: str
) -> None:
    page = screen("/healthz")
    page.route(missing, lambda route: route.fulfill(status=404))
    page.add_init_script(
        "document.addEventListener('voice', ({ detail }) => "
        "{ document.documentElement.dataset.heard = detail.languages.join(' '); });"
    )
    page.goto(f"{running.url}/display/?token={running.token('display', 'display-1')}")
    expect(page.locator(".queue").first).to_be_visible()
    running.post(running.token("kiosk", "kiosk-1"), "/tickets", {"service": "etat-civil", "language": "ar"})
    clerk = running.token("clerk", "c")
    for action in ("open", "call-next"):
        assert running.post(clerk, f"/counters/1/{action}").ok
    expect(page.locator("[data-ticket]")).to_have_text("A001")
    expect(page.locator("html")).to_have_attribute("data-heard", said, timeout=20_000)


def test_the_kiosks_page_does_not_shift_while_it_loads(screen: Screen, running: Running) -> None:
    page = screen(f"/kiosk/?token={running.token('kiosk', 'kiosk-1')}", 1080, 1920)
    expect(page.locator(".choice").first).to_be_visible()
    page.evaluate("document.fonts.ready.then(() => 0)")
    assert page.evaluate(SHIFTS) < 0.01
