"""What the screen holds: many services, large targets, nothing half cut, and what goes on below the edge."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from server import information
from server.information import Information
from server.store import open_store, transaction
from tests.running import Running
from tests.screens.evidence import told_waits
from tests.screens.kiosk.opened import Kiosk, settled

CUT = """() => [...document.querySelectorAll(".kiosk__body, .service, .slip__service, .before__told")].some(
  (one) => (one.matches(".slip__service") ? 0 : one.scrollHeight - one.clientHeight) > 2 || one.scrollWidth > one.clientWidth + 2
)"""
"""Whether something is not seen whole."""
INSIDE = """() => {
  const [number, slip] = [".slip__number", ".slip"].map((one) => document.querySelector(one).getBoundingClientRect());
  return number.left >= slip.left && number.right <= slip.right && number.width > 0;
}"""
"""Whether the ticket's number is seen whole."""
MODES = ([], ["low"], ["strong"], ["low", "strong"])
SIZES = ((1080, 1920), (1920, 1080), (1366, 900))
STEPS = (
    "", ".choice[lang={language}]", "[data-service=etat-civil]", "[data-priority]", ".reason", "[data-reset]",
    "[data-beside=information]", "[data-reset]", "[data-beside=rate]",
)  # fmt: skip
WHOLE = ("", ".choice[lang={language}]", "[data-service=etat-civil]", "[data-priority]", ".reason", "[data-beside=information]")
"""Steps of which nothing stands below the edge of the screen, with the six services of a usual hall."""
RANGES = {"ar": r"عادة من\s\d+\sإلى\s\d+", "zgh": r"ⵙ ⵓⵎⴰⵜⴰ \d+\sⴰⵔ\s\d+", "fr": r"en général \d+\sà\s\d+"}
BUTTONS = """() => [...document.querySelectorAll("button")].filter((one) => one.checkVisibility()).map((one) => {
  const box = one.getBoundingClientRect();
  return [box.top, Math.min(box.width, box.height)];
})"""

MOVED = """() => new Promise(done => {
  const moved = [];
  const tell = (shift) => moved.push(shift.value, ...shift.sources.map((source) => source.node?.outerHTML));
  new PerformanceObserver((list) => list.getEntries().forEach(tell)).observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(moved))));
})"""
"""What the layout shifted since the page began, with the elements."""


def next_person(page: Page, size: tuple[int, int], modes: list[str]) -> None:
    """Someone before a kiosk of that size, who has chosen those modes and no language yet."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.reload()
    page.clock.run_for(1000)
    expect(page.locator(".choice").first).to_be_visible()
    choose(page, modes)


def choose(page: Page, modes: list[str]) -> None:
    """Have these modes; they end with each visitor."""
    for mode in modes:
        page.locator(f"[data-mode={mode}]").click()


def each_way(page: Page) -> Iterator[tuple[str, list[str], tuple[int, int], str]]:
    """Every language, mode, size and step of one kiosk; a new person begins each walk."""
    for size, modes, language in itertools.product(SIZES, MODES, ("ar", "zgh", "fr")):
        next_person(page, size, modes)
        for step in STEPS:
            if step:
                page.locator(step.format(language=language)).first.click()
            if step == ".reason":
                expect(page.locator("[data-ticket]")).to_be_visible()
            page.clock.run_for(400)
            if step == "[data-reset]":
                choose(page, modes)
            yield language, modes, size, step


def test_in_every_mode_targets_are_large_cards_and_ticket_are_seen_whole_and_the_lower_mode_keeps_them_low(
    kiosk: Kiosk, hall: Running
) -> None:
    hall.unlimited()
    page = kiosk(clock=True)
    for language, modes, size, step in each_way(page):
        where = (language, modes, size, step)
        buttons = page.evaluate(BUTTONS)
        assert all(smaller >= 80 for _, smaller in buttons), where
        if step in WHOLE:
            assert page.locator(".edge, .pager").count() == 0, where
            assert not page.evaluate(CUT), where
        if "low" in modes and step in WHOLE:
            head = page.locator(".kiosk__head").bounding_box()
            assert head is not None
            assert min(top for top, _ in buttons) > head["height"] >= size[1] * 0.13, where


APART = """() => [...document.querySelectorAll(".slip__facts > div + div")].every((one) => {
  const [label, fact] = [...one.children].map((part) => part.getBoundingClientRect());
  const before = one.previousElementSibling.getBoundingClientRect();
  return before.bottom > label.bottom || label.top - before.bottom > Math.max(0, fact.top - label.bottom) + 4;
})"""
"""Whether each label of the ticket's facts stands nearer to its own fact than to the one above it."""


