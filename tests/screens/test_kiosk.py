"""The kiosk for everyone: three touches, keys alone, by ear alone, many services, more time, and nothing left behind."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from server import information, setup
from server.information import Information
from server.opening import store
from server.opening.writing import from_data
from server.store import open_store, transaction
from tests.running import Running
from tests.screens.evidence import told_waits
from tests.screens.memory import held, take_tickets

Kiosk = Callable[..., Page]
PUBLIC = 'public_url = "http://127.0.0.1:8080"\n'


@pytest.fixture
def hall(running: Running) -> Running:
    text = (running.folder / "unit.toml").read_text()
    (running.folder / "unit.toml").write_text(text.replace("port = 8080\n", "port = 8080\n" + PUBLIC))
    return running


@pytest.fixture
def kiosk(browser: Browser, hall: Running) -> Iterator[Kiosk]:
    """Starts the server if need be and opens the kiosk; an error of its script, or one the policy stops, fails the test."""
    errors: list[str] = []
    pages: list[Page] = []

    def opened(clock: bool = False, width: int = 1080, height: int = 1920, seen: str = ".choice") -> Page:
        if hall.process is None:
            hall.start()
        page = browser.new_context(viewport={"width": width, "height": height}).new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        if clock:
            page.clock.install()
        pages.append(page)
        page.goto(f"{hall.url}/kiosk/?token={hall.token('kiosk', 'kiosk-1')}")
        if clock:
            page.clock.run_for(1000)
        expect(page.locator(seen).first).to_be_visible()
        return page

    yield opened
    for page in pages:
        page.context.close()
    assert errors == []


CUT = """() => [...document.querySelectorAll(".kiosk__body, .service, .slip__service, .before__told")].some(
  (one) => (one.matches(".slip__service") ? 0 : one.scrollHeight - one.clientHeight) > 2 || one.scrollWidth > one.clientWidth + 2
)"""
"""Whether something is not seen whole."""


def settled(page: Page) -> None:
    """The moment after a change of view in which a second tap falls into nothing is over."""
    expect(page.locator("#app")).not_to_have_attribute("inert", "")


@pytest.mark.parametrize("language", ["ar", "zgh", "fr"])
def test_three_touches_lead_from_the_language_to_the_ticket(kiosk: Kiosk, language: str) -> None:
    page = kiosk()
    page.locator(f".choice[lang={language}]").click()
    page.locator("[data-service=legalisation]").click()
    expect(page.locator(".fact--documents li")).to_have_count(2)
    page.locator("[data-take]").click()
    expect(page.locator("[data-ticket]")).to_have_text("B001")
    code = page.locator("[data-code]")
    expect(code).to_be_visible()
    assert code.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")


def test_a_wish_for_priority_goes_with_the_ticket(kiosk: Kiosk, hall: Running) -> None:
    page = kiosk()
    page.locator(".choice[lang=fr]").click()
    page.locator("[data-service=residence]").click()
    page.locator("[data-priority]").click()
    page.locator("[data-reason=pregnant]").click()
    expect(page.locator("[data-ticket]")).to_have_text("D001")
    db = open_store(hall.folder / "unit.db")
    assert db.execute("SELECT priority FROM legs").fetchall() == [("pregnant",)]
    db.close()


def convening(hall: Running) -> None:
    """The hall convenes people for a time."""
    db = open_store(hall.folder / "unit.db")
    with transaction(db):
        name = json.dumps({"ar": "بموعد", "zgh": "ⵙ ⵓⵙⵉⵀⴰⵔ", "fr": "Sur rendez-vous"})
        db.conn.execute("INSERT INTO priorities(id, name, position) VALUES ('appointment', ?, 0)", (name,))
    db.close()


@pytest.mark.parametrize("modes", [[], ["low", "strong"]])
def test_who_is_convened_is_asked_for_the_time_and_finds_it_on_the_ticket(kiosk: Kiosk, hall: Running, modes: list[str]) -> None:
    convening(hall)
    page = kiosk()
    for mode in modes:
        page.locator(f"[data-mode={mode}]").click()
    for touch in (".choice[lang=ar]", "[data-service=etat-civil]", "[data-priority]", "[data-reason=appointment]"):
        page.locator(touch).click()
        settled(page)
    page.locator("[data-time='11:--']").click()
    settled(page)
    page.keyboard.press("Escape")
    settled(page)
    page.locator("[data-time='10:--']").click()
    settled(page)
    boxes = [box for one in page.locator(".time").all() if (box := one.bounding_box())]
    assert len(boxes) == 12
    assert all(min(box["width"], box["height"]) >= 80 for box in boxes)
    page.locator("[data-time='10:45']").click()
    expect(page.locator("[data-ticket]")).to_have_text("A001")
    expect(page.locator(".slip__facts")).to_contain_text("10:45")
    db = open_store(hall.folder / "unit.db")
    (due, priority) = db.execute("SELECT due_at, priority FROM legs").fetchone()
    db.close()
    zone = ZoneInfo("Africa/Casablanca")
    assert (datetime.fromtimestamp(due / 1000, zone).strftime("%H:%M"), priority) == ("10:45", "appointment")


def test_a_ticket_by_keys_alone(kiosk: Kiosk) -> None:
    page = kiosk()
    page.keyboard.press("3")
    settled(page)
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-service=legalisation]")).to_be_focused()
    page.keyboard.press("Enter")
    settled(page)
    page.keyboard.press("Escape")
    settled(page)
    page.keyboard.press("3")
    settled(page)
    page.keyboard.press("1")
    expect(page.locator("[data-ticket]")).to_have_text("C001")
    settled(page)
    page.keyboard.press("Escape")
    expect(page.locator(".choice").first).to_be_visible()


def headphone(page: Page, key: str) -> None:
    """The keypad's key for a headphone that is plugged or pulled, which Playwright's keyboard has not."""
    page.evaluate("key => document.dispatchEvent(new KeyboardEvent('keydown', { key }))", key)


def test_a_ticket_by_ear_alone(kiosk: Kiosk) -> None:
    """What a headphone's keypad sends; each step is asked for as sound, can be heard again, and is cut short by the next key."""
    page = kiosk()
    said: list[str] = []
    page.on("response", lambda response: said.append(response.url.split("/say/")[1]) if "/say/" in response.url else None)
    with page.expect_response(lambda r: "/say/ar/word/welcome" in r.url) as welcome:
        headphone(page, "F15")
    assert welcome.value.status == 200
    assert welcome.value.body()[:4] == b"RIFF"
    with page.expect_response(lambda r: r.url.endswith("/say/fr/word/choose_service")):
        page.keyboard.press("3")
    settled(page)
    with page.expect_response(lambda r: r.url.endswith("/say/fr/service/etat-civil/name")):
        page.keyboard.press("ArrowDown")
    with page.expect_response(lambda r: r.url.endswith("/say/fr/service/etat-civil/name")):
        page.keyboard.press("Enter")
    settled(page)
    with page.expect_response(lambda r: r.url.endswith("/say/fr/ticket/A001"), timeout=20_000):
        page.keyboard.press("1")
    page.keyboard.press("0")
    headphone(page, "F16")
    expect(page.locator("[data-mode=audio]")).to_have_attribute("aria-pressed", "false")
    assert not [what for what in said if "undefined" in what]


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
        assert page.locator(".slip__service").evaluate("one => one.scrollWidth <= one.clientWidth + 2")


