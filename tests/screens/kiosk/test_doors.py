"""When there is no ticket to have: outside the hours, in a full hall, without the server."""

from __future__ import annotations

import itertools
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import requests
from playwright.sync_api import expect

from server.opening import store
from server.opening.writing import from_data
from server.store import open_store, transaction
from tests.running import Running
from tests.screens.kiosk.opened import Kiosk, settled
from tests.screens.kiosk.test_room import MODES, SIZES


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
    page.locator(f".closed__ways [lang={language}]").click()
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


OUTSIDE = """() => [...document.querySelectorAll(".kiosk__body *")].filter((one) => one.checkVisibility()).filter((one) => {
  const [part, body] = [one, document.querySelector(".kiosk__body")].map((box) => box.getBoundingClientRect());
  return part.top < body.top || part.bottom > body.bottom + 1;
}).map((one) => one.className)"""
"""What is not seen whole between head and foot."""


@pytest.mark.parametrize("kept", [True, False])
def test_in_every_mode_a_closed_kiosk_is_seen_whole_with_its_holiday_and_its_next_opening(
    kiosk: Kiosk, hall: Running, kept: bool
) -> None:
    today = datetime.now(ZoneInfo("Africa/Casablanca"))
    week = {DAYS[(today.weekday() + 1) % 7]: "08:30-12:00"} if kept else {}
    hours(hall, week=week, days=[{"day": today.date().isoformat(), "name": FEAST, "hours": ""}] if kept else [])
    hall.start()
    page = kiosk(seen=".closed")
    for (width, height), modes in itertools.product(SIZES, MODES):
        page.set_viewport_size({"width": width, "height": height})
        page.reload()
        expect(page.locator(".closed")).to_have_count(3)
        for mode in modes:
            page.locator(f"[data-mode={mode}]").click()
        expect(page.locator(".edge")).to_have_count(0)
        assert page.evaluate(OUTSIDE) == [], (width, height, modes)
        if kept:
            expect(page.locator(".closed[lang=fr]")).to_contain_text("08:30")
            expect(page.locator(".closed[lang=fr] [data-special]")).to_be_visible()


FEAST = {"ar": "عيد العرش", "zgh": "ⵜⴰⴼⴰⵙⴽⴰ ⵏ ⵓⴽⵓⵔⵙⵉ", "fr": "Fête du Trône"}


def test_on_a_holiday_it_says_why_it_is_closed_in_every_language(kiosk: Kiosk, hall: Running) -> None:
    today = datetime.now(ZoneInfo("Africa/Casablanca")).date().isoformat()
    hours(hall, week=dict.fromkeys(DAYS, "00:00-24:00"), days=[{"day": today, "name": FEAST, "hours": ""}])
    hall.start()
    page = kiosk(seen=".closed")
    for language, name in FEAST.items():
        expect(page.locator(f".closed[lang={language}] [data-special]")).to_contain_text(name)
    page.locator(".closed__ways [lang=fr]").click()
    settled(page)
    page.locator("[data-service=legalisation]").click()
    expect(page.locator(".before__closed [data-special]")).to_have_text("Fermé aujourd’hui : Fête du Trône")


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


def test_without_its_server_it_says_so(kiosk: Kiosk, hall: Running) -> None:
    page = kiosk()
    hall.kill()
    expect(page.locator(".curtain")).to_be_visible(timeout=12_000)
