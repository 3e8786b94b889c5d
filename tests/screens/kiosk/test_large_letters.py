"""Large letters are larger letters: no text of the kiosk is smaller with them than without, upright or lying, lowered or not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.running import Running
from tests.screens.kiosk.opened import Kiosk
from tests.screens.kiosk.test_room import SIZES, STEPS, next_person
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
            yield f"{way[1]} {step}", page.evaluate(TEXTS)


@pytest.mark.parametrize(("size", "language"), [*zip(SIZES, ("ar", "zgh", "fr"), strict=True)])
def test_no_text_is_smaller_with_large_letters(kiosk: Kiosk, hall: Running, size: tuple[int, int], language: str) -> None:
    hall.unlimited()
    page = kiosk(clock=True)
    without = dict(sizes(page, size, [], language))
    for modes in (["strong"], ["strong", "low"]):
        for where, texts in sizes(page, size, modes, language):
            same = texts.keys() & without[where].keys()
            assert len(same) > 2, (modes, where)
            smaller = {text: (without[where][text], texts[text]) for text in same if texts[text] < without[where][text] - 0.05}
            assert smaller == {}, (modes, where)