def test_services_with_headings_are_shown_under_them(kiosk: Kiosk, hall: Running) -> None:
    many(hall, 40, headings=True)
    page = kiosk()
    page.locator(".choice[lang=fr]").click()
    expect(page.locator(".service--heading")).to_have_count(4)
    page.locator(".service--heading").nth(2).click()
    settled(page)
    expect(page.locator("[data-service=s20]")).to_be_visible()
    page.locator("[data-reset=back]").click()
    expect(page.locator(".service--heading")).to_have_count(4)


def test_it_warns_before_it_clears_gives_more_time_and_keeps_nothing(kiosk: Kiosk) -> None:
    page = kiosk(clock=True)
    before = page.evaluate("history.length")
    page.locator("[data-mode=strong]").click()
    page.locator(".choice[lang=fr]").click()
    page.clock.run_for(41_000)
    expect(page.locator(".still")).to_be_visible()
    page.locator("[data-more]").click()
    expect(page.locator(".still")).to_have_count(0)
    page.clock.run_for(39_000)
    expect(page.locator("[data-service=residence]")).to_be_visible()
    page.locator("[data-service=residence]").click()
    page.clock.run_for(1000)
    page.locator("[data-take]").click()
    expect(page.locator("[data-ticket]")).to_be_visible()
    page.clock.run_for(26_000)
    expect(page.locator(".choice").first).to_be_visible()
    assert "D001" not in page.content()
    assert page.evaluate("[document.documentElement.lang, history.length, 'strong' in document.documentElement.dataset]") == [
        "ar",
        before,
        False,
    ]
    assert page.evaluate("[localStorage.length, sessionStorage.length, scrollY]") == [0, 0, 0]


