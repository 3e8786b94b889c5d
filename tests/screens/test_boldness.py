"""Amazigh letters are bold where the others are: by the weight that an element has, and by the ink on the page."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.running import Running
from tests.screens.counter.keys import Screen

WORD = {"zgh": "ⵜⴰⵎⴰⵣⵉⵖⵜ", "ar": "العربية", "fr": "Français"}


@pytest.fixture
def hall(running: Running) -> Iterator[Running]:
    running.start()
    yield running
    running.kill()


def ink(page: Page, word: str, weight: int) -> float:
    """How dark a word of this weight is drawn, in dots that are wholly black."""
    page.evaluate(
        """([word, weight]) => {
          const drawn = document.createElement("p");
          Object.assign(drawn.style, { color: "#000", background: "#fff", font: `${weight} 48px var(--font)`, inlineSize: "12em" });
          drawn.textContent = word;
          document.body.replaceChildren(drawn);
          return document.fonts.ready;
        }""",
        [word, weight],
    )
    page.wait_for_function("document.fonts.status === 'loaded'")
    picture = Image.open(io.BytesIO(page.locator("p").screenshot())).convert("L")
    return sum(255 - dot for dot in picture.tobytes()) / 255


@pytest.mark.parametrize("language", WORD)
def test_a_bold_word_has_more_ink_in_each_script(screen: Screen, language: str) -> None:
    page = screen("/sign-in")
    assert ink(page, WORD[language], 700) > 1.15 * ink(page, WORD[language], 400)


def test_latin_letters_are_bold_by_their_own_design_alone(screen: Screen) -> None:
    """What thickens Tifinagh thickens nothing that has a bold of its own."""
    page = screen("/sign-in")
    synthesised = ink(page, WORD["fr"], 700)
    page.evaluate("() => { document.documentElement.style.fontSynthesis = 'none' }")
    assert ink(page, WORD["fr"], 700) == pytest.approx(synthesised, rel=0.01)
