"""Fields of the manager's forms: those side by side stand on one line, whatever their language and kind."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.running import Running

PASSWORD = "a good password"
FORMS = ("today", "estimates", "hours", "media", "displays", "setup/services/edit?id=etat-civil", "setup/counters")
UNEVEN = """() => {
  const shown = [...document.querySelectorAll(".field__input")].filter((one) => one.checkVisibility());
  const edges = shown.map((one) => [one.name, one.getBoundingClientRect(), one.closest(".field")?.parentElement]);
  const apart = (a, b) => a.right <= b.left || b.right <= a.left;
  const beside = ([, a, row], [, b, other]) => row && row === other && a.top < b.bottom && b.top < a.bottom && apart(a, b);
  const even = ([, a], [, b]) => Math.abs(a.top - b.top) < 0.5 && Math.abs(a.height - b.height) < 0.5;
  const pairs = edges.flatMap((one, place) => edges.slice(place + 1).map((other) => [one, other]));
  const rows = pairs.filter(([one, other]) => beside(one, other));
  return [rows.length, rows.filter((pair) => !even(...pair)).map(([one, other]) => `${one[0]} | ${other[0]}`)];
}"""
"""How many fields have another one beside them, and which of these stand unevenly."""


@pytest.fixture
def hall(running: Running) -> Running:
    running.person("brahim", "manager")
    running.start()
    return running


@pytest.mark.parametrize("language", ["ar", "zgh", "fr"])
def test_fields_side_by_side_are_of_one_height_and_on_one_line(hall: Running, screen: Callable[..., Page], language: str) -> None:
    page = screen(f"/sign-in?next=/manager/setup&lang={language}")
    page.locator("[name=login]").fill("brahim")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    expect(page.locator(".manager__nav, nav").first).to_be_visible()
    pairs = 0
    for form in FORMS:
        page.goto(f"{hall.url}/manager/{form}")
        found, uneven = page.evaluate(UNEVEN)
        assert uneven == [], form
        pairs += found
    assert pairs > 20


def test_a_switch_looks_like_one_and_ends_at_the_side_where_it_is_on(hall: Running, screen: Callable[..., Page]) -> None:
    """What a ticket says: a knob on a pill, not a tick; switched off, the knob stands where reading begins."""
    page = screen("/sign-in?next=/manager/tickets&lang=ar")
    page.locator("[name=login]").fill("brahim")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    switch = page.locator(".switch input").first
    expect(switch).to_be_checked()
    page.wait_for_load_state()  # its style is there, too
    look = """(one) => {
      const [own, knob] = [getComputedStyle(one), getComputedStyle(one, "::before")];
      return [own.appearance, one.offsetWidth, one.offsetHeight, knob.marginInlineStart !== "0px", own.backgroundColor];
    }"""
    on = switch.evaluate(look)
    switch.uncheck()
    page.wait_for_function(
        "(ground) => getComputedStyle(document.querySelector('.switch input')).backgroundColor !== ground", arg=on[4]
    )
    off = switch.evaluate(look)
    assert on[:4] == ["none", 44, 24, True]
    assert off[:4] == ["none", 44, 24, False]


def test_no_list_ends_with_a_rule_beside_the_one_that_follows(hall: Running, screen: Callable[..., Page]) -> None:
    page = screen("/sign-in?next=/manager/hours&lang=fr")
    page.locator("[name=login]").fill("brahim")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    rules = "(what) => [...document.querySelectorAll(what)].map((one) => getComputedStyle(one).borderBlockEndWidth)"
    page.locator("[name=priorities]").uncheck()
    with page.expect_navigation():
        page.locator("#closing button").click()
    for path, lasts in (
        ("hours", ".hours__list li:last-child"),
        ("setup/changes", ".change:last-child, .change__fields tr:last-child > *"),
        ("people", ".access__row:last-child"),
    ):
        page.goto(f"{hall.url}/manager/{path}")
        seen = page.evaluate(rules, lasts)
        assert seen
        assert set(seen) == {"0px"}, path