def test_a_closed_service_tells_what_it_needs_but_gives_no_ticket(kiosk: Kiosk, hall: Running) -> None:
    db = open_store(hall.folder / "unit.db")
    with transaction(db):
        db.conn.execute("UPDATE services SET open = 0 WHERE id = 'residence'")
    db.close()
    page = kiosk()
    page.locator(".choice[lang=fr]").click()
    page.locator("[data-service=residence]").click()
    expect(page.locator(".before__closed")).to_be_visible()
    expect(page.locator(".fact--documents li")).to_have_count(2)
    expect(page.locator("[data-take]")).to_have_count(0)


SLACK_NODES = 15
"""Fewer than one node a ticket: a page that kept a screen of each would hold thousands more."""
MODES = ([], ["low"], ["strong"], ["low", "strong"])
SIZES = ((1080, 1920), (1920, 1080), (1366, 900))
STEPS = (
    "", ".choice[lang={language}]", "[data-service=etat-civil]", "[data-priority]", ".reason", "[data-reset]",
    "[data-beside=information]", "[data-reset]", "[data-beside=rate]",
)  # fmt: skip
WHOLE = ("", ".choice[lang={language}]", "[data-service=etat-civil]", "[data-priority]", ".reason")
"""Steps of which nothing stands below the edge of the screen, with the six services of a usual hall."""
RANGES = {"ar": r"عادة من \d+ إلى \d+", "zgh": r"ⵙⴳ \d+ ⴰⵔ \d+", "fr": r"en général \d+ à \d+"}
BUTTONS = """() => [...document.querySelectorAll("button")].filter((one) => one.checkVisibility()).map((one) => {
  const box = one.getBoundingClientRect();
  return [box.top, Math.min(box.width, box.height)];
})"""


def each_way(page: Page) -> Iterator[tuple[str, list[str], tuple[int, int], str]]:
    """Every language, mode, size and step of one kiosk; a new person begins each walk."""
    for size, modes, language in itertools.product(SIZES, MODES, ("ar", "zgh", "fr")):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.reload()
        page.clock.run_for(1000)
        expect(page.locator(".choice").first).to_be_visible()
        for mode in modes:
            page.locator(f"[data-mode={mode}]").click()
        for step in STEPS:
            if step:
                page.locator(step.format(language=language)).first.click()
            if step == ".reason":
                expect(page.locator("[data-ticket]")).to_be_visible()
            page.clock.run_for(400)
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


def test_cards_tell_the_wait_with_its_range_and_are_seen_whole_with_it(kiosk: Kiosk, hall: Running) -> None:
    hall.unlimited()
    told_waits(hall)
    page = kiosk(clock=True)
    for size, modes, (language, words) in itertools.product(SIZES, MODES, RANGES.items()):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.reload()
        page.clock.run_for(1000)
        expect(page.locator(".choice").first).to_be_visible()
        for mode in modes:
            page.locator(f"[data-mode={mode}]").click()
        page.locator(f".choice[lang={language}]").click()
        page.clock.run_for(400)
        where = (size, modes, language)
        assert re.search(words, page.locator("[data-service=etat-civil] [data-estimate]").inner_text()), where
        assert page.locator(".edge, .pager").count() == 0, where
        assert not page.evaluate(CUT), where


