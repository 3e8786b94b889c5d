"""What the clerk's screen knows of the visitor at the counter, and of those who come back."""

from __future__ import annotations

import json
import re
import sqlite3

import pytest
from playwright.sync_api import Page, expect

from tests.running import Running
from tests.screens.counter.keys import Arrive, Screen, ask, at_counter, here, nobody_here, press


def told(hall: Running, sql: str) -> str:
    """Write into the running unit's tables, or read one value from them."""
    with sqlite3.connect(hall.folder / "unit.db") as conn:
        row = conn.execute(sql).fetchone()
    return str(row[0]) if row else ""


def fact(page: Page, name: str) -> str:
    return page.locator(".facts > div", has_text=name).locator("dd").inner_text()


def seconds(stopwatch: str) -> int:
    minutes, rest = re.fullmatch(r"(\d+):(\d\d)", stopwatch).groups()  # type: ignore[union-attr]
    return 60 * int(minutes) + int(rest)


def test_documents_the_wait_and_the_running_time_stand_at_the_visitor(hall: Running, screen: Screen, arrive: Arrive) -> None:
    """A wait of 12 min 34 s, and a service that began ten minutes ago: both are put into the tables, for no test waits so long."""
    papers = [one["fr"] for one in json.loads(told(hall, "SELECT documents FROM services WHERE id = 'etat-civil'"))]
    assert papers
    arrive()
    page = at_counter(screen, "salma", 1, "fr")
    press(page, "o")
    press(page, "n")
    here(page, "A001")
    expect(page.locator("[data-papers] li")).to_have_text(papers)

    told(hall, "UPDATE legs SET joined_steady = called_steady - 754500")
    press(page, "r")
    expect(page.locator(".facts > div", has_text="A attendu").locator("dd")).to_have_text("12:34")

    press(page, "s")
    here(page, "A001", "serving")
    told(hall, "UPDATE legs SET serving_steady = serving_steady - 600000")
    arrive()
    expect(page.locator("[data-waiting]")).to_have_text("1")
    running = page.locator(".facts__running dd")
    expect(running).to_have_text(re.compile(r"1\d:\d\d"))
    before = seconds(running.inner_text())
    expect(running).not_to_have_text(running.inner_text())
    assert 600 <= before < seconds(running.inner_text())
    expect(page.locator("[data-papers] li")).to_have_text(papers)


def test_who_was_put_aside_is_called_at_once_with_one_key_and_the_reason_is_shown(
    hall: Running, screen: Screen, arrive: Arrive
) -> None:
    """Among those who wait and those who were absent, the clerk finds who is back by the number, and asks nobody why."""
    for _ in range(3):
        arrive()
    page = at_counter(screen, "salma", 1)
    for key in "ons":
        press(page, key)
    here(page, "A001", "serving")
    ask(page, "k")
    page.keyboard.type("the photo is missing")
    page.keyboard.press("Enter")
    nobody_here(page)
    press(page, "n")
    press(page, "x")
    nobody_here(page)
    expect(page.locator(".queue--aside .queue__row").first).to_contain_text("the photo is missing")

    ask(page, "i")
    expect(page.locator("dialog .option__label")).to_have_text(["A001"])
    expect(page.locator("dialog .option__small")).to_contain_text("the photo is missing")
    page.keyboard.type("001")
    page.keyboard.press("Enter")
    here(page, "A001")
    expect(page.locator("[data-park-reason]")).to_contain_text("the photo is missing")
    assert told(hall, "SELECT rule FROM legs JOIN visits USING (visit, leg) WHERE ticket = 'A001'") == "taken-up"


def test_the_buttons_beside_who_is_aside_call_or_put_back(hall: Running, screen: Screen, arrive: Arrive) -> None:
    for _ in range(2):
        arrive()
    page = at_counter(screen, "salma", 1)
    for key in "on":
        press(page, key)
    ask(page, "k")
    page.keyboard.press("1")
    nobody_here(page)
    press(page, "n")
    press(page, "x")
    expect(page.locator("[data-up]")).to_have_count(1)
    expect(page.locator("[data-back]")).to_have_count(2)
    page.locator("[data-up=A001]").click()
    here(page, "A001")
    expect(page.locator("[data-back=A002]")).to_be_enabled()


@pytest.mark.parametrize(("key", "series"), [("t", "B"), ("k", "A")])
def test_the_clerk_is_told_the_number_of_who_came_without_a_ticket(
    hall: Running, screen: Screen, arrive: Arrive, key: str, series: str
) -> None:
    """Sent on or put aside, they get a number of the service they wait for; the next clerk calls it."""
    arrive("legalisation")
    page, other = at_counter(screen, "salma", 1), at_counter(screen, "idir", 2)
    press(page, "o")
    ask(page, "d")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator(".current--serving .current__number--none")).to_be_visible()
    ask(page, key)
    page.keyboard.press("1")
    if key == "t":
        page.keyboard.press("Enter")
    number = f"{series}00{2 if key == 't' else 1}"
    expect(page.locator(".current__empty [data-given]")).to_have_text(number)
    press(page, "n")
    here(page, "B001")
    expect(page.locator(".current__foot [data-given]")).to_have_text(number)

    press(other, "o")
    if key == "t":
        press(other, "n")
    else:
        ask(other, "i")
        other.keyboard.press("Enter")
    here(other, number)


@pytest.mark.parametrize("language", ["ar", "zgh", "fr"])
def test_note_reason_and_documents_of_a_visitor_with_priority_are_seen_whole_on_a_small_screen(
    hall: Running, screen: Screen, arrive: Arrive, language: str
) -> None:
    clerk = hall.token("clerk", "program")
    order = {"service": "legalisation", "language": "fr", "priority": "elderly"}
    visit = hall.post(hall.token("kiosk", "kiosk-1"), "/tickets", order).json()["visit"]
    for path, body in (
        ("open", None),
        ("call-next", None),
        ("transfer", {"counter": 3, "note": "Vient pour sa mère, rappeler le dossier 1174"}),
        ("call-next", None),
        ("park", {"reason": "نسخة من عقد الازدياد"}),
    ):
        assert hall.post(clerk, f"/counters/3/{path}", body).status_code == 200
    page = at_counter(screen, "salma", 1, language)
    page.set_viewport_size({"width": 1280, "height": 720})
    press(page, "o")
    press(page, "i")
    expect(page.locator("dialog")).to_be_visible()
    page.keyboard.press("Enter")
    here(page, "B001")
    assert told(hall, "SELECT visit FROM visits") == visit
    for part in (".current__more", ".current", "#app"):
        assert page.locator(part).evaluate("one => one.scrollHeight <= one.clientHeight + 1"), part
    title, tools = (page.locator(part).bounding_box() for part in (".desk__title", ".desk__tools"))
    assert title
    assert tools
    assert abs(title["y"] + title["height"] / 2 - tools["y"] - tools["height"] / 2) < 4, "the tools stand beside the number"
