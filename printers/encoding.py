"""A slip as ESC/POS bytes for one printer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from printers import commands
from printers.compose import compose
from printers.pieces import Align, Code, Dots, Feed, Native, Piece
from printers.profiles import CELL, Profile
from printers.slip import Slip
from printers.stored import digest, print_stored


def encode(slip: Slip, profile: Profile, stored: Mapping[str, bytes] | None = None) -> bytes:
    """The bytes that print a slip and cut it off.

    `stored` names the pictures that the printer keeps (`Device.stored`, filled by `Device.keep`); without it the
    bytes need nothing in the printer.
    """
    return encode_pieces(compose(slip, profile), profile, stored)


def encode_pieces(pieces: Iterable[Piece], profile: Profile, stored: Mapping[str, bytes] | None = None) -> bytes:
    """The same for pieces: from ESC @ to the cut."""
    writer = _Writer(profile, stored or {})
    for piece in pieces:
        writer.add(piece)
    return writer.finished()


class _Writer:
    """Collects commands, leaving out those that would change nothing."""

    def __init__(self, profile: Profile, stored: Mapping[str, bytes]) -> None:
        self._profile, self._stored = profile, stored
        self._bytes = bytearray(commands.INITIALIZE)
        self._align: Align = "left"
        self._size, self._bold = (1, 1), False
        if profile.leave_kanji:
            self._bytes += commands.LEAVE_KANJI
        if profile.native_text:
            if profile.code_page is not None:
                self._bytes += commands.code_page(profile.code_page.number)
            # One line of letters is as high as the letters; all other white is fed explicitly.
            self._bytes += commands.line_spacing(CELL[1] * profile.feed_unit)
            if profile.smoothing:
                self._bytes += commands.SMOOTHING_ON

    def add(self, piece: Piece) -> None:
        if isinstance(piece, Feed):
            self._bytes += commands.feed(piece.dots * self._profile.feed_unit)
        elif isinstance(piece, Dots):
            self._aligned(piece.align)
            self._bytes += self._picture(piece)
        elif isinstance(piece, Code):
            self._aligned("center")
            self._bytes += commands.qr(piece.data, piece.module)
        else:
            self._letters(piece)

    def finished(self) -> bytes:
        return bytes(self._bytes + commands.cut(self._profile.cut))

    def _picture(self, piece: Dots) -> bytes:
        name = self._stored.get(digest(piece)) if piece.fixed and self._stored else None
        return raster(piece) if name is None else print_stored(name)

    def _letters(self, piece: Native) -> None:
        self._aligned(piece.align)
        if self._size != (piece.wide, piece.high):
            self._size = (piece.wide, piece.high)
            self._bytes += commands.size(*self._size)
        if self._bold != piece.bold:
            self._bold = piece.bold
            self._bytes += commands.bold(piece.bold)
        self._bytes += piece.encoded + commands.LINE_FEED

    def _aligned(self, align: Align) -> None:
        if self._align != align:
            self._align = align
            self._bytes += commands.align(align)


@lru_cache(maxsize=512)
def raster(piece: Dots) -> bytes:
    """The raster command of a picture, kept as long as the picture is."""
    return commands.raster(piece.image)