def test_a_label_on_the_ticket_stands_nearer_to_its_own_fact_than_to_the_one_before(kiosk: Kiosk, hall: Running) -> None:
    hall.unlimited()
    told_waits(hall)
    page = kiosk(clock=True)
    for size, modes, language in itertools.product(SIZES, MODES, ("ar", "fr")):
        next_person(page, size, modes)
        for step in (f".choice[lang={language}]", "[data-service=etat-civil]", "[data-take]"):
            page.locator(step).click()
            page.clock.run_for(400)
        expect(page.locator("[data-ticket]")).to_be_visible()
        assert page.locator(".slip__facts > div").count() == 3
        assert page.evaluate(APART), (size, modes, language)


PADS = ("rate", "follow_start")


def test_a_pad_of_numbers_or_of_a_reference_has_large_keys_and_is_seen_whole(kiosk: Kiosk, hall: Running) -> None:
    page = kiosk(clock=True)
    for size, modes, (number, way) in itertools.product(SIZES, MODES, enumerate(PADS)):
        language = ("ar", "zgh", "fr")[(number + len(modes)) % 3]
        next_person(page, size, modes)
        page.locator(f"[data-beside={way}]").click()
        page.clock.run_for(400)
        page.locator(f".choice[data-language={language}]").click()
        expect(page.locator(".key").first).to_be_visible()
        page.clock.run_for(400)
        where = (size, modes, way, language)
        assert min(smaller for _, smaller in page.evaluate(BUTTONS)) >= 80, where
        assert page.locator(".edge").count() == 0, where
        assert not page.evaluate(CUT), where


def test_cards_tell_the_wait_with_its_range_and_are_seen_whole_with_it(kiosk: Kiosk, hall: Running) -> None:
    hall.unlimited()
    told_waits(hall)
    page = kiosk(clock=True)
    for size, modes, (language, words) in itertools.product(SIZES, MODES, RANGES.items()):
        next_person(page, size, modes)
        page.locator(f".choice[lang={language}]").click()
        page.clock.run_for(400)
        where = (size, modes, language)
        assert re.search(words, page.locator("[data-service=etat-civil] [data-estimate]").inner_text()), where
        assert page.locator(".edge, .pager").count() == 0, where
        assert not page.evaluate(CUT), where


def many(hall: Running, count: int, headings: bool) -> None:
    """That many services, each with a name of 80 letters; ten under each of four headings when wished."""
    db = open_store(hall.folder / "unit.db")
    with transaction(db):
        db.conn.execute("DELETE FROM services")
        for number in range(count):
            name = {"ar": "خ" * 76 + f" {number:03d}", "fr": "Service " * 9 + f"{number:08d}"}
            row = (f"s{number}", number, f"{chr(65 + number // 10)}{chr(65 + number % 10)}", f"s{number}", json.dumps(name))
            db.conn.execute(
                "INSERT INTO services(id, position, prefix, series, name, icon, target_s, documents)"
                " VALUES (?, ?, ?, ?, ?, 'other', 900, '[]')",
                row,
            )
            if headings:
                heading = f"Groupe {number // 10}"
                information.save(db.conn, f"s{number}", Information(heading={"ar": heading, "fr": heading}))
    db.close()


def test_forty_services_of_eighty_letters_are_all_reached_and_none_is_cut(kiosk: Kiosk, hall: Running) -> None:
    many(hall, 40, headings=False)
    page = kiosk(clock=True)
    for size, modes in (((1080, 1920), []), ((1920, 1080), ["low"]), ((1366, 900), ["strong"]), ((1366, 900), ["low", "strong"])):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.reload()
        page.clock.run_for(1000)
        for mode in modes:
            page.locator(f"[data-mode={mode}]").click()
        page.locator(".choice[lang=zgh]").click()
        expect(page.locator(".service").first).to_be_visible()
        seen: set[str] = set()
        while True:
            page.clock.run_for(400)
            assert not page.evaluate(CUT), (size, modes)
            seen |= set(page.locator(".service").evaluate_all("all => all.map((one) => one.dataset.service)"))
            if page.locator("[data-page=next]").is_disabled():
                break
            page.locator("[data-page=next]").click()
        assert len(seen) == 40
        page.locator(".service").first.click()
        page.clock.run_for(400)
        page.locator("[data-take]").click()
        expect(page.locator("[data-ticket]")).to_be_visible()
        page.clock.run_for(400)
        assert page.evaluate(INSIDE), (size, modes)
        assert page.locator(".slip__service").evaluate("one => one.scrollWidth <= one.clientWidth + 2")