def test_its_page_holds_no_more_after_many_tickets_than_after_a_few(kiosk: Kiosk, hall: Running) -> None:
    hall.unlimited()
    page = kiosk(clock=True)
    session = page.context.new_cdp_session(page)
    take_tickets(page, 4)
    few = held(session)
    take_tickets(page, 16)
    many = held(session)
    assert many.nodes <= few.nodes + SLACK_NODES, (few, many)
    assert many.listeners <= few.listeners, (few, many)


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


def hours(hall: Running, **data: object) -> None:
    """The hall keeps hours; written before the server starts."""
    db = open_store(hall.folder / "unit.db")
    with transaction(db):
        store.put(db.conn, from_data({"kept": True, **data}))
    db.close()


DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_outside_its_hours_it_says_when_it_opens_and_gives_tickets_again_by_itself(
    kiosk: Kiosk, hall: Running, language: str
) -> None:
    today = datetime.now(ZoneInfo("Africa/Casablanca")).weekday()
    hours(hall, week={DAYS[(today + 1) % 7]: "08:30-12:00"})
    hall.start()
    page = kiosk(seen=".closed")
    closed = page.locator(f".closed[lang={language}]")
    expect(closed).to_contain_text("08:30")
    closed.locator("button").click()
    settled(page)
    page.locator("[data-service=legalisation]").click()
    expect(page.locator(".before__closed")).to_contain_text("08:30")
    expect(page.locator("[data-priority]")).to_have_count(0)
    form = {"part": "week", "revision": "2", "kept": "on", **dict.fromkeys(DAYS, "00:00-24:00")}
    headers = {"Authorization": f"Bearer {hall.token('manager', 'm')}"}
    answer = requests.post(f"{hall.url}/manager/hours", data=form, headers=headers, timeout=10, allow_redirects=False)
    assert answer.status_code == 303
    page.locator("[data-take]").click()
    expect(page.locator("[data-ticket]")).to_have_text("B001")


DRAWN_WHEN_FULL = """async () => {
  const kiosk = document.querySelector('script[type=module][src*="kiosk.js"]').src;
  const { beforeView } = await import(kiosk.replace("kiosk.js", "before.js"));
  const { render } = await import(new URL("../vendor/lit-html.js", kiosk));
  const full = { id: "x", name: { fr: "X" }, icon: "other", open: false, closed_because: "full", opens_at: null };
  const seen = (open_to_priority, priorities) => {
    const box = document.createElement("div");
    const snapshot = { services: [{ ...full, open_to_priority }] };
    render(beforeView({ lang: "fr", service: "x", offers: { priorities }, actions: {}, snapshot }), box);
    return ["take", "priority"].map((name) => box.querySelectorAll(`[data-${name}]`).length);
  };
  return [seen(true, [{ id: "elderly" }]), seen(false, [{ id: "elderly" }]), seen(true, [])];
}"""


def test_when_it_is_full_only_those_with_a_priority_may_take_a_ticket(kiosk: Kiosk) -> None:
    assert kiosk().evaluate(DRAWN_WHEN_FULL) == [[0, 1], [0, 0], [0, 0]]


def test_without_its_server_it_says_so_and_what_is_told_of_a_service_follows_the_manager(kiosk: Kiosk, hall: Running) -> None:
    page = kiosk()
    db = open_store(hall.folder / "unit.db")
    with transaction(db):
        information.save(db.conn, "residence", Information(sentence={"fr": "Une phrase nouvelle."}))
    assert setup.name_in({"fr": "Une phrase nouvelle."}, "zgh") == "Une phrase nouvelle."
    db.close()
    page.locator("[data-beside=information]").click()
    settled(page)
    with page.expect_response("**/kiosk/offers.json"):
        page.locator("[data-reset]").click()
    settled(page)
    page.locator(".choice[lang=fr]").click()
    expect(page.locator("[data-service=residence]")).to_contain_text("Une phrase nouvelle.")
    hall.kill()
    expect(page.locator(".curtain")).to_be_visible(timeout=12_000)
