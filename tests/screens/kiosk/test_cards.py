"""A service's card: it tells what the ticket will, its facts stand in lines, and cards beside each other share their lines."""

from __future__ import annotations

import itertools
import re

import pytest
from playwright.sync_api import Page, expect

from server import information, setup
from server.information import Information
from server.store import open_store, transaction
from tests.running import Running
from tests.screens.evidence import told_waits
from tests.screens.kiosk.opened import Kiosk, settled
from tests.screens.kiosk.test_room import CUT, MODES, SIZES, many, next_person

LANGUAGES = ("ar", "zgh", "fr")
ROWS = """() => {
  const top = (one) => one.getBoundingClientRect().top;
  const rows = Object.values(Object.groupBy(document.querySelectorAll(".service"), top));
  const parts = [".service__name", ".service__prefix", ".service__foot", ".service__queue"];
  return rows.map((row) => parts.map((part) => [...new Set(row.map((one) => Math.round(top(one.querySelector(part)))))]));
}"""
"""Of each row of cards: at which heights the names, the letters, the feet and the queues begin."""
NOT_FLUSH = """() => [...document.querySelectorAll(".service__foot, .service__parts")].filter((lines) => {
  const start = document.documentElement.dir === "rtl" ? "right" : "left";
  const [first, ...rest] = [...lines.children].map((one) => one.getBoundingClientRect());
  return rest.some((one) => one.top >= first.bottom - 2 && Math.abs(one[start] - first[start]) > 1);
}).map((one) => one.innerText)"""
"""Feet and waits of which a part that stands below the first does not begin where the first does."""
HANGING = """() => [...document.querySelectorAll(".service__foot *")].filter(
  (one) => getComputedStyle(one, "::after").content !== "none"
).length"""


PAGES = """() => Number(document.querySelector("[data-pages]")?.dataset.pages ?? 1)"""


def written(hall: Running, statement: str, *values: str) -> None:
    """Straight into the database, before the server starts."""
    db = open_store(hall.folder / "unit.db")
    with transaction(db):
        db.conn.execute(statement, values)
    db.close()


@pytest.fixture
def page(kiosk: Kiosk, hall: Running) -> Page:
    hall.unlimited()
    told_waits(hall)
    return kiosk(clock=True)


def test_cards_beside_each_other_share_their_lines_and_their_facts_begin_at_one_edge(page: Page) -> None:
    for size, modes, language in itertools.product(SIZES, MODES, LANGUAGES):
        next_person(page, size, modes)
        page.locator(f".choice[lang={language}]").click()
        page.clock.run_for(400)
        where = (size, modes, language)
        rows = page.evaluate(ROWS)
        assert len(rows) > 1, where
        assert all(len(heights) == 1 for row in rows for heights in row), (where, rows)
        assert page.evaluate(NOT_FLUSH) == [], where
        assert page.evaluate(HANGING) == 0, where


def test_long_names_make_as_many_pages_in_each_language(kiosk: Kiosk, hall: Running) -> None:
    many(hall, 20, headings=False)
    written(hall, "UPDATE services SET name = json_set(name, '$.zgh', ?)", "ⴰⵙⵖⵏ ⵏ ⵓⵣⵎⵣ ⴷ ⵓⵙⵖⵏ " * 4)
    page = kiosk(clock=True)
    for size, modes in itertools.product(SIZES, ([], ["strong"])):
        pages = set()
        for language in LANGUAGES:
            next_person(page, size, modes)
            page.locator(f".choice[lang={language}]").click()
            page.clock.run_for(400)
            pages.add(page.evaluate(PAGES))
        assert len(pages) == 1, (size, modes, pages)


def test_sentences_are_left_out_before_cards_are_put_on_another_page(kiosk: Kiosk, hall: Running) -> None:
    db = open_store(hall.folder / "unit.db")
    with transaction(db):
        for one in setup.services(db.conn):
            information.save(db.conn, one.id, Information(sentence=dict.fromkeys(LANGUAGES, "Une phrase qui en dit long. " * 12)))
    db.close()
    page = kiosk(clock=True)
    for language in LANGUAGES:
        next_person(page, (1366, 900), [])
        page.locator(f".choice[lang={language}]").click()
        page.clock.run_for(400)
        assert page.locator(".service").count() == 6
        assert page.evaluate(PAGES) == 1
        expect(page.locator(".service__sentence").first).to_be_hidden()
        assert not page.evaluate(CUT)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ticket_tells_the_people_and_the_wait_that_the_card_told(kiosk: Kiosk, hall: Running, language: str) -> None:
    told_waits(hall)
    page = kiosk()
    for service, before in (("legalisation", 3), ("etat-civil", 4), ("residence", 5)):
        page.locator(f".choice[lang={language}]").click()
        settled(page)
        card = page.locator(f"[data-service={service}]")
        expect(card.locator(".service__queue")).to_contain_text(re.compile(rf"\b{before}\b"))
        people = card.locator(".service__queue").inner_text()
        waits = [part for part in card.locator(".service__parts > span").all_inner_texts() if part]
        card.click()
        settled(page)
        page.locator("[data-take]").click()
        expect(page.locator("[data-ticket]")).to_be_visible()
        facts = page.locator(".slip__facts").inner_text()
        assert people.split() == page.locator(".slip__facts > div").nth(0).inner_text().split()
        assert len(waits) == 2
        assert all(part in facts for part in waits), (waits, facts)
        settled(page)
        page.locator("[data-reset]").first.click()
