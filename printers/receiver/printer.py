"""A whole printer in software: bytes in, tickets and answers out, with the faults that real ones have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from printers.profiles import CodePage
from printers.receiver.paper import Paper, Ticket
from printers.receiver.tokens import Token, Tokenizer

Fault = Literal["near-end", "paper-out", "cover-open", "offline", "error"]
_STOPPING = ("paper-out", "cover-open", "offline", "error")


class SoftwarePrinter:
    """Prints what it is sent and answers what it is asked. While a fault stops it, it keeps everything but real-time
    requests until the fault is gone, as printers do. Not shared between threads."""

    def __init__(
        self,
        width_dots: int = 576,
        page: CodePage | None = None,
        on_ticket: Callable[[Ticket], None] | None = None,
    ) -> None:
        self.paper = Paper(width_dots, page)
        self.tickets: list[Ticket] = []
        self.faults: set[Fault] = set()
        self._tokens = Tokenizer()
        self._held: list[Token] = []
        self._on_ticket = on_ticket
        self._push = 0
        self._unsent: list[bytes] = []

    @property
    def waiting(self) -> int:
        """Bytes of a command whose rest has not come."""
        return self._tokens.waiting

    def receive(self, data: bytes) -> bytes:
        """Takes bytes; returns what the printer answers."""
        answers = b""
        for token in self._tokens.feed(data):
            if token.name == "DLE EOT":
                answers += self._real_time(token.parameters[0])
            elif self._stopped:
                self._held.append(token)
            else:
                answers += self._do(token)
        return answers

    def fault(self, fault: Fault, present: bool = True) -> bytes:
        """Sets or clears a fault; returns the pushed status, and the answers to what was held meanwhile."""
        (self.faults.add if present else self.faults.discard)(fault)
        answers = self._pushed() if self._push else b""
        while self._held and not self._stopped:
            answers += self._do(self._held.pop(0))
        return answers

    def switch_off(self) -> None:
        """A power cut: the buffer is lost, what is on paper and what is stored stays."""
        self._tokens.reset()
        self._held.clear()
        self.paper.reset()
        self._push = 0

    @property
    def _stopped(self) -> bool:
        return any(fault in self.faults for fault in _STOPPING)

    def _do(self, token: Token) -> bytes:
        if token.name == "ESC @":
            self._push = 0
        if token.name == "GS r":
            return bytes((0x0F if "paper-out" in self.faults else 0x03 if "near-end" in self.faults else 0,))
        if token.name == "GS a":
            self._push = token.parameters[0]
            return self._pushed() if self._push else b""
        if token.name == "GS ( H" and token.data[:2] == b"00":
            return b"\x37\x22" + token.data[2:6] + b"\0"
        if token.name in ("GS ( L", "GS 8 L") and token.data[:2] == b"0@":
            return self._keys(sorted(self.paper.stored))
        if token.name == "ACK":
            return self._keys(self._unsent) if self._unsent else b""
        ticket = self.paper.take(token)
        if ticket is not None:
            self.tickets.append(ticket)
            if self._on_ticket is not None:
                self._on_ticket(ticket)
        return b""

    def _keys(self, names: list[bytes]) -> bytes:
        """GS ( L function 64: the names of what is stored, 40 in a block; the next block follows an ACK."""
        block, self._unsent = names[:40], names[40:]
        return b"\x37\x72" + (b"\x41" if self._unsent else b"\x40") + b"".join(block) + b"\0"

    def _real_time(self, number: int) -> bytes:
        has = self.faults.__contains__
        value = 0x12
        if number == 1:
            value |= 0x08 if self._stopped else 0
        elif number == 2:
            value |= (0x04 if has("cover-open") else 0) | (0x20 if has("paper-out") else 0)
            value |= 0x40 if has("error") else 0
        elif number == 3:
            value |= 0x08 if has("error") else 0
        elif number == 4:
            value |= (0x0C if has("near-end") or has("paper-out") else 0) | (0x60 if has("paper-out") else 0)
        else:
            return b""
        return bytes((value,))

    def _pushed(self) -> bytes:
        has = self.faults.__contains__
        one = 0x10 | (0x08 if self._stopped else 0) | (0x20 if has("cover-open") else 0)
        two = 0x08 if has("error") else 0
        three = (0x03 if has("near-end") or has("paper-out") else 0) | (0x0C if has("paper-out") else 0)
        return bytes((one, two, three, 0))
