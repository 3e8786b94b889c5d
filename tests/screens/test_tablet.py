"""The rating tablet at a counter: it asks when the clerk lets a visitor go, and never holds up the next one."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from tests.running import Running
from tests.screens.pictures.studio import settled
from tests.screens.test_feedback import press, rows
from tests.screens.test_tokens import EDGE, contrast, tokens
from tests.server.feedback.conftest import PortalKey, give_keys


@pytest.fixture
def hall(running: Running) -> Running:
    """A hall with the portal's key, so that comments and complaints are taken."""
    text = (running.folder / "unit.toml").read_text().replace('adapter = "none"', 'adapter = "folder"\nevery_s = 3600')
    (running.folder / "unit.toml").write_text(text.replace("port = 8080\n", f'port = 8080\npublic_url = "{running.url}"\n'))
    give_keys(running.folder, PortalKey().public())
    running.start()
    return running


@pytest.fixture
def tablet(new_page: Callable[..., Page], hall: Running) -> Page:
    """The tablet at counter 3."""
    page = new_page(1024, 768)
    page.clock.install()
    page.goto(f"{hall.url}/counter/3/rating?token={hall.token('tablet', 'guichet 3')}")
    expect(page.locator(".rest__counter")).to_have_text("3")
    expect(page).to_have_url(f"{hall.url}/counter/3/rating")
    return page


class Desk:
    """A clerk at a counter, and visitors who come to it."""

    def __init__(self, hall: Running, counter: int) -> None:
        self.hall, self.counter = hall, counter
        self.kiosk, self.clerk = hall.token("kiosk", f"kiosk-{counter}"), hall.token("manager", f"desk-{counter}")
        self.press("open")

    def press(self, action: str) -> None:
        assert self.hall.post(self.clerk, f"/counters/{self.counter}/{action}").status_code == 200

    def serve(self, language: str = "fr") -> Any:
        ticket = self.hall.post(self.kiosk, "/tickets", {"service": "etat-civil", "language": language}).json()
        for action in ("call-next", "start", "finish"):
            self.press(action)
        return ticket


@pytest.fixture
def desk(hall: Running) -> Desk:
    return Desk(hall, 3)


def asks(page: Page) -> None:
    expect(page.locator("[data-score='4']")).to_be_visible()
    settled(page)


def rests(page: Page) -> None:
    expect(page.locator(".rest")).to_be_visible()


@pytest.mark.parametrize(("language", "title"), [("ar", "كيف كانت زيارتكم؟"), ("fr", "Comment s’est passée votre visite\xa0?")])
def test_it_asks_in_the_visitors_language_and_goes_back_to_rest(tablet: Page, desk: Desk, language: str, title: str) -> None:
    ticket = desk.serve(language)
    asks(tablet)
    assert tablet.locator("h1").inner_text() == title
    assert tablet.evaluate("document.documentElement.dir") == ("rtl" if language == "ar" else "ltr")
    assert ticket["ticket"] in tablet.locator(".tablet__ticket").inner_text()
    tablet.locator("[data-score='3']").click()
    settled(tablet)
    tablet.locator("[data-why=welcome]").click()
    settled(tablet)
    press(tablet, "اب" if language == "ar" else "ab")
    tablet.locator("[data-next]").click()
    expect(tablet.locator("[data-thanks]")).to_be_visible()
    assert rows(desk.hall, "SELECT visit, score, reasons, channel FROM ratings") == [(ticket["visit"], 3, '["welcome"]', "tablet")]
    tablet.clock.run_for(21_000)
    rests(tablet)
    assert ticket["ticket"] not in tablet.evaluate("document.documentElement.outerHTML")


@pytest.mark.parametrize("size", [(1024, 600), (800, 1280)])
@pytest.mark.parametrize("language", ["ar", "zgh", "fr"])
def test_no_face_and_no_key_is_cut_with_large_letters(tablet: Page, desk: Desk, size: tuple[int, int], language: str) -> None:
    tablet.set_viewport_size({"width": size[0], "height": size[1]})
    desk.serve(language)
    asks(tablet)
    tablet.locator("[data-mode=strong]").click()
    for step in ("[data-score='1']", "[data-why=welcome]", "[data-next]", "[data-write]"):
        body = tablet.locator(".kiosk__body")
        assert body.evaluate("one => one.scrollHeight <= one.clientHeight + 2"), step
        tablet.locator(step).click()
        settled(tablet)


