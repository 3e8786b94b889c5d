"""Large letters are larger, lowered or not; what is touched then is in reach, and what is asked stands whole above its keys."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.running import Running
from tests.screens.kiosk.opened import Kiosk
from tests.screens.kiosk.test_room import SIZES, STEPS, choose, next_person
from tests.server.feedback.conftest import PortalKey, give_keys

WRITING = (
    "", "[data-beside=write_start]", ".choice[data-language={language}]", "[data-type=complaint]", "[data-next]", "[data-about]",
)  # fmt: skip
FOLLOWING = ("", "[data-beside=follow_start]", ".choice[data-language={language}]")
TEXTS = """() => Object.fromEntries([...document.querySelectorAll("#app *:not(svg *)")].flatMap((one) => {
  const own = [...one.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data.trim()).join("");
  const seen = own && one.checkVisibility() && one.getBoundingClientRect().width > 2;
  const name = `${one.parentElement.className} ${one.tagName} ${one.className} ${own.replace(/\\d+/g, "#")}`;
  return seen ? [[name, parseFloat(getComputedStyle(one).fontSize)]] : [];
}))"""
"""The size in dots of each text that is seen; digits are left out of its name."""


@pytest.fixture
def hall(hall: Running) -> Running:
    """One that takes complaints."""
    folder = hall.folder / "unit.toml"
    folder.write_text(folder.read_text().replace('adapter = "none"', 'adapter = "folder"\nevery_s = 3600'))
    give_keys(hall.folder, PortalKey().public())
    return hall


def sizes(page: Page, size: tuple[int, int], modes: list[str], language: str) -> Iterator[tuple[str, dict[str, float]]]:
    """Each screen of one person's ways, and how large its texts are."""
    for way in (STEPS, WRITING, FOLLOWING):
        next_person(page, size, modes)
        for step in way:
            if step:
                page.locator(step.format(language=language)).first.click()
            if step == ".reason":
                expect(page.locator("[data-ticket]")).to_be_visible()
            if step == "[data-type=complaint]":
                page.locator("#field-text").fill("…")
            page.clock.run_for(400)
            if step == "[data-reset]":
                choose(page, modes)
            yield f"{way[1]} {step}", page.evaluate(TEXTS)


@pytest.mark.parametrize(("size", "language"), [*zip(SIZES, ("ar", "zgh", "fr"), strict=True)])
def test_with_large_letters_lowered_or_not_every_text_is_larger_by_a_fifth(
    kiosk: Kiosk, hall: Running, size: tuple[int, int], language: str
) -> None:
    hall.unlimited()
    page = kiosk(clock=True)
    without = dict(sizes(page, size, [], language))
    for modes in (["strong"], ["strong", "low"]):
        for where, texts in sizes(page, size, modes, language):
            same = texts.keys() & without[where].keys()
            assert len(same) > 2, (modes, where)
            small = {text: (without[where][text], texts[text]) for text in same if texts[text] < 1.2 * without[where][text] - 0.05}
            assert {text for text in small if "slip__number" not in text} == set(), (modes, where)
            assert all(with_large >= plain - 0.05 for plain, with_large in small.values()), (modes, where)


TOUCHED = """() => Math.min(...[...document.querySelectorAll("button, input, textarea")].filter((one) => one.checkVisibility())
  .map((one) => one.getBoundingClientRect().top)) / innerHeight"""
"""How far from the upper edge the highest thing to be touched begins, as a part of the screen's height."""
REACH = {"upright": 0.3, "lying": 0.25}
"""docs/screens.md, “Reach”"""
RATING = (
    "[data-beside=rate]",
    ".choice[data-language={language}]",
    "[data-next]",
    "[data-score='2']",
    "[data-why=waiting]",
    "[data-next]",
)


def served(hall: Running, clerk: str) -> str:
    """The number of a visit that has just ended."""
    visit = hall.post(hall.token("kiosk", "kiosk-1"), "/tickets", {"service": "etat-civil", "language": "fr"}).json()
    call = {"visit": visit["visit"], "reason": "comes to rate"}
    for action, body in (("open", None), ("call", call), ("start", None), ("finish", None)):
        hall.post(clerk, f"/counters/1/{action}", body)
    return str(visit["ticket"])


@pytest.mark.parametrize("modes", [["low"], ["strong", "low"]])
def test_on_a_lowered_kiosk_nothing_is_touched_above_the_reach(kiosk: Kiosk, hall: Running, modes: list[str]) -> None:
    hall.unlimited()
    page = kiosk(clock=True)
    clerk = hall.token("clerk", "salma")
    languages = ("ar", "zgh", "fr") if "strong" in modes else ("fr", "ar", "zgh")
    for size, language in zip((*SIZES, (768, 1366)), (*languages, "fr"), strict=True):
        reach = REACH["upright" if size[0] < size[1] else "lying"]
        for way in (STEPS, (*WRITING, "#field-email", "[data-next]", "[data-next]"), FOLLOWING, RATING):
            if way is RATING:
                ticket = served(hall, clerk)
            next_person(page, size, modes)
            for step in way:
                if step:
                    page.locator(step.format(language=language)).first.click()
                if step == ".reason":
                    expect(page.locator("[data-ticket]")).to_be_visible()
                elif step == "[data-type=complaint]":
                    page.locator("#field-text").fill("…")
                elif way is RATING and step.startswith(".choice"):
                    page.locator(".kiosk-field").fill(ticket)
                page.clock.run_for(400)
                if step == "[data-reset]":
                    choose(page, modes)
                if step.startswith("[data-next]"):
                    expect(
                        page.locator("[data-score], [data-thanks], [data-reference], [data-words], [data-about]").first
                    ).to_be_visible()
                assert page.evaluate(TOUCHED) >= reach - 0.001, (modes, size, language, step)


