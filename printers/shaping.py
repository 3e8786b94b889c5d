"""Lines of text as ink: shaped by raqm with one font for all scripts, wrapped, shrunk, never cut.

An `Ink` is a 1-bit picture in which a set dot is ink, cropped to what is black.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, features

from printers.errors import ShapingMissing
from printers.slip import Direction
from printers.told import Says, told

FONT_FILE = Path(__file__).with_name("fonts") / "istiqbal-slip.ttf"
#: What the font covers: a range of code points a line, first and last, written with the font.
CHARACTERS_FILE = FONT_FILE.with_suffix(".txt")
#: Baseline and height of a line's box in parts of the font size: room for stacked Arabic marks and for descenders.
BASELINE, LINE_HEIGHT = 1.0, 1.36
#: Grey above which a dot is printed: letters are drawn smooth and then thresholded, never dithered.
_THRESHOLD = 112
_OPENING = ("«", "(", "“")
_TO_INK = [255 if grey >= _THRESHOLD else 0 for grey in range(256)]


@dataclass(frozen=True)
class Ink:
    """A cropped line: `image` (mode "1", 255 = ink) whose first row is `top` dots below the line box's top."""

    image: Image.Image
    top: int


@dataclass(frozen=True)
class Fitted:
    """A text laid out in lines at the font size (dots) at which it fits."""

    lines: tuple[str, ...]
    size: int


def check(has: Callable[[str], bool | None] = features.check) -> None:
    """Raises ShapingMissing where Arabic would come out reversed and unjoined."""
    if not has("raqm"):
        raise ShapingMissing(told(Says.NO_SHAPING))


@lru_cache(maxsize=64)
def font(size: int) -> ImageFont.FreeTypeFont:
    """The slip font at a size in dots."""
    return ImageFont.truetype(str(FONT_FILE), size, layout_engine=ImageFont.Layout.RAQM)


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    ranges = (line.split() for line in CHARACTERS_FILE.read_text(encoding="ascii").splitlines())
    return frozenset(code for first, last in ranges for code in range(int(first, 16), int(last, 16) + 1))


def covered(character: str) -> bool:
    """Whether the slip font can draw a character."""
    return ord(character) in _characters()


@lru_cache(maxsize=4096)
def width(text: str, size: int, direction: Direction, language: str) -> int:
    """Width of a shaped line in dots."""
    return math.ceil(font(size).getlength(text, direction=direction, language=language))


def line_height(size: int) -> int:
    """Height of a line's box in dots."""
    return round(size * LINE_HEIGHT)


@lru_cache(maxsize=512)
def ink(text: str, size: int, direction: Direction, language: str) -> Ink:
    """The shaped line, cropped to its ink; an empty picture (0 × 0) when nothing of it is black."""
    margin = size // 2
    grey = Image.new("L", (width(text, size, direction, language) + 2 * margin, 2 * size + margin), 0)
    place = (margin, margin + round(size * BASELINE))
    ImageDraw.Draw(grey).text(place, text, fill=255, font=font(size), direction=direction, language=language, anchor="ls")
    black = grey.point(_TO_INK, "1")
    box = black.getbbox()
    if box is None:
        return Ink(Image.new("1", (0, 0)), 0)
    return Ink(black.crop(box), box[1] - margin)


def fit(text: str, size: int, smallest: int, limit: int, most_lines: int, direction: Direction, language: str) -> Fitted:
    """The text in at most `most_lines` lines of `limit` dots: wrapped first, then shrunk down to `smallest`;
    what does not fit even then takes the lines that it needs."""
    for trial in range(size, smallest, -2):
        lines = wrap(text, trial, limit, direction, language)
        if len(lines) <= most_lines and all(width(line, trial, direction, language) <= limit for line in lines):
            return Fitted(lines, trial)
    lines = wrap(text, smallest, limit, direction, language)
    whole = tuple(part for line in lines for part in _broken(line, smallest, limit, direction, language))
    return Fitted(whole, smallest)


def wrap(text: str, size: int, limit: int, direction: Direction, language: str) -> tuple[str, ...]:
    """Lines of whole words, each within `limit` dots where its words allow, of about the same length."""
    lines = _greedy(text, size, limit, direction, language)
    if len(lines) < 2:
        return lines
    # A narrower limit with the same number of lines avoids a last line of one lonely word.
    total = width(text, size, direction, language)
    for percent in range(100, 200, 8):
        narrower = total * percent // (100 * len(lines))
        if narrower >= limit:
            break
        even = _greedy(text, size, narrower, direction, language)
        if len(even) == len(lines) and all(width(line, size, direction, language) <= limit for line in even):
            return even
    return lines


def words(text: str) -> tuple[str, ...]:
    """The parts of a text that a line may not break: a sign on its own (French " :", a dash, "»") stays with the
    word before it, "«" with the word after it."""
    parts: list[str] = []
    for word in text.split(" "):
        alone = not any(character.isalnum() for character in word)
        if parts and ((alone and word not in _OPENING) or parts[-1] in _OPENING):
            parts[-1] += " " + word
        else:
            parts.append(word)
    return tuple(parts)


def _greedy(text: str, size: int, limit: int, direction: Direction, language: str) -> tuple[str, ...]:
    lines: list[str] = []
    line = ""
    for word in words(text):
        longer = f"{line} {word}" if line else word
        if line and width(longer, size, direction, language) > limit:
            lines.append(line)
            line = word
        else:
            line = longer
    return (*lines, line)


def _broken(line: str, size: int, limit: int, direction: Direction, language: str) -> tuple[str, ...]:
    """A line that no space can break, broken between letters: ugly, but nothing is lost."""
    if width(line, size, direction, language) <= limit:
        return (line,)
    parts: list[str] = []
    start = 0
    for end in range(1, len(line) + 1):
        if end - start > 1 and width(line[start:end], size, direction, language) > limit:
            parts.append(line[start : end - 1])
            start = end - 1
    return (*parts, line[start:])
