"""How a printer's own letters look in a picture: each character in its cell, enlarged as asked."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageDraw

from printers import shaping
from printers.profiles import CELL


def line(text: str, wide: int, high: int, bold: bool) -> Image.Image:
    """A native line as ink (mode "1", 255 = ink), cell by cell."""
    picture = Image.new("1", (len(text) * CELL[0] * wide, CELL[1] * high))
    for position, character in enumerate(text):
        picture.paste(_cell(character, wide, high, bold), (position * CELL[0] * wide, 0))
    return picture


@lru_cache(maxsize=1024)
def _cell(character: str, wide: int, high: int, bold: bool) -> Image.Image:
    width, height = CELL[0] * wide, CELL[1] * high
    font = shaping.font(round(height * 0.82))
    space = max(width, round(font.getlength(character))) + 4
    grey = Image.new("L", (space, height), 0)
    ImageDraw.Draw(grey).text((space // 2, round(height * 0.78)), character, fill=255, font=font, anchor="ms")
    if space > width:
        box = grey.getbbox()
        drawn = grey.crop((box[0], 0, box[2], height)) if box else grey
        room = width - max(1, wide)
        if drawn.width > room:
            drawn = drawn.resize((room, height), Image.Resampling.LANCZOS)
        grey = Image.new("L", (width, height), 0)
        grey.paste(drawn, ((width - drawn.width) // 2, 0))
    threshold = 90 if bold else 140
    return grey.point([255 if level >= threshold else 0 for level in range(256)], "1")
