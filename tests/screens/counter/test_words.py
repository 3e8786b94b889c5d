"""What the clerk's screen says: one sentence for one thing, which can be done, in the room that there is."""

from __future__ import annotations

import sqlite3

import pytest
from playwright.sync_api import expect

from tests.running import Running
from tests.screens.counter.keys import Arrive, Screen, ask, at_counter, here, nobody_here, press

LINES = """(what) => [...document.querySelectorAll(what)].filter((one) => one.checkVisibility()).map((one) => {
  const text = document.createRange();
  text.selectNodeContents(one);
  const middles = [...text.getClientRects()].map((box) => box.top + box.height / 2).sort((a, b) => a - b);
  return [one.textContent.trim(), middles.at(-1) - middles[0] < 12];
})"""
"""Each of these things and whether it stands on one line."""


def test_a_reason_that_can_only_be_written_is_asked_for_as_such(hall: Running, screen: Screen, arrive: Arrive) -> None:
    """Nobody was called out of order before: there is no reason to choose from. To put aside there are some."""
    arrive()
    page = at_counter(screen, "salma", 1)
    press(page, "o")
    page.locator("[data-call]").first.click()
    expect(page.locator("dialog .dialog__ticket")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".dialog__missing")).to_have_text("Write a reason.")
    page.locator("dialog [data-text]").fill("can't stand")
    page.keyboard.press("Enter")
    here(page, "A001")
    ask(page, "k")
    page.keyboard.press("Enter")
    expect(page.locator(".dialog__missing")).to_have_text("Choose a reason or write one.")


def test_an_empty_list_is_told_in_one_sentence(hall: Running, screen: Screen, arrive: Arrive) -> None:
    arrive()
    page = at_counter(screen, "salma", 1)
    press(page, "o")
    ask(page, "g")
    expect(page.locator("dialog .dialog__hint")).to_be_visible()
    page.keyboard.type("9999")
    page.keyboard.press("Enter")
    expect(page.locator(".dialog__missing")).to_have_text("Nobody here has this number.")
    expect(page.locator("dialog .empty")).to_have_count(0)
    expect(page.locator("dialog .dialog__hint")).to_have_count(0)
    page.keyboard.press("Escape")
    press(page, "n")
    ask(page, "t")
    page.get_by_role("tab", name="A counter").click()
    expect(page.locator("dialog .empty")).to_have_text("There is nothing to choose here.")
    page.keyboard.press("Enter")
    expect(page.locator(".dialog__missing")).to_have_text("There is nothing to choose here.")
    expect(page.locator("dialog .empty")).to_have_count(0)


def test_another_counter_is_spoken_of_only_where_one_is_free(hall: Running, screen: Screen) -> None:
    page = at_counter(screen, "salma", 1)
    expect(page.locator("[data-action=open]")).to_be_enabled()
    other = hall.token("clerk", "program")
    with sqlite3.connect(hall.folder / "unit.db") as conn:
        counters = [id for (id,) in conn.execute("SELECT id FROM counters ORDER BY id")]
    for counter in counters[:-1]:
        assert hall.post(other, f"/counters/{counter}/open").status_code == 200
    expect(page.locator(".current__empty")).to_contain_text("Choose another one.")
    assert hall.post(other, f"/counters/{counters[-1]}/open").status_code == 200
    expect(page.locator(".current__empty")).to_contain_text("A manager can release one.")


@pytest.mark.parametrize("language", ["ar", "zgh", "fr"])
def test_the_list_s_heading_and_the_buttons_beside_headings_stand_on_one_line(
    hall: Running, screen: Screen, arrive: Arrive, language: str
) -> None:
    arrive()
    arrive()
    page = at_counter(screen, "salma", 1, language)
    page.set_viewport_size({"width": 1280, "height": 720})
    press(page, "o")
    press(page, "n")
    here(page, "A001")
    ask(page, "k")
    page.keyboard.press("1")
    nobody_here(page)
    expect(page.locator("[data-action=take-up]")).to_be_visible()
    seen = page.evaluate(LINES, ".list__head:not(.list__second) .card__title, .list__head button, .list__second .tool")
    assert len(seen) == 4
    assert [text for text, whole in seen if not whole] == []


def test_a_closed_or_paused_counter_says_so_in_large_letters(hall: Running, screen: Screen) -> None:
    page = at_counter(screen, "salma", 1)
    large = page.locator(".current__nobody")
    expect(large).to_have_text("Closed")
    press(page, "o")
    expect(large).to_have_text("No visitor at this counter")
    ask(page, "p")
    page.keyboard.press("1")
    expect(large).to_have_text("Paused")


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_lists_share_the_height_by_what_they_hold(hall: Running, screen: Screen, arrive: Arrive, language: str) -> None:
    """One waits and six are absent: all are seen. A crowd leaves each of the lists a half."""
    clerk = hall.token("clerk", "program")
    for _ in range(7):
        arrive()
    assert hall.post(clerk, "/counters/3/open").ok
    for _ in range(6):
        for path in ("call-next", "no-show"):
            assert hall.post(clerk, f"/counters/3/{path}").ok
    page = at_counter(screen, "salma", 1, language)
    page.set_viewport_size({"width": 1366, "height": 900})
    expect(page.locator("[data-aside]")).to_have_text("6")
    lists = page.locator(".queue")
    assert lists.evaluate_all("all => all.map((one) => one.scrollHeight - one.clientHeight)") == [0, 0]
    for _ in range(13):
        arrive()
    for _ in range(4):
        for path in ("call-next", "no-show"):
            assert hall.post(clerk, f"/counters/3/{path}").ok
    expect(page.locator("[data-aside]")).to_have_text("10")
    expect(page.locator("[data-waiting]")).to_have_text("10")
    waiting, aside = lists.evaluate_all("all => all.map((one) => one.clientHeight)")
    assert abs(waiting - aside) <= 1
