"""The letters of a report on paper: bold in each script where the page has them so."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pypdf
import pytest
from fontTools.pens.areaPen import AreaPen
from fontTools.ttLib import TTFont

from server import reports
from server.reports.writing import pdf
from server.reports.writing.document import Document, Section

DAY = reports.Period(date(2026, 11, 23), date(2026, 11, 23))
LETTERS = [chr(letter) for letter in range(0x2D30, 0x2D68)]


@pytest.fixture
def areas() -> Callable[[str], dict[str, float]]:
    """How much ink each Tifinagh letter has in a face, in units of the font."""

    def measured(face: str) -> dict[str, float]:
        font = TTFont(Path(str(pdf.FONTS)) / f"{face}.woff2")
        glyphs, names = font.getGlyphSet(), font.getBestCmap()
        found = {}
        for letter in LETTERS:
            pen = AreaPen(glyphs)
            glyphs[names[ord(letter)]].draw(pen)
            found[letter] = abs(pen.value)
        return found

    return measured


def test_every_tifinagh_letter_has_more_ink_in_the_bold_face(areas: Callable[[str], dict[str, float]]) -> None:
    regular, bold = areas("istiqbal-tifinagh"), areas("istiqbal-tifinagh-bold")
    assert [letter for letter in LETTERS if bold[letter] < 1.2 * regular[letter]] == []


def test_a_title_in_amazigh_is_set_in_the_bold_face() -> None:
    made = pdf.pages(Document("zgh", "ⵜⴰⵙⵇⵇⴰⵎⵓⵜ", "ⴰⵙⵙⴼⵔⵓ", DAY, [Section("ⵜⴰⵏⴰⴼⵓⵜ", (), [], [], [], [])]))
    fonts = pypdf.PdfReader(io.BytesIO(made)).pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    names = " ".join(str(font.get_object()["/BaseFont"]) for font in fonts.values())
    assert "tifinagh-Bold" in names
