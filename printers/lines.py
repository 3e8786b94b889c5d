"""One text of a slip as pieces: in the printer's own letters where they suffice, else shaped and drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw

from printers import shaping
from printers.codepages import encode, plain
from printers.pieces import Align, Dots, Feed, Piece, aligned, native
from printers.profiles import Profile
from printers.slip import Direction

#: Indent of a list's text and of its bullets in dots, and a bullet's diameter.
_HANG, _INDENT, _BULLET = 36, 16, 9
#: White under a native line, in dots.
_LEADING = 6


@dataclass(frozen=True)
class Style:
    """How one kind of line looks: font sizes in dots on 80 mm and 58 mm paper, and the native enlargement."""

    size: int
    narrow: int
    smallest: int
    most_lines: int = 2
    enlarge: tuple[int, int] = (1, 1)
    bold: bool = False
    item: bool = False
    """A point of a list: at the start of the line, with a bullet and its further lines indented."""


def native_lines(text: str, style: Style, profile: Profile) -> list[Piece] | None:
    """The text in the printer's letters, or None when its table lacks a character."""
    page = profile.code_page
    if encode(text, page) is None:
        return None
    indent = ("- ", "  ") if style.item else ("", "")
    wide, high, lines = _wrapped(plain(text), style, profile.columns - len(indent[0]))
    align: Align = "left" if style.item else "center"
    made: list[Piece] = []
    for number, part in enumerate(lines):
        line = native(part, page, wide, high, style.bold, align)
        if line is not None:
            made += [line.indented(indent[1] if number else indent[0]), Feed(_LEADING)]
    return made


@lru_cache(maxsize=512)
def shaped_lines(
    text: str, style: Style, size: int, limit: int, direction: Direction, language: str, fixed: bool
) -> tuple[Piece, ...]:
    """The text drawn at `size` dots or smaller in lines of at most `limit` dots; kept for the next slip."""
    room = limit - _HANG if style.item else limit
    fitted = shaping.fit(text, size, min(size, style.smallest), room, style.most_lines, direction, language)
    align: Align = "center" if not style.item else "right" if direction == "rtl" else "left"
    made: list[Piece] = []
    for number, part in enumerate(fitted.lines):
        drawn = shaping.ink(part, fitted.size, direction, language)
        image, top = drawn.image, drawn.top
        if not image.height:
            continue
        if style.item:
            image = _indented(image, align, round(fitted.size * 0.66) - top if not number else None)
        below = shaping.line_height(fitted.size) - top - image.height
        made += [Feed(max(0, top)), Dots(_within(aligned(image, align), limit), align, fixed), Feed(max(0, below))]
    return tuple(made)


def _indented(image: Image.Image, align: Align, bullet: int | None) -> Image.Image:
    """A line of a list moved in from the edge, with a bullet whose middle is `bullet` dots below its top."""
    wider = Image.new("1", (image.width + _HANG, image.height))
    wider.paste(image, (_HANG if align == "left" else 0, 0))
    if bullet is not None:
        left = _INDENT if align == "left" else wider.width - _INDENT - _BULLET
        top = max(0, min(image.height - _BULLET, bullet - _BULLET // 2))
        ImageDraw.Draw(wider).ellipse((left, top, left + _BULLET - 1, top + _BULLET - 1), fill=255)
    return wider


def _within(image: Image.Image, limit: int) -> Image.Image:
    """A line whose last letters swing out past its measured width is narrowed, not cut."""
    if image.width <= limit:
        return image
    return image.resize((limit // 8 * 8, image.height), Image.Resampling.NEAREST)


def _wrapped(text: str, style: Style, columns: int) -> tuple[int, int, tuple[str, ...]]:
    """Enlargement and lines: the style's enlargement while the lines are few, then the normal size."""
    wide, high = style.enlarge
    lines = _columns(text, columns // wide)
    if wide > 1 and (len(lines) > style.most_lines or any(len(part) > columns // wide for part in text.split(" "))):
        wide, high = 1, min(high, 2)
        lines = _columns(text, columns)
    return wide, high, lines


def _columns(text: str, columns: int) -> tuple[str, ...]:
    """Lines of whole words, of about the same length; a word longer than a line is broken, never dropped."""
    lines = _greedy(text, columns)
    for narrower in range(-(-len(text) // len(lines)), columns):
        even = _greedy(text, narrower)
        if len(even) == len(lines) and all(len(word) <= narrower for word in shaping.words(text)):
            return even
    return lines


def _greedy(text: str, columns: int) -> tuple[str, ...]:
    lines: list[str] = []
    line = ""
    for word in shaping.words(text):
        longer = f"{line} {word}" if line else word
        if len(longer) <= columns:
            line = longer
            continue
        if line:
            lines.append(line)
        while len(word) > columns:
            lines.append(word[:columns])
            word = word[columns:].lstrip(" ")
        line = word
    return tuple(part for part in (*lines, line) if part)