def test_the_number_of_pages_stands_while_one_turns_them_though_the_longest_names_come_last(kiosk: Kiosk, hall: Running) -> None:
    many(hall, 40, headings=False)
    db = open_store(hall.folder / "unit.db")
    with transaction(db):
        for number in range(24):
            db.conn.execute("UPDATE services SET name = ? WHERE id = ?", (json.dumps({"ar": "خ", "fr": "خ"}), f"s{number}"))
    db.close()
    page = kiosk(clock=True)
    for size, modes in (((1080, 1920), ["strong"]), ((1366, 900), []), ((1366, 900), ["low", "strong"])):
        next_person(page, size, modes)
        page.locator(".choice[lang=zgh]").click()
        told: list[str] = []
        while True:
            page.clock.run_for(400)
            told.append(page.locator(".pager .number").inner_text())
            if page.locator("[data-page=next]").is_disabled():
                break
            page.locator("[data-page=next]").click()
        assert told == [f"{number} / {len(told)}" for number in range(1, len(told) + 1)], (size, modes)


def test_on_a_lowered_kiosk_the_languages_of_the_information_stand_low(kiosk: Kiosk) -> None:
    page = kiosk(clock=True)
    for size, modes, language in itertools.product(SIZES, (["low"], ["low", "strong"]), ("ar", "zgh", "fr")):
        next_person(page, size, modes)
        page.locator("[data-beside=information]").click()
        page.clock.run_for(400)
        page.locator(f".tabs [lang={language}]").click()
        page.clock.run_for(400)
        buttons = page.evaluate(BUTTONS)
        assert len(buttons) > 6
        assert min(top for top, _ in buttons) > size[1] * 0.5, (size, modes, language)


def test_services_with_headings_are_shown_under_them(kiosk: Kiosk, hall: Running) -> None:
    many(hall, 40, headings=True)
    page = kiosk()
    page.locator(".choice[lang=fr]").click()
    expect(page.locator(".service--heading")).to_have_count(4)
    expect(page.locator(".heading p")).to_contain_text("Touchez une rubrique")
    page.locator(".service--heading").nth(2).click()
    settled(page)
    expect(page.locator(".heading p")).to_contain_text("Touchez un service")
    expect(page.locator("[data-service=s20]")).to_be_visible()
    page.locator("[data-reset=back]").click()
    expect(page.locator(".service--heading")).to_have_count(4)


# The sign follows the scrolling by an event: one who asks in between would press "more" where "back to the top" is about to stand.
SIGN_AGREES = """() => {
    const part = document.querySelector(".kiosk__body");
    const ended = part.scrollTop + part.clientHeight >= part.scrollHeight - 2;
    return document.querySelector(".edge")?.dataset.edge === (ended ? "end" : "more");
}"""


def test_what_goes_on_below_the_edge_says_so_and_a_touch_leads_to_its_end_and_back(kiosk: Kiosk) -> None:
    page = kiosk(width=1366, height=560)
    page.locator("[data-mode=strong]").click()
    page.locator("[data-beside=information]").click()
    settled(page)
    more, end = page.locator("[data-edge=more]"), page.locator("[data-edge=end]")
    for _ in range(9):
        page.wait_for_function(SIGN_AGREES)
        if end.is_visible():
            break
        more.click()
    end.click()
    expect(more).to_be_visible()
    assert page.locator(".kiosk__body").evaluate("one => one.scrollTop") == 0


@pytest.mark.parametrize("size", SIZES)
def test_nothing_moves_while_its_page_becomes_ready(kiosk: Kiosk, size: tuple[int, int]) -> None:
    page = kiosk(width=size[0], height=size[1])
    for _ in range(3):
        page.reload()
        expect(page.locator(".choice").first).to_be_visible()
        expect(page.locator(".brand__name")).to_contain_text("Annexe administrative")
        page.evaluate("document.fonts.ready")
        assert page.evaluate(MOVED) == []
