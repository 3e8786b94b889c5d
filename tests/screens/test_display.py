"""The hall display: letters sized by distance, calls shown one after another, many services, none at all."""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Callable
from contextlib import closing

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Locator, Page, expect

from server import setup
from server.setup import Reading
from server.store import open_store, transaction
from tests.running import Running
from tests.screens.evidence import told_waits

Display = Callable[..., Page]
ARC = 0.7


@pytest.fixture
def display(new_page: Callable[..., Page], running: Running) -> Display:
    """Opens the display of a unit, started if need be."""

    def opened(width: int = 1920, height: int = 1080, reading: Reading | None = None, clock: bool = False) -> Page:
        with closing(open_store(running.folder / "unit.db")) as db, transaction(db):
            if reading:
                setup.keep_readings(db.conn, {"display-1": reading})
        if running.process is None:
            running.start()
        page = new_page(width, height)
        if clock:
            page.clock.install()
        page.goto(f"{running.url}/display/?token={running.token('display', 'display-1')}")
        return page

    return opened


def call(running: Running, tokens: tuple[str, str], counter: int) -> str:
    """A visitor comes and is called at a counter; answers the ticket."""
    kiosk, clerk = tokens
    ticket = str(running.post(kiosk, "/tickets", {"service": "etat-civil", "language": "fr"}).json()["ticket"])
    running.post(clerk, f"/counters/{counter}/open")
    assert running.post(clerk, f"/counters/{counter}/call-next").status_code == 200
    return ticket


def tokens(running: Running) -> tuple[str, str]:
    return running.token("kiosk", "kiosk-1"), running.token("clerk", "c")


def drawn_height(page: Page, selector: str) -> int:
    """Pixels from the highest to the lowest row of an element that has its letters' colour: a digit's or capital's height."""
    place = page.locator(selector)
    colour = place.evaluate("one => getComputedStyle(one).color.match(/\\d+/g).slice(0, 3).map(Number)")
    image = Image.open(io.BytesIO(place.screenshot())).convert("RGB")
    rows = [
        y
        for y in range(image.height)
        if any(math.dist(image.getpixel((x, y)), colour) < 60 for x in range(image.width))  # type: ignore[arg-type]
    ]
    return max(rows) - min(rows) + 1


def test_a_display_shows_the_title_that_it_was_given(running: Running, display: Display) -> None:
    title = {"ar": "الطابق الأول", "fr": "Premier étage"}
    with closing(open_store(running.folder / "unit.db")) as db, transaction(db):
        db.conn.execute("INSERT INTO display_choices VALUES ('display-1', ?, '[]', '[]')", (json.dumps(title),))
    page = display()
    expect(page.locator("[data-title] span")).to_have_text([title["ar"], title["fr"]])
    expect(page.locator("[data-title] span").first).to_have_attribute("dir", "rtl")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


HALLS = [(1920, 1080, 10, 55), (1920, 1080, 10, 43), (1080, 1920, 6, 43), (3840, 2160, 6, 32)]
INSIDE = """() => {
  const now = document.querySelector(".now").getBoundingClientRect();
  return [...document.querySelectorAll("[data-ticket], .now__where")].every((one) => {
    const box = one.getBoundingClientRect();
    return box.left >= now.left - 1 && box.right <= now.right + 1 && box.top >= now.top - 1 && box.bottom <= now.bottom + 1;
  });
}"""


@pytest.mark.parametrize(("width", "height", "distance", "diagonal"), HALLS)
def test_number_and_counter_are_seen_under_seven_tenths_of_a_degree_from_the_farthest_seat(
    display: Display, running: Running, width: int, height: int, distance: float, diagonal: float
) -> None:
    page = display(width, height, Reading(distance, diagonal))
    call(running, tokens(running), 4)
    expect(page.locator("[data-ticket]")).to_have_text("A001")
    page.emulate_media(reduced_motion="reduce")
    needed_mm = 2000 * distance * math.tan(math.radians(ARC / 2))
    pixels_per_mm = math.hypot(width, height) / (diagonal * 25.4)
    for place in ("[data-ticket]", "[data-counter]"):
        assert drawn_height(page, place) >= needed_mm * pixels_per_mm - 1
    assert page.evaluate(INSIDE)


def test_ten_calls_in_a_second_are_all_seen_in_their_order(display: Display, running: Running) -> None:
    page = display(clock=True)
    page.clock.run_for(1000)
    expect(page.locator(".queues")).to_be_visible()
    keys = tokens(running)
    called = []
    for counter in (1, 2, 3, 4):
        called.append(call(running, keys, counter))
    for counter in (1, 2, 3, 4, 1, 2):
        running.post(keys[1], f"/counters/{counter}/start")
        running.post(keys[1], f"/counters/{counter}/finish")
        called.append(call(running, keys, counter))
    expect(page.locator(".last__ticket").first).to_be_visible()
    page.wait_for_function("document.querySelectorAll('.last__ticket').length >= 6")
    seen: list[str] = []
    for _ in range(400):
        page.clock.run_for(250)
        shown = page.locator("[data-ticket]").inner_text()
        if shown not in seen[-1:]:
            seen.append(shown)
        if shown == called[-1]:
            break
    assert seen == called


