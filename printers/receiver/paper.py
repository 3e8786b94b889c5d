"""What the commands put on paper: letters, sizes, alignment, pictures, QR codes, feeds and the cut."""

from __future__ import annotations

from dataclasses import dataclass, field

import segno
from PIL import Image

from printers import letters
from printers.pieces import Align
from printers.profiles import CELL, CodePage
from printers.receiver.tokens import Token

_ALIGN: dict[int, Align] = {0: "left", 1: "center", 2: "right"}
#: Line spacing after ESC @ or ESC 2, in dots (3.75 mm at 203 dpi).
_SPACING = 30
_LEVELS = {48: "l", 49: "m", 50: "q", 51: "h"}


@dataclass
class Ticket:
    """One finished ticket: the picture (mode "1", 0 = ink) and the words that came as text."""

    picture: Image.Image
    text: str
    codes: tuple[str, ...] = ()


@dataclass
class _Mode:
    """What ESC @ resets."""

    align: Align = "left"
    wide: int = 1
    high: int = 1
    bold: bool = False
    spacing: int = _SPACING
    module: int = 3
    level: str = "l"
    code: bytes = b""
    unprinted: Image.Image | None = None


@dataclass
class Paper:
    """The paper of one printer, and the pictures it keeps through a power cut (`stored`)."""

    width: int
    page: CodePage | None = None
    unknown: list[bytes] = field(default_factory=list)
    stored: dict[bytes, Image.Image] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._mode = _Mode()
        self._begin()

    def _begin(self) -> None:
        self._parts: list[tuple[int, int, Image.Image]] = []
        self._top = 0
        self._line = b""
        self._text: list[str] = []
        self._codes: list[str] = []

    @property
    def blank(self) -> bool:
        """Whether nothing is printed since the last cut."""
        return not self._parts and not self._line

    def take(self, token: Token) -> Ticket | None:
        """Does what a command says; the ticket when it was the cut."""
        if token.name == "text":
            self._line += token.raw
        elif token.name == "GS V":
            return self.cut()
        elif token.name in _HANDLERS:
            _HANDLERS[token.name](self, token)
        elif token.name not in _SILENT:
            self.unknown.append(token.raw)
        return None

    def reset(self) -> None:
        """ESC @: modes as at power-on; what is printed stays."""
        self._mode, self._line = _Mode(), b""

    def cut(self) -> Ticket | None:
        """The ticket up to here, or None when the paper is blank."""
        self._end_line(0)
        parts, text, codes = self._parts, "\n".join(self._text), tuple(self._codes)
        self._begin()
        if not parts:
            return None
        height = max(top + image.height for _, top, image in parts)
        picture = Image.new("1", (self.width, height), 255)
        for left, top, image in parts:
            picture.paste(0, (left, top), image)
        return Ticket(picture, text, codes)

    # --- lines ---

    def line_feed(self, _: Token) -> None:
        self._end_line(self._mode.spacing)

    def feed_dots(self, token: Token) -> None:
        self._end_line(0)
        self._top += token.parameters[0]

    def feed_lines(self, token: Token) -> None:
        self._end_line(0)
        self._top += token.parameters[0] * self._mode.spacing

    def _end_line(self, spacing: int) -> None:
        mode, line = self._mode, self._line
        self._line = b""
        if not line:
            self._top += spacing
            return
        room = self.width // (CELL[0] * mode.wide)
        codec = self.page.codec if self.page else "ascii"
        words = line.decode(codec, errors="replace")
        for start in range(0, len(words), room):
            self._place(letters.line(words[start : start + room], mode.wide, mode.high, mode.bold), spacing)
        self._text.append(words)

    def _place(self, image: Image.Image, spacing: int = 0) -> None:
        free = self.width - image.width
        left = {"left": 0, "center": free // 2, "right": free}[self._mode.align]
        self._parts.append((left, self._top, image))
        self._top += max(image.height, spacing)

    # --- modes ---

    def initialize(self, _: Token) -> None:
        self.reset()

    def set_align(self, token: Token) -> None:
        self._mode.align = _ALIGN.get(token.parameters[0] % 48, self._mode.align)

    def set_size(self, token: Token) -> None:
        number = token.parameters[0]
        self._mode.wide, self._mode.high = (number >> 4 & 7) + 1, (number & 7) + 1

    def set_bold(self, token: Token) -> None:
        self._mode.bold = bool(token.parameters[0] & 1)

    def set_spacing(self, token: Token) -> None:
        self._mode.spacing = token.parameters[0] if token.parameters else _SPACING

    # --- pictures ---

    def raster(self, token: Token) -> None:
        row, rows = int.from_bytes(token.parameters[1:3], "little"), int.from_bytes(token.parameters[3:5], "little")
        if row and rows:
            self._end_line(0)
            self._place(Image.frombytes("1", (row * 8, rows), token.data).crop((0, 0, min(row * 8, self.width), rows)))

    def code(self, token: Token) -> None:
        function, arguments = token.data[1:2], token.data[2:]
        if token.data[:1] != b"1":
            self.unknown.append(token.raw)
        elif function == b"C":
            self._mode.module = arguments[0]
        elif function == b"E":
            self._mode.level = _LEVELS.get(arguments[0], "l")
        elif function == b"P":
            self._mode.code = arguments[1:]
        elif function == b"Q":
            self._print_code()

    def _print_code(self) -> None:
        mode = self._mode
        matrix = segno.make_qr(mode.code, error=mode.level, boost_error=False).matrix
        side = len(matrix)
        dots = Image.frombytes("L", (side, side), bytes(255 if dark else 0 for row in matrix for dark in row))
        size = (side * mode.module, side * mode.module)
        self._end_line(0)
        self._place(dots.resize(size, Image.Resampling.NEAREST).convert("1", dither=Image.Dither.NONE))
        self._codes.append(mode.code.decode("utf-8", errors="replace"))

    def graphics(self, token: Token) -> None:
        """GS ( L and GS 8 L: define (67), delete (66), delete all (65) and print (69) stored graphics."""
        function, rest = token.data[1:2], token.data[2:]
        if function == b"C":
            width, height = int.from_bytes(rest[4:6], "little"), int.from_bytes(rest[6:8], "little")
            row = (width + 7) // 8
            self.stored[rest[1:3]] = Image.frombytes("1", (row * 8, height), rest[9:]).crop((0, 0, width, height))
        elif function == b"B":
            self.stored.pop(rest[:2], None)
        elif function == b"A":
            self.stored.clear()
        elif function == b"E":
            if rest[:2] in self.stored:
                self._end_line(0)
                self._place(self.stored[rest[:2]])
        elif function not in (b"@", b"\x00", b"0", b"\x03", b"3"):
            self.unknown.append(token.raw)


_HANDLERS = {
    "LF": Paper.line_feed,
    "ESC J": Paper.feed_dots,
    "ESC d": Paper.feed_lines,
    "ESC @": Paper.initialize,
    "ESC a": Paper.set_align,
    "GS !": Paper.set_size,
    "ESC E": Paper.set_bold,
    "ESC 2": Paper.set_spacing,
    "ESC 3": Paper.set_spacing,
    "GS v 0": Paper.raster,
    "GS ( k": Paper.code,
    "GS ( L": Paper.graphics,
    "GS 8 L": Paper.graphics,
}
#: Commands that leave no trace on this paper, or that the printer itself answers.
_SILENT = ("CR", "CAN", "ESC t", "ESC M", "FS .", "GS b", "GS a", "GS r", "GS I", "GS ( H", "DLE EOT", "ACK")