SIZES = ((1280, 800), (800, 1280), (1024, 600))
KEY, LETTERS = 54, 14
STEPS = (
    "[data-score='1']", "[data-why=welcome]", "[data-next]", "[data-write]", "[data-type=complaint]", "[data-next]", "[data-about]",
    "#field-email", "[data-next]",
)  # fmt: skip
MEASURE = """
() => {
  const name = (one) => one.dataset.key ?? (one.className || one.tagName);
  const boxes = (all) => [...document.querySelectorAll(all)].map((one) => [name(one), one.getBoundingClientRect(), one]);
  const body = document.querySelector(".kiosk__body");
  return {
    wide: boxes("#app, #app *").filter(([, box]) => box.left < -1 || box.right > innerWidth + 1)
      .map(([one, box]) => [one, box.left, box.right]),
    low: body.scrollHeight - body.clientHeight,
    keys: boxes(".keyboard:not(.keyboard--phone) .key").map(([one, box]) => [one, box.width, box.height]),
    letters: boxes("#app *").filter(([, , one]) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
      .map(([one, , element]) => [one, parseFloat(getComputedStyle(element).fontSize) * element.currentCSSZoom]),
  };
}
"""


@pytest.mark.parametrize("language", ["ar", "zgh", "fr"])
def test_each_step_stands_in_its_window_with_keys_for_a_finger_and_letters_to_be_read(
    tablet: Page, desk: Desk, language: str
) -> None:
    """In each size, plain and in large letters: nothing wider or lower than there is room, no key or letter too small."""
    desk.serve(language)
    asks(tablet)
    for step in STEPS:
        expect(tablet.locator(step).first).to_be_visible()
        if step == "[data-next]" and tablet.locator("#field-text").count():
            press(tablet, {"ar": "اب", "zgh": "ⴰⴱ", "fr": "ab"}[language])
        for mode, size in itertools.product(("plain", "strong"), SIZES):
            strong = tablet.locator("[data-mode=strong]")
            if (strong.get_attribute("aria-pressed") == "true") != (mode == "strong"):
                strong.click()
            tablet.set_viewport_size({"width": size[0], "height": size[1]})
            seen, where = tablet.evaluate(MEASURE), f"{step} {mode} {size}"
            assert not seen["wide"], where
            assert seen["low"] <= 2, where
            assert [key for key in seen["keys"] if min(key[1:]) < KEY - 0.1] == [], where
            assert [one for one in seen["letters"] if one[1] < LETTERS - 0.1] == [], where
        tablet.locator(step).first.click()
        settled(tablet)
    expect(tablet.locator(".review")).to_be_visible()


def test_what_is_to_be_touched_has_an_edge_that_is_seen(tablet: Page, desk: Desk) -> None:
    """The three kinds as any other button: 3:1, the edge against the card and the ground."""
    desk.serve()
    asks(tablet)
    for step in ("[data-score='1']", "[data-skip]", "[data-skip]", "[data-write]"):
        tablet.locator(step).click()
        settled(tablet)
    edge = tablet.locator(".kinds__one").first.evaluate("one => getComputedStyle(one).borderTopColor")
    colours = tokens("light")
    red, green, blue = (int(part) for part in re.findall(r"\d+", edge)[:3])
    for ground in ("surface", "paper"):
        assert contrast(f"#{red:02x}{green:02x}{blue:02x}", colours[ground]) >= EDGE


def test_leaving_a_question_out_says_what_it_does_and_stands_apart(tablet: Page, desk: Desk) -> None:
    """At the reasons it skips, at the comment it sends; the main one first, both of one width; thanks show no face."""
    desk.serve()
    asks(tablet)
    tablet.locator("[data-mode=strong]").click()
    tablet.locator("[data-score='1']").click()
    settled(tablet)
    skip = tablet.locator("[data-skip]")
    assert skip.inner_text() == "Passer cette question"
    for size in SIZES:
        tablet.set_viewport_size({"width": size[0], "height": size[1]})
        apart, between = tablet.evaluate("""() => {
          const why = [...document.querySelectorAll("[data-why]")].map((one) => one.getBoundingClientRect());
          const below = Math.max(...why.map((one) => one.bottom)), next = why.find((one) => one.top > why[0].top + 1);
          return [document.querySelector("[data-skip]").getBoundingClientRect().top - below, next ? next.top - why[0].bottom : 0];
        }""")
        assert apart >= max(24, 2 * between), size
    skip.click()
    settled(tablet)
    assert skip.inner_text() == "Envoyer sans commentaire"
    for size in SIZES:
        tablet.set_viewport_size({"width": size[0], "height": size[1]})
        main, without = tablet.locator("[data-next]").bounding_box(), skip.bounding_box()
        assert main
        assert without
        assert abs(main["width"] - without["width"]) <= 1, size
        assert (main["y"], main["x"]) < (without["y"], without["x"]), size
    skip.click()
    expect(tablet.locator("[data-thanks]")).to_be_visible()
    assert "face-" not in tablet.locator(".kiosk__body").inner_html()
    assert rows(desk.hall, "SELECT score, reasons FROM ratings") == [(1, "[]")]


def test_it_says_at_rest_whose_counter_it_is_and_has_its_signs_when_the_server_is_gone(
    new_page: Callable[..., Page], hall: Running
) -> None:
    page = new_page(1280, 800)
    page.goto(f"{hall.url}/counter/3/rating?token={hall.token('tablet', 'guichet 3')}")
    assert page.locator(".rest__called").inner_text().split() == ["شباك", "ⴰⵙⵉⵔⴰ", "Guichet"]
    hall.kill()
    expect(page.locator(".curtain")).to_be_visible(timeout=15_000)
    page.wait_for_function("document.querySelector('.curtain .icon use').getBBox().width > 0")


