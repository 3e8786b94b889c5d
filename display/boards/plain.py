"""A line of text, for boards that are built to order and for microcontrollers: our own protocol, free for anyone to build.

Each call is one line of ASCII, at 9600 baud, 8 data bits, no parity, 1 stop bit unless unit.toml says otherwise:

    @01 A042 004*42<CR><LF>

`@`, two digits of address (`00` is every board), a space, the ticket in four or more characters, a space, the counter in
three digits, `*`, and a checksum: the exclusive-or of all characters between
`@` and `*`, in two hexadecimal digits (as NMEA 0183 does it).
An empty board is `---- ---`. A board shows the last whole line whose checksum is right and forgets any other.
"""

from __future__ import annotations

from functools import reduce
from operator import xor

from display.boards.line import Line

LINE = Line(baud=9600)


def frame(ticket: str | None, counter: int | None, address: int) -> bytes:
    """The line that shows a call, or an empty board."""
    shown = "---- ---" if ticket is None else f"{ticket:>4} {counter:03d}"
    body = f"{address:02d} {shown}".encode("ascii", "replace")
    return b"@%b*%02X\r\n" % (body, reduce(xor, body))
