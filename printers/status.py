"""What a printer says of itself: its status bytes, told apart by their fixed bits, and what they mean.

Bit layouts: Epson ESC/POS command reference, DLE EOT, GS a, GS r and GS ( H.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Literal

from printers.told import Says, Sentence, told

State = Literal["ready", "near-end", "paper-out", "cover-open", "offline", "error", "unknown"]

#: Requests for the four real-time statuses; a printer answers them even while it can't print.
ASK_ALL = b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04"
#: GS r 1: answered when everything sent before it has been processed.
ASK_WHEN_DONE = b"\x1dr\x01"
#: GS a: push a status whenever the printer goes on or off line, fails, or sees its paper change.
PUSH_CHANGES = b"\x1da\x0e"

_BLOCK_HEADERS = (0x37, 0x3D, 0x5F)
_LONGEST_BLOCK = 96
_XON, _XOFF = 0x11, 0x13


@dataclass(frozen=True)
class PrinterStatus:
    """One word for a screen and one sentence for a person."""

    state: State
    detail: Sentence = ""

    @property
    def blocks(self) -> bool:
        """Whether nothing may be sent: a fault shows."""
        return self.state in ("paper-out", "cover-open", "offline", "error")


NOT_ASKED = PrinterStatus("unknown", told(Says.NOT_ASKED))


def ask_process_id(identifier: bytes) -> bytes:
    """GS ( H function 48: the printer sends these four characters (32 to 126) back once the job is printed."""
    return b"\x1d(H\x06\x0000" + identifier


class Replies:
    """Sorts what a printer sends: real-time replies, pushed statuses, GS r bytes and blocks.

    All of them may arrive mixed. A byte that is none of them counts as garbage (a wrong baud rate, another device).
    """

    def __init__(self) -> None:
        self.realtime: deque[int] = deque()
        self.done: deque[int] = deque()
        self.blocks: deque[bytes] = deque()
        self._pushed: bytes | None = None
        self.garbage = 0
        self._frame = bytearray()
        self._block: bytearray | None = None

    def has_pushed(self) -> bool:
        """Whether a status was pushed since `pushed` was last called."""
        return self._pushed is not None

    def pushed(self) -> bytes | None:
        """The last pushed status (four bytes) since this was last called."""
        frame, self._pushed = self._pushed, None
        return frame

    def clear(self) -> None:
        """Forgets everything but the last pushed status."""
        self.realtime.clear()
        self.done.clear()
        self.blocks.clear()
        self.garbage = 0
        self._frame.clear()
        self._block = None

    def feed(self, data: bytes) -> None:
        """Takes bytes as they arrive, however they are split."""
        for byte in data:
            self._take(byte)

    def _take(self, byte: int) -> None:
        if self._block is not None:
            self._take_in_block(byte)
        elif self._frame:
            self._take_in_frame(byte)
        elif byte in (_XON, _XOFF):
            return  # flow control that reached us is no status
        elif byte & 0x93 == 0x12:
            self.realtime.append(byte)
        elif byte & 0x93 == 0x10:
            self._frame.append(byte)
        elif byte in _BLOCK_HEADERS:
            self._block = bytearray((byte,))
        elif byte & 0x90 == 0:
            self.done.append(byte)
        else:
            self.garbage += 1

    def _take_in_frame(self, byte: int) -> None:
        if byte & 0x90:  # no second, third or fourth byte of a pushed status
            self.garbage += len(self._frame)
            self._frame.clear()
            self._take(byte)
            return
        self._frame.append(byte)
        if len(self._frame) == 4:
            self._pushed = bytes(self._frame)
            self._frame.clear()

    def _take_in_block(self, byte: int) -> None:
        assert self._block is not None
        if byte == 0:
            self.blocks.append(bytes(self._block))
            self._block = None
        elif len(self._block) >= _LONGEST_BLOCK or byte >= 0x80:
            self.garbage += len(self._block) + 1
            self._block = None
        else:
            self._block.append(byte)


def from_realtime(one: int, two: int, three: int, four: int) -> PrinterStatus:
    """The meaning of the replies to DLE EOT 1, 2, 3 and 4."""
    return _meaning(
        offline=bool(one & 0x08),
        cover=bool(two & 0x04),
        paper_out=bool(two & 0x20 or four & 0x60),
        near_end=bool(four & 0x0C),
        cutter=bool(three & 0x08),
        fatal=bool(three & 0x20),
        error=bool(two & 0x40 or three & 0x44),
    )


def from_pushed(frame: bytes) -> PrinterStatus:
    """The meaning of the four bytes of an automatic status."""
    one, two, three, _ = frame
    return _meaning(
        offline=bool(one & 0x08),
        cover=bool(one & 0x20),
        paper_out=bool(three & 0x0C),
        near_end=bool(three & 0x03),
        cutter=bool(two & 0x08),
        fatal=bool(two & 0x20),
        error=bool(two & 0x44),
    )


def _meaning(
    *, offline: bool, cover: bool, paper_out: bool, near_end: bool, cutter: bool, fatal: bool, error: bool
) -> PrinterStatus:
    # An open cover also reports missing paper, and every fault reports offline: the cause comes first.
    if cover:
        return PrinterStatus("cover-open", told(Says.COVER_OPEN))
    if paper_out:
        return PrinterStatus("paper-out", told(Says.NO_PAPER))
    if cutter:
        return PrinterStatus("error", told(Says.CUTTER_JAMMED))
    if fatal:
        return PrinterStatus("error", told(Says.FATAL))
    if error:
        return PrinterStatus("error", told(Says.ERROR))
    if offline:
        return PrinterStatus("offline", told(Says.OFF_LINE))
    if near_end:
        return PrinterStatus("near-end", told(Says.NEAR_END))
    return PrinterStatus("ready")
