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
