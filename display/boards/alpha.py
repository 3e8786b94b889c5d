"""Alpha and BetaBrite signs of Adaptive Micro Systems: the M-protocol.

Source: “Alpha Sign Communications Protocol”, document 9708-8061F (2006), the standard transmission packet and
the command “write TEXT file”; the maker gives it away. A packet is

    NUL × 5, SOH, type code "Z" (any sign), two digits of address ("00" all signs), STX,
    "A" (write text), file label, ESC, position, mode, the text, ETX, checksum, EOT

with the checksum in four hexadecimal digits, the sum of all bytes from STX to ETX modulo 65536. The file label is "0", the
priority file: it is shown in place of whatever else the sign holds, and an empty one ends that. Position " " is the middle
line, mode "b" holds the text still.
"""

from __future__ import annotations

from display.boards.line import Line

LINE = Line(baud=9600, bits=7, parity="E")

_WAKE = b"\0" * 5
_SOH, _STX, _ETX, _EOT, _ESC = b"\x01", b"\x02", b"\x03", b"\x04", b"\x1b"
_ANY_SIGN = b"Z"
_WRITE_PRIORITY_TEXT = b"A0"
_MIDDLE_HOLD = _ESC + b" b"


def frame(ticket: str | None, counter: int | None, address: int) -> bytes:
    """A packet that shows a call, `A042 > 4`; without one, a packet that gives the sign back to its own text."""
    shown = b"" if ticket is None else _MIDDLE_HOLD + f"{ticket} > {counter}".encode("ascii", "replace")
    checked = _STX + _WRITE_PRIORITY_TEXT + shown + _ETX
    return _WAKE + _SOH + _ANY_SIGN + f"{address:02X}".encode() + checked + f"{sum(checked) % 0x10000:04X}".encode() + _EOT