ABOVE = """() => {
  const body = document.querySelector(".kiosk__body").getBoundingClientRect();
  const parts = [...document.querySelectorAll(".kiosk__body > *")];
  return parts.filter((one) => one.getBoundingClientRect().top < body.top).map((one) => one.outerHTML);
}"""
"""What stands above the upper edge of the screen's middle, where nothing leads to it."""


@pytest.mark.parametrize("modes", [["low"], ["strong", "low"]])
def test_what_is_asked_of_a_contact_stands_whole_above_its_keys(kiosk: Kiosk, modes: list[str]) -> None:
    page = kiosk(clock=True)
    for size, language in itertools.product(SIZES, ("ar", "zgh", "fr")):
        next_person(page, size, modes)
        for step in WRITING[1:]:
            page.locator(step.format(language=language)).first.click()
            if step == "[data-type=complaint]":
                page.locator("#field-text").fill("…")
            page.clock.run_for(400)
        assert page.evaluate(ABOVE) == [], (size, language)
        assert page.locator(".edge").count() == 0, (size, language)
        page.locator("#field-email").click()
        page.clock.run_for(400)
        assert page.evaluate(ABOVE) == [], (size, language)


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 900)])
def test_lying_the_keys_stand_beside_the_telephone_and_the_address(kiosk: Kiosk, size: tuple[int, int]) -> None:
    page = kiosk(clock=True)
    for modes in ([], ["low"], ["strong", "low"]):
        next_person(page, size, modes)
        for step in WRITING[1:]:
            page.locator(step.format(language="fr")).first.click()
            if step == "[data-type=complaint]":
                page.locator("#field-text").fill("…")
            page.clock.run_for(400)
        for touch in ("#field-phone", "#field-email"):
            page.locator(touch).click()
            page.clock.run_for(400)
            field, keys = (page.locator(part).bounding_box() for part in (touch, ".keyboard"))
            assert field is not None
            assert keys is not None
            assert field["x"] + field["width"] <= keys["x"], (modes, touch)


BROKEN = """() => [...document.querySelectorAll(".before__ways .kiosk-button > span")].filter((one) => {
  const range = document.createRange();
  range.selectNodeContents(one);
  return new Set([...range.getClientRects()].map((line) => Math.round(line.top))).size > 1;
}).map((one) => one.textContent)"""


def test_upright_the_two_ways_to_a_ticket_are_not_broken(kiosk: Kiosk) -> None:
    page = kiosk(clock=True)
    for modes, language in itertools.product(([], ["low"], ["strong"]), ("ar", "zgh", "fr")):
        next_person(page, SIZES[0], modes)
        for step in STEPS[1:3]:
            page.locator(step.format(language=language)).first.click()
            page.clock.run_for(400)
        assert page.locator(".before__ways .kiosk-button").count() == 2
        assert page.evaluate(BROKEN) == [], (modes, language)


LINES = """() => [...document.querySelectorAll(".all")].map((words) => {
  const boxes = [...words.children].map((one) => one.getBoundingClientRect());
  return boxes.every((box, at) => at === 0 || (box.top >= boxes[at - 1].bottom - 1 && Math.abs(box.right - boxes[0].right) < 1));
})"""
"""Of each button of the first screen, which is in Arabic: whether each language has a line of its own and all begin at one edge."""


def test_the_first_screens_buttons_are_alike_a_line_for_each_language(kiosk: Kiosk) -> None:
    page = kiosk(clock=True)
    for size, modes in itertools.product(SIZES, ([], ["low"], ["strong"], ["low", "strong"])):
        next_person(page, size, modes)
        assert page.evaluate(LINES) == [True] * 7, (size, modes)
        heights = page.locator(".start__other").evaluate_all(
            "all => all.map((one) => Math.round(one.getBoundingClientRect().height))"
        )
        assert len(set(heights)) == 1, (size, modes)


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 900)])
def test_a_field_beside_the_keys_begins_where_they_begin(kiosk: Kiosk, size: tuple[int, int]) -> None:
    page = kiosk(clock=True)
    for modes in ([], ["low"], ["strong", "low"]):
        next_person(page, size, modes)
        for step in WRITING[1:4]:
            page.locator(step.format(language="fr")).first.click()
            page.clock.run_for(400)
        field, keys = (page.locator(part).bounding_box() for part in ("#field-text", ".keyboard"))
        assert field is not None
        assert keys is not None
        assert abs(field["y"] - keys["y"]) <= 2, modes


@pytest.mark.parametrize("modes", [[], ["strong"]])
def test_the_language_one_reads_is_filled_as_a_chosen_mode_is(kiosk: Kiosk, modes: list[str]) -> None:
    page = kiosk(clock=True)
    next_person(page, SIZES[0], ["low", *modes])
    page.locator("[data-beside=information]").click()
    page.clock.run_for(400)
    ground = "one => getComputedStyle(one).backgroundColor"
    chosen = page.locator(".tabs [aria-pressed=true]").evaluate(ground)
    assert chosen == page.locator(".mode[aria-pressed=true]").first.evaluate(ground)
    assert chosen != page.locator(".tabs [aria-pressed=false]").first.evaluate(ground)
