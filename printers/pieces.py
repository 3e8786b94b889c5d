"""The pieces that a slip is composed of, from head to foot; drawing and encoding both follow them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import segno
from PIL import Image

from printers.codepages import encode
from printers.profiles import CELL, CodePage

Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Feed:
    """White paper, in dots."""

    dots: int


@dataclass(frozen=True, eq=False)
class Dots:
    """A picture: mode "1", 255 = ink, as wide as its bytes (a multiple of 8 dots)."""

    image: Image.Image
    align: Align = "center"
    fixed: bool = False
    """Whether it is the same on many slips, and so worth keeping in the printer's memory."""


@dataclass(frozen=True)
class Native:
    """A line in the printer's own letters, enlarged `wide` × `high` times."""

    text: str
    encoded: bytes
    wide: int = 1
    high: int = 1
    bold: bool = False
    align: Align = "center"

    def indented(self, before: str) -> Native:
        """The line with ASCII characters before it."""
        return replace(self, text=before + self.text, encoded=before.encode("ascii") + self.encoded)


@dataclass(frozen=True)
class Code:
    """A QR code that the printer draws itself, with modules of `module` dots."""

    data: bytes
    module: int


Piece = Feed | Dots | Native | Code


def native(text: str, page: CodePage | None, wide: int, high: int, bold: bool, align: Align) -> Native | None:
    """The line in the printer's letters, or None when its table lacks a character."""
    encoded = encode(text, page)
    if encoded is None or page is None:
        return None
    return Native(encoded.decode(page.codec), encoded, wide, high, bold, align)


def native_size(piece: Native) -> tuple[int, int]:
    """Width and height in dots of a native line."""
    return len(piece.encoded) * CELL[0] * piece.wide, CELL[1] * piece.high


def aligned(image: Image.Image, align: Align) -> Image.Image:
    """The picture widened to whole bytes, away from the edge it is aligned to."""
    extra = -image.width % 8
    if not extra:
        return image
    left = {"left": 0, "center": extra // 2, "right": extra}[align]
    wider = Image.new("1", (image.width + extra, image.height))
    wider.paste(image, (left, 0))
    return wider


#: Bytes that a QR code of version 1, 2, 3 … holds at error correction level M (ISO/IEC 18004, table 7).
_CAPACITY = (14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666)


def modules(data: bytes) -> int:
    """Modules along one side of a QR code of these bytes (error correction M); raises ValueError above 666 bytes."""
    for version, capacity in enumerate(_CAPACITY, 1):
        if len(data) <= capacity:
            return 17 + 4 * version
    raise ValueError(f"an address of {len(data)} bytes is too long for a QR code on a ticket")


@lru_cache(maxsize=64)
def qr_image(data: bytes, module: int) -> Image.Image:
    """The QR code with modules of `module` dots, mode "1", 255 = ink, without its white border."""
    matrix = segno.make_qr(data, error="m", boost_error=False).matrix
    grey = bytes(255 if dark else 0 for row in matrix for dark in row)
    side = len(matrix)
    small = Image.frombytes("L", (side, side), grey)
    return small.resize((side * module, side * module), Image.Resampling.NEAREST).convert("1", dither=Image.Dither.NONE)