def test_the_next_visitors_start_ends_a_rating_that_was_not_begun_and_a_call_alone_does_not(tablet: Page, desk: Desk) -> None:
    """A counter that calls by itself does so right after “finish”: whoever was let go still stands there."""
    ticket = desk.serve()
    desk.hall.post(desk.kiosk, "/tickets", {"service": "etat-civil", "language": "ar"})
    desk.press("call-next")
    tablet.reload()
    asks(tablet)
    assert ticket["ticket"] in tablet.locator(".tablet__ticket").inner_text()
    desk.press("start")
    rests(tablet)
    assert rows(desk.hall, "SELECT * FROM ratings") == []


def test_the_next_visitor_leaves_a_rating_that_was_begun_and_the_next_visitor_is_asked_after_it(tablet: Page, desk: Desk) -> None:
    first = desk.serve()
    asks(tablet)
    tablet.locator("[data-score='2']").click()
    expect(tablet.locator("[data-why=waiting]")).to_be_visible()
    second = desk.serve("ar")
    settled(tablet)
    tablet.locator("[data-skip]").click()
    settled(tablet)
    tablet.locator("[data-skip]").click()
    expect(tablet.locator("[data-thanks]")).to_be_visible()
    assert rows(desk.hall, "SELECT visit, score FROM ratings") == [(first["visit"], 2)]
    tablet.clock.run_for(6000)
    asks(tablet)
    assert second["ticket"] in tablet.locator(".tablet__ticket").inner_text()


def test_it_asks_once_and_whoever_walked_away_is_not_asked_again(tablet: Page, desk: Desk) -> None:
    desk.serve()
    asks(tablet)
    tablet.clock.run_for(46_000)
    rests(tablet)
    desk.hall.post(desk.kiosk, "/tickets", {"service": "etat-civil", "language": "ar"})
    desk.press("call-next")
    rests(tablet)
    assert rows(desk.hall, "SELECT * FROM ratings") == []


def test_a_finish_that_is_taken_back_takes_the_question_back(tablet: Page, desk: Desk) -> None:
    desk.serve()
    asks(tablet)
    desk.press("undo")
    rests(tablet)


def test_another_counters_visitor_is_none_of_its_business(tablet: Page, hall: Running) -> None:
    Desk(hall, 4).serve()
    settled(tablet)
    rests(tablet)


def test_a_low_rating_offers_to_write_and_no_paper_tells_of_it_elsewhere(tablet: Page, desk: Desk) -> None:
    desk.serve()
    asks(tablet)
    for press_on in ("[data-score='1']", "[data-skip]", "[data-skip]", "[data-write]", "[data-type=complaint]"):
        tablet.locator(press_on).click()
        settled(tablet)
    press(tablet, "abc")
    tablet.locator("[data-next]").click()
    settled(tablet)
    for press_on in ("[data-about=etat-civil]", "[data-next]", "[data-next]"):
        tablet.locator(press_on).click()
        settled(tablet)
    expect(tablet.locator("[data-reference]")).to_be_visible()
    assert rows(desk.hall, "SELECT type, service FROM submissions") == [("complaint", "etat-civil")]
    printed = "SELECT COUNT(*) FROM deliveries WHERE kind = 'print' AND payload LIKE '%reference%'"
    assert rows(desk.hall, printed) == [(0,)]


def test_a_tablet_that_is_new_shows_a_code_and_one_whose_token_was_stolen_shows_it_again(browser: Browser, hall: Running) -> None:
    hall.person("brahim", "manager")
    page = browser.new_context(viewport={"width": 1024, "height": 768}).new_page()
    page.goto(f"{hall.url}/counter/3/rating")
    code = page.locator("#code").inner_text().replace("\n", "")
    with requests.Session() as manager:
        manager.headers["Origin"] = hall.url
        manager.post(f"{hall.url}/sign-in", data={"login": "brahim", "password": "a good password"}, timeout=10)
        manager.post(f"{hall.url}/manager/devices/pair", data={"code": code, "name": "guichet 3"}, timeout=10)
        expect(page.locator(".rest__counter")).to_have_text("3")
        ((device,),) = rows(hall, "SELECT id FROM tokens WHERE role = 'tablet' AND name = 'guichet 3'")
        manager.post(f"{hall.url}/manager/devices/{device}/revoke", timeout=10)
    expect(page.locator("#code")).to_be_visible(timeout=15_000)
    page.context.close()


@pytest.mark.parametrize("number", ["9", "0", "99999999999999999999"])
def test_a_counter_that_is_not_there_is_said(hall: Running, number: str) -> None:
    answer = requests.get(
        f"{hall.url}/counter/{number}/rating", headers={"Authorization": f"Bearer {hall.token('tablet', 't')}"}, timeout=10
    )
    assert answer.status_code == 404
