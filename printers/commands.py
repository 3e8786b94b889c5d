"""The ESC/POS commands that a slip needs, as bytes. Names follow Epson's command reference."""

from __future__ import annotations

from PIL import Image

INITIALIZE = b"\x1b@"
CANCEL = b"\x18"
LINE_FEED = b"\n"
LEAVE_KANJI = b"\x1c."
SMOOTHING_ON = b"\x1db\x01"
#: Rows in one raster command: a printer waits for a whole command, so a cut line can swallow one slice at most.
SLICE_ROWS = 100

_ALIGN = {"left": b"\x1ba\x00", "center": b"\x1ba\x01", "right": b"\x1ba\x02"}
_CUT = {"partial": b"\x1dVB\x00", "full": b"\x1dVA\x00", "none": b"\x1bd\x05"}


def align(side: str) -> bytes:
    """ESC a: what follows stands left, center or right."""
    return _ALIGN[side]


def size(wide: int, high: int) -> bytes:
    """GS !: characters enlarged 1 to 8 times each way."""
    return bytes((0x1D, 0x21, (wide - 1) << 4 | (high - 1)))


def bold(on: bool) -> bytes:
    """ESC E."""
    return b"\x1bE\x01" if on else b"\x1bE\x00"


def code_page(number: int) -> bytes:
    """ESC t: the table for bytes from 0x80."""
    return bytes((0x1B, 0x74, number))


def line_spacing(units: int) -> bytes:
    """ESC 3."""
    return bytes((0x1B, 0x33, units))


def feed(units: int) -> bytes:
    """ESC J, as often as needed: white paper."""
    whole, rest = divmod(units, 255)
    return b"\x1bJ\xff" * whole + (bytes((0x1B, 0x4A, rest)) if rest else b"")


def cut(kind: str) -> bytes:
    """GS V with the feed to the cutter; without a cutter, paper enough to tear it off."""
    return _CUT[kind]


def raster(image: Image.Image) -> bytes:
    """GS v 0 for ink (mode "1", 255 = ink, whole bytes wide), in slices of at most `SLICE_ROWS` rows."""
    row = image.width // 8
    dots = image.tobytes()
    parts = []
    for top in range(0, image.height, SLICE_ROWS):
        rows = min(SLICE_ROWS, image.height - top)
        head = bytes((0x1D, 0x76, 0x30, 0, row & 0xFF, row >> 8, rows & 0xFF, rows >> 8))
        parts.append(head + dots[top * row : (top + rows) * row])
    return b"".join(parts)


def longest(width_dots: int) -> int:
    """Bytes of the longest command on paper of that width: what a printer may still wait for after a cut."""
    return max(1024, 8 + SLICE_ROWS * (width_dots // 8))


def qr(data: bytes, module: int) -> bytes:
    """GS ( k: model 2, modules of `module` dots, error correction M, the data, print."""
    return (
        _qr_function(0x41, b"2\x00")
        + _qr_function(0x43, bytes((module,)))
        + _qr_function(0x45, b"1")
        + _qr_function(0x50, b"0" + data)
        + _qr_function(0x51, b"0")
    )


def _qr_function(number: int, arguments: bytes) -> bytes:
    length = len(arguments) + 2
    return b"\x1d(k" + bytes((length & 0xFF, length >> 8, 0x31, number)) + arguments
