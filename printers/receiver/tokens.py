"""ESC/POS bytes cut into commands, however they arrive. Lengths follow Epson's command reference."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Token:
    """One command (`name` as in the reference), a run of text (`text`) or a byte that is no command (`unknown`)."""

    name: str
    raw: bytes
    parameters: bytes = b""
    data: bytes = b""


#: Bytes of data after the parameters, given the parameters.
_Length = Callable[[bytes], int]


def _none(_: bytes) -> int:
    return 0


def _word(parameters: bytes) -> int:
    return parameters[0] | parameters[1] << 8


def _long(parameters: bytes) -> int:
    return int.from_bytes(parameters, "little")


def _raster(parameters: bytes) -> int:
    return _word(parameters[1:3]) * _word(parameters[3:5])


def _cut(parameters: bytes) -> int:
    return 1 if parameters[0] in (65, 66, 97, 98, 103, 104) else 0


#: Command bytes → name, number of parameter bytes, length of the data that follows them.
COMMANDS: dict[bytes, tuple[str, int, _Length]] = {
    b"\x10\x04": ("DLE EOT", 1, _none),
    b"\x06": ("ACK", 0, _none),
    b"\n": ("LF", 0, _none),
    b"\r": ("CR", 0, _none),
    b"\x18": ("CAN", 0, _none),
    b"\x1b@": ("ESC @", 0, _none),
    b"\x1bJ": ("ESC J", 1, _none),
    b"\x1bd": ("ESC d", 1, _none),
    b"\x1b2": ("ESC 2", 0, _none),
    b"\x1b3": ("ESC 3", 1, _none),
    b"\x1ba": ("ESC a", 1, _none),
    b"\x1bE": ("ESC E", 1, _none),
    b"\x1bt": ("ESC t", 1, _none),
    b"\x1bM": ("ESC M", 1, _none),
    b"\x1b!": ("ESC !", 1, _none),
    b"\x1c.": ("FS .", 0, _none),
    b"\x1db": ("GS b", 1, _none),
    b"\x1d!": ("GS !", 1, _none),
    b"\x1dV": ("GS V", 1, _cut),
    b"\x1da": ("GS a", 1, _none),
    b"\x1dr": ("GS r", 1, _none),
    b"\x1dI": ("GS I", 1, _none),
    b"\x1dv0": ("GS v 0", 5, _raster),
    b"\x1d(k": ("GS ( k", 2, _word),
    b"\x1d(L": ("GS ( L", 2, _word),
    b"\x1d8L": ("GS 8 L", 4, _long),
    b"\x1d(H": ("GS ( H", 2, _word),
}
_PREFIXES = {command[:length] for command in COMMANDS for length in range(1, len(command))}


class Tokenizer:
    """Takes bytes as they come and gives whole commands; what is not whole yet waits."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def feed(self, data: bytes) -> Iterator[Token]:
        """The commands that are whole now."""
        self._waiting += data
        while self._waiting:
            token = self._next()
            if token is None:
                return
            del self._waiting[: len(token.raw)]
            yield token

    @property
    def waiting(self) -> int:
        """Bytes of a command that has not ended."""
        return len(self._waiting)

    def reset(self) -> None:
        """What switching a printer off does."""
        self._waiting.clear()

    def _next(self) -> Token | None:
        start = self._waiting
        if start[0] >= 0x20:
            end = next((place for place, byte in enumerate(start) if byte < 0x20), len(start))
            return Token("text", bytes(start[:end]))
        for length in (3, 2, 1):
            head = bytes(start[:length])
            if head in COMMANDS and len(head) == length:
                return self._command(head)
        if bytes(start[:3]) in _PREFIXES and len(start) < 3:
            return None
        # A beginning that no command has: the byte is skipped, as printers do; what follows may print as text.
        return Token("unknown", bytes(start[:1]))

    def _command(self, head: bytes) -> Token | None:
        name, count, length = COMMANDS[head]
        begin = len(head) + count
        if len(self._waiting) < begin:
            return None
        parameters = bytes(self._waiting[len(head) : begin])
        end = begin + length(parameters)
        if len(self._waiting) < end:
            return None
        return Token(name, bytes(self._waiting[:end]), parameters, bytes(self._waiting[begin:end]))
