"""The sentence of the estimate stands on the ticket's picture, in each language as its letters are joined and ordered."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from printers import shaping
from printers.compose import FACT
from printers.drawing import preview
from printers.slip import Direction
from server import setup
from server.printing.slips import slip_of
from server.setup.slip import SlipChoices
from server.unit import Unit
from server.visits import Order
from server.web.language import LANGUAGES, in_language
from tests.conftest import KIOSK, ToldClock
from tests.server.estimates.test_estimates import a_morning


def ticket(unit: Unit, language: str) -> tuple[Image.Image, str | None]:
    """The picture of a ticket just taken, and the line of its estimate."""
    unit.visits.issue(Order("etat-civil", language, printer="hall-1"), KIOSK)
    with unit.reading() as conn:
        (text,) = conn.execute("SELECT payload FROM deliveries WHERE kind = 'print' ORDER BY id DESC LIMIT 1").fetchone()
        service = setup.service(conn, "etat-civil")
    slip = slip_of(json.loads(text), service, unit.settings, SlipChoices())
    label = in_language(language, "Estimated wait")
    line = next((f"{one} {value}" for one, value in slip.facts if one.startswith(label)), None)
    return preview(slip), line


def shows(picture: Image.Image, line: str, language: str) -> bool:
    """Whether every part of the line is found in the picture, dot for dot, about its middle."""
    direction: Direction = LANGUAGES[language].direction
    fitted = shaping.fit(line, FACT.size, FACT.smallest, picture.width, FACT.most_lines, direction, language)
    paper = np.asarray(picture.convert("L")) < 128
    return all(_found(paper, np.asarray(shaping.ink(part, fitted.size, direction, language).image)) for part in fitted.lines)


def _found(paper: np.ndarray, ink: np.ndarray) -> bool:
    high, wide = ink.shape
    middle = (paper.shape[1] - wide) // 2
    places = ((top, left) for top in range(paper.shape[0] - high + 1) for left in range(max(0, middle - 8), middle + 9))
    return any(np.array_equal(paper[top : top + high, left : left + wide], ink) for top, left in places)


@pytest.mark.parametrize("language", ["ar", "zgh", "fr"])
def test_the_estimate_is_on_the_picture_of_the_ticket(unit: Unit, clock: ToldClock, language: str) -> None:
    before, nothing = ticket(unit, language)
    assert nothing is None, "too little evidence yet"
    a_morning(unit, clock)
    picture, line = ticket(unit, language)
    assert line is not None
    assert shows(picture, line, language)
    assert not shows(before, line, language)
    assert not shows(picture, line[::-1], language)