def test_it_flashes_less_than_three_times_a_second(display: Display, running: Running) -> None:
    page = display()
    expect(page.locator(".queue").first).to_be_visible()  # what was called before it opened is shown, not announced
    call(running, tokens(running), 2)
    expect(page.locator(".now--flash")).to_be_visible()
    seconds = page.locator("[data-ticket]").evaluate("one => parseFloat(getComputedStyle(one).animationDuration)")
    assert 1 / seconds <= 3


@pytest.mark.parametrize("counters", [0, 60])
def test_no_counter_sixty_counters_and_forty_services_with_long_names(display: Display, running: Running, counters: int) -> None:
    with closing(open_store(running.folder / "unit.db")) as db, transaction(db):
        db.conn.execute("DELETE FROM counters")
        db.conn.executemany("INSERT INTO counters(id, number) VALUES (?, ?)", [(n, n) for n in range(1, counters + 1)])
        for number in range(34):
            name = '{"ar": "' + "خدمة " * 16 + '", "fr": "' + "Service " * 10 + '"}'
            db.conn.execute(
                "INSERT INTO services(id, position, prefix, series, name, icon, target_s, documents)"
                " VALUES (?, ?, ?, ?, ?, 'other', 900, '[]')",
                (f"s{number}", 50 + number, f"{chr(65 + number // 26)}{chr(65 + number % 26)}", f"s{number}", name),
            )
    page = display()
    expect(page.locator(".queue")).to_have_count(12)
    assert page.evaluate(
        "document.documentElement.scrollHeight <= innerHeight && document.documentElement.scrollWidth <= innerWidth"
    )
    if counters:
        call(running, tokens(running), 60)
        expect(page.locator("[data-counter]")).to_have_text("60")


TURN_MS = 8000
WAITS = {
    "ar": r"حوالي \d+\u00a0د\s+عادة من\s\d+\sإلى\s\d+",
    "zgh": r"ⴰⵣⴰⵍ ⵏ \d+\u00a0ⵜⵓⵙⴷ\.\s+ⵙ ⵓⵎⴰⵜⴰ \d+\sⴰⵔ\s\d+",
    "fr": r"environ \d+\u00a0min\s+en général \d+\sà\s\d+",
}
NOT_WHOLE = """() => [...document.querySelectorAll("[data-estimate] span")].filter((one) => {
  const inner = one.getBoundingClientRect(), cell = one.closest(".queue").getBoundingClientRect();
  const beside = inner.left < cell.left || inner.right > cell.right || inner.top < cell.top || inner.bottom > cell.bottom;
  return beside || cell.bottom > innerHeight;
}).length"""


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1366, 768), (1080, 1920)])
def test_with_twelve_services_each_tells_its_wait_with_the_range_and_none_is_cut(
    display: Display, running: Running, width: int, height: int
) -> None:
    with closing(open_store(running.folder / "unit.db")) as db, transaction(db):
        name = json.dumps({"ar": "تصحيح الإمضاء والمطابقة للأصل " * 2, "fr": "Légalisation de signature " * 2})
        for number in range(6):
            db.conn.execute(
                "INSERT INTO services(id, position, prefix, series, name, icon, target_s, documents)"
                " VALUES (?, ?, ?, ?, ?, 'other', 900, '[]')",
                (f"s{number}", 50 + number, f"Z{number}", f"s{number}", name),
            )
    told_waits(running)
    page = display(width, height, clock=True)
    page.clock.run_for(1000)
    expect(page.locator(".queue")).to_have_count(12)
    for language in ("ar", "zgh", "fr"):
        waits = page.locator(f".queue__text[lang={language}] [data-estimate]")
        expect(waits.first).to_be_visible()
        assert waits.count() >= 6
        for text in waits.all_inner_texts():
            assert re.fullmatch(WAITS[language], text.strip()), text
        assert page.evaluate(NOT_WHOLE) == 0
        page.clock.run_for(TURN_MS)


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1366, 768), (1080, 1920)])
def test_a_wait_is_told_in_one_size_beside_few_and_beside_many(display: Display, running: Running, width: int, height: int) -> None:
    told_waits(running)
    for _ in range(9):
        running.post(running.token("kiosk", "kiosk-1"), "/tickets", {"service": "etat-civil", "language": "fr"})
    page = display(width, height, clock=True)
    page.clock.run_for(1000)
    for language in ("ar", "zgh", "fr"):
        waits = page.locator(f".queue__text[lang={language}] [data-estimate]")
        expect(waits.first).to_be_visible()
        assert {"0", "12"} <= set(page.locator(".queue__count").all_inner_texts())
        sizes = waits.evaluate_all("all => all.map((one) => parseFloat(getComputedStyle(one).fontSize))")
        assert max(sizes) - min(sizes) < 0.1, sizes  # columns differ by a part of a pixel
        page.clock.run_for(TURN_MS)
        page.evaluate("dispatchEvent(new Event('offline'))")  # connected anew: the server's clock made no such leap


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1366, 768), (1080, 1920)])
def test_the_last_calls_are_headed_only_while_there_are_any(display: Display, running: Running, width: int, height: int) -> None:
    page = display(width, height)
    expect(page.locator(".queue").first).to_be_visible()
    expect(page.locator(".last")).to_have_count(0)
    whole = """() => {
      const [now, head, queues] = [".now", ".head", ".queues"].map((one) => document.querySelector(one).getBoundingClientRect());
      const same = (one, other) => Math.abs(one - other) < 0.1;
      return same(now.left, 0) && same(now.right, innerWidth) && same(now.top, head.bottom) && same(now.bottom, queues.top);
    }"""
    assert page.evaluate(whole)
    keys = tokens(running)
    for counter in (1, 2):
        call(running, keys, counter)
    expect(page.locator(".last__call")).to_have_count(1)
    expect(page.locator(".last__title")).to_be_visible()
    assert not page.evaluate(whole)


