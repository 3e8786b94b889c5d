"""A slip as a picture, dot for dot what the printer puts on paper."""

from __future__ import annotations

from PIL import Image, ImageChops

from printers import letters
from printers.compose import compose
from printers.pieces import Align, Code, Dots, Feed, Native, Piece, qr_image
from printers.profiles import DEFAULT_WIDTH, Profile
from printers.slip import Slip

#: White above and below the ticket in a preview, in dots (3 mm).
_MARGIN = 24


def preview(slip: Slip, width_dots: int = DEFAULT_WIDTH, profile: Profile | None = None) -> Image.Image:
    """The slip as a 1-bit picture `width_dots` wide (0 = ink), with a small white border above and below.

    Without a profile everything is drawn; with one, what it prints in its own letters is shown in cells like its own.
    """
    chosen = profile or Profile(width_dots=width_dots, columns=width_dots // 12).raster()
    ticket = paint(compose(slip, chosen), chosen.width_dots)
    picture = Image.new("1", (ticket.width, ticket.height + 2 * _MARGIN), 255)
    picture.paste(ticket, (0, _MARGIN))
    return picture


def paint(pieces: tuple[Piece, ...], width_dots: int) -> Image.Image:
    """The pieces on paper of that width (mode "1", 0 = ink), exactly as high as they are."""
    placed: list[tuple[int, int, Image.Image]] = []
    top = 0
    for piece in pieces:
        if isinstance(piece, Feed):
            top += piece.dots
            continue
        image = _ink(piece)
        placed.append((left_edge(_align(piece), image.width, width_dots), top, image))
        top += image.height
    paper = Image.new("1", (width_dots, max(1, top)), 255)
    for left, above, image in placed:
        paper.paste(ImageChops.invert(image), (left, above))
    return paper


def left_edge(align: Align, width: int, paper: int) -> int:
    """Where an aligned piece begins, in dots from the left."""
    return {"left": 0, "center": (paper - width) // 2, "right": paper - width}[align]


def _ink(piece: Dots | Code | Native) -> Image.Image:
    if isinstance(piece, Dots):
        return piece.image
    if isinstance(piece, Code):
        return qr_image(piece.data, piece.module)
    return letters.line(piece.text, piece.wide, piece.high, piece.bold)


def _align(piece: Dots | Code | Native) -> Align:
    return piece.align if isinstance(piece, (Dots, Native)) else "center"
