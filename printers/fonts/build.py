"""Makes istiqbal-slip.ttf: one bold face for Arabic, Latin and Tifinagh, from Debian's Noto fonts.

    python printers/fonts/build.py [FOLDER_WITH_NOTO_FONTS]

Needs fonttools and skia-pathops, and Debian's fonts-noto-core. One face for all scripts lets a whole
line be shaped in one go; cutting a line into runs by script puts words in the wrong order.
"""

# mypy: disable-error-code="import-untyped,import-not-found"

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pathops
from fontTools.merge import Merger
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FAMILY = "Istiqbal Slip"
VERSION = "Version 1.000"
NOTO = Path("/usr/share/fonts/truetype/noto")

LATIN = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),  # Latin-1 and Latin Extended-A: French, and names of other Europeans
    *(0x218, 0x219, 0x21A, 0x21B, 0x02BC, 0x1E92, 0x1E93, 0x1E0D, 0x1E25, 0x1E5B, 0x1E63, 0x1E6D),
    *range(0x0300, 0x030D),
    *range(0x2010, 0x2027),
    *(0x2030, 0x2039, 0x203A, 0x2044, 0x20AC, 0x2116, 0x2122, 0x2190, 0x2191, 0x2192, 0x2193),
    *(0x2212, 0x2260, 0x2264, 0x2265, 0x25A0, 0x25A1, 0x25CB, 0x25CF, 0x2713),
    *(0x202F, 0x2009),
)
ARABIC = (
    *range(0x0600, 0x0700),
    *range(0x0750, 0x0780),  # letters of Moroccan spelling (ڭ is in the first block, ݣ here)
    *range(0xFD3E, 0xFD40),
    0xFDFD,
    0xFDFA,
    0x200C,
    0x200D,
    0x200E,
    0x200F,
)
TIFINAGH = (*range(0x2D30, 0x2D80),)
#: Half the ink added around a Tifinagh letter, in font units of 1/1000 em: Noto has no bold Tifinagh, and
#: stems of 92 + 2 × 25 come close to the 145 of Noto Sans Bold.
EXTRA_INK = 25


def main() -> None:
    """Writes the font and the list of what it covers beside this file."""
    noto = Path(sys.argv[1]) if len(sys.argv) > 1 else NOTO
    target = Path(__file__).with_name("istiqbal-slip.ttf")
    parts = [
        _subset(noto / "NotoSans-Bold.ttf", LATIN, ("kern", "mark", "mkmk", "ccmp", "locl")),
        _subset(noto / "NotoSansArabic-Bold.ttf", ARABIC, ("*",)),
        _embolden(_subset(noto / "NotoSansTifinagh-Regular.ttf", TIFINAGH, ("*",))),
    ]
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, part in enumerate(parts):
            path = Path(folder) / f"{number}.ttf"
            part.save(path)
            paths.append(str(path))
        merged = Merger().merge(paths)
    _name(merged)
    merged.save(target)
    target.with_suffix(".txt").write_text(_ranges(sorted(merged.getBestCmap())), encoding="ascii")
    print(f"{target.name}: {target.stat().st_size} bytes, {len(merged.getBestCmap())} characters")


def _subset(path: Path, characters: tuple[int, ...], features: tuple[str, ...]) -> TTFont:
    """The glyphs of these characters with the shaping rules they need; no hints, which 203 dpi spoils."""
    options = Options()
    options.hinting = False
    options.layout_features = list(features)
    options.notdef_outline = True
    options.glyph_names = False
    font = TTFont(path)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    return font


def _embolden(font: TTFont) -> TTFont:
    """The same letters with `EXTRA_INK` all around and room for it."""
    glyphs, metrics = font.getGlyphSet(), font["hmtx"]
    drawn = {}
    for name in font.getGlyphOrder():
        path = pathops.Path()
        glyphs[name].draw(path.getPen(glyphSet=glyphs))
        outline = pathops.Path(path)
        outline.stroke(2 * EXTRA_INK, pathops.LineCap.BUTT_CAP, pathops.LineJoin.MITER_JOIN, 4)
        outline.convertConicsToQuads()
        thick = pathops.op(path, outline, pathops.PathOp.UNION, fix_winding=True)
        pen = TTGlyphPen(None)
        thick.draw(pen)
        drawn[name] = pen.glyph(dropImpliedOnCurves=False, round=lambda value: round(value))
    for name, glyph in drawn.items():
        if name == ".notdef":
            continue
        font["glyf"][name] = glyph
        glyph.recalcBounds(font["glyf"])
        width, _ = metrics[name]
        left = getattr(glyph, "xMin", 0) + EXTRA_INK if width else 0
        if width and glyph.numberOfContours > 0:
            glyph.coordinates.translate((EXTRA_INK, 0))
        glyph.recalcBounds(font["glyf"])
        metrics[name] = (width + 2 * EXTRA_INK if width else 0, left)
    return font


def _ranges(characters: list[int]) -> str:
    """Code points as ranges, one a line: what the program needs to know of the font without opening it."""
    lines: list[list[int]] = []
    for character in characters:
        if lines and lines[-1][1] == character - 1:
            lines[-1][1] = character
        else:
            lines.append([character, character])
    return "".join(f"{first:04X} {last:04X}\n" for first, last in lines)


def _name(font: TTFont) -> None:
    """A name of its own: a changed Noto font is not called Noto."""
    names = font["name"]
    copyright_line = "Copyright 2015-2020 Google LLC. Glyphs from Noto Sans, Noto Sans Arabic and Noto Sans Tifinagh."
    names.names = []
    for identifier, text in {
        0: copyright_line,
        1: FAMILY,
        2: "Bold",
        3: f"{FAMILY} Bold; {VERSION}",
        4: f"{FAMILY} Bold",
        5: VERSION,
        6: "IstiqbalSlip-Bold",
        13: "This Font Software is licensed under the SIL Open Font License, Version 1.1.",
        14: "https://openfontlicense.org",
    }.items():
        names.setName(text, identifier, 3, 1, 0x409)


if __name__ == "__main__":
    main()