TORN = """() => [...document.querySelectorAll("[data-estimate] span")].filter((one) => {
  const range = document.createRange();
  range.selectNodeContents(one);
  return new Set([...range.getClientRects()].map((line) => Math.round(line.top))).size > 1;
}).length"""
UNCUT = """() => document.querySelectorAll(".queue__name").forEach((one) => {
  one.style.overflow = one.scrollHeight <= one.clientHeight ? "visible" : "visible clip";
})"""
AS_IT_IS = "document.querySelectorAll('.queue__name').forEach((one) => { one.style.overflow = ''; })"


ROUNDED = 4
"""Steps of 255 by which Chromium may draw the edge of a round corner otherwise the next time; a letter's tail is some 200."""


def alike(one: Image.Image, other: Image.Image) -> bool:
    return max(ImageChops.difference(one, other).getextrema()[1:]) <= ROUNDED


def at_rest(part: Locator) -> Image.Image:
    """Its picture, in grey, once two in a row are alike: a busy machine draws late."""

    def picture() -> Image.Image:
        return Image.open(io.BytesIO(part.screenshot(animations="disabled"))).convert("L")

    before, now = picture(), picture()
    for _ in range(20):
        if alike(before, now):
            break
        before, now = now, picture()
    return now


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1366, 768), (1080, 1920)])
def test_no_tail_of_a_letter_no_ellipsis_and_no_range_is_cut_in_any_language(
    display: Display, running: Running, width: int, height: int
) -> None:
    long = {
        "ar": "تصحيح الإمضاء والمطابقة للأصل " * 3,
        "zgh": "ⴰⵙⵖⵏ ⵏ ⵓⵣⵎⵣ ⴷ ⵓⵙⵖⵏ " * 5,
        "fr": "Légalisation de signature et certification conforme " * 2,
    }
    with closing(open_store(running.folder / "unit.db")) as db, transaction(db):
        for number, name in enumerate([long, {"ar": "تصحيح النسخ", "zgh": "ⵜⴰⵖⴰⵔⵉⵎⵜ", "fr": "Âge payé, ça y est"}] * 3):
            db.conn.execute(
                "INSERT INTO services(id, position, prefix, series, name, icon, target_s, documents)"
                " VALUES (?, ?, ?, ?, ?, 'other', 900, '[]')",
                (f"s{number}", 50 + number, f"Z{number}", f"s{number}", json.dumps(name)),
            )
    told_waits(running)
    page = display(width, height, clock=True)
    page.clock.run_for(1000)
    expect(page.locator(".queue")).to_have_count(12)
    for language in ("ar", "zgh", "fr"):
        expect(page.locator(f".queue__text[lang={language}]")).to_have_count(12)
        page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 0.1)
        assert page.evaluate(TORN) == 0, language
        shown = at_rest(page.locator(".queues"))
        page.evaluate(UNCUT)
        assert alike(at_rest(page.locator(".queues")), shown), language
        page.evaluate(AS_IT_IS)
        page.clock.resume()
        page.clock.run_for(TURN_MS)
        page.evaluate("dispatchEvent(new Event('offline'))")  # connected anew: the server's clock made no such leap


def test_a_manager_says_how_far_the_farthest_seat_is_and_is_told_what_cannot_be(browser: Browser, running: Running) -> None:
    running.start()
    running.token("display", "display-1")
    running.person("brahim", "manager")
    page = browser.new_context(locale="fr-MA").new_page()
    page.goto(f"{running.url}/sign-in?next=/manager/displays&lang=fr")
    page.locator("[name=login]").fill("brahim")
    page.locator("[name=password]").fill("a good password")
    page.locator("main button[type=submit]").click()
    for distance, diagonal, wrong in (("dix", "55", True), ("10", "55", False), ("20", "32", True)):
        page.locator("[name='distance display-1']").fill(distance)
        page.locator("[name='diagonal display-1']").fill(diagonal)
        page.locator("form.displays button").click()
        expect(page.locator(".fault")).to_have_count(1 if wrong else 0)
        expect(page.locator("[name='distance display-1']")).to_have_value(distance)
    page.context.close()
