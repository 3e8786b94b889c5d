"""A printer in the network (raw TCP, port 9100 as a rule): python-escpos's Network, made to notice what breaks.

Its own `open` leaves a pulled cable unnoticed for half a minute, does not reconnect before `close`, and knows IPv4
only; `sendall` does not tell a slow printer from a dead one.
"""

from __future__ import annotations

import errno
import socket
from typing import Any

from printers.devices.config import PrinterConfig
from printers.devices.escpos import Network
from printers.devices.link import Link
from printers.errors import PrinterUnreachable, SendingInterrupted
from printers.told import Says, Sentence, Told, told

#: Seconds to reach a printer that is off or not there: on a hall's own network a millisecond is usual.
_CONNECT = 3.0


class NetworkPrinter(Network):  # type: ignore[misc, unused-ignore]
    """A TCP line that opens itself, is given up when nothing moves for `stall` seconds, and says why."""

    def __init__(self, host: str, port: int, stall: float) -> None:
        super().__init__(host=host, port=port, timeout=stall)
        self._stall = stall

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port}"

    def open(self, raise_not_found: bool = True) -> bool:  # type: ignore[override, unused-ignore]
        if self._device:
            return False
        try:
            line = socket.create_connection((self.host, self.port), timeout=min(_CONNECT, self._stall))
        except OSError as error:
            raise PrinterUnreachable(told(Says.NO_ANSWER, place=self.place, why=_why(error))) from None
        _noticing(line, self._stall)
        line.settimeout(self._stall)
        self._device = line
        return True

    def write(self, data: bytes) -> None:
        rest = memoryview(data)
        try:
            while rest:
                # One send at a time: the time limit is for standing still, not for being slow.
                rest = rest[self._line().send(rest) :]
        except TimeoutError:
            raise self._broken(Says.TOOK_NOTHING, seconds=f"{self._stall:g}") from None
        except OSError as error:
            raise self._broken(Says.CONNECTION_BROKE, why=_why(error)) from None

    def read(self, seconds: float) -> bytes:
        if not self._device:
            return b""
        line = self._line()
        try:
            line.settimeout(seconds)
            data = line.recv(256)
        except (TimeoutError, BlockingIOError):
            return b""
        except OSError as error:
            raise self._broken(Says.CONNECTION_BROKE, why=_why(error)) from None
        finally:
            line.settimeout(self._stall)
        if not data:
            raise self._broken(Says.CONNECTION_CLOSED)
        return data

    def close(self) -> None:
        line, self._device = self._device, False
        if line:
            line.close()

    def _line(self) -> socket.socket:
        line: Any = self._device
        if not line:
            raise self._broken(Says.LINE_CLOSED)
        assert isinstance(line, socket.socket)
        return line

    def _broken(self, how: Says, **params: Sentence) -> SendingInterrupted:
        return SendingInterrupted(told(how, place=self.place, **params))


def link(config: PrinterConfig) -> Link:
    """The line of a `[[printers]]` table."""
    return NetworkPrinter(config.host, config.port, config.timeout)


def _noticing(line: socket.socket, stall: float) -> None:
    """A pulled cable shows after `stall` seconds, also while the line is idle, instead of after a quarter of an hour."""
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(stall * 1000))
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 5)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 2)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3)


_WHY = {
    errno.ECONNREFUSED: Says.REFUSED,
    errno.EHOSTUNREACH: Says.NO_WAY,
    errno.ENETUNREACH: Says.NO_WAY,
    errno.ECONNRESET: Says.RESET,
    errno.EPIPE: Says.RESET,
}


def _why(error: OSError) -> Sentence:
    if isinstance(error, TimeoutError):
        return Told(Says.NO_ANSWER_IN_TIME)
    if isinstance(error, socket.gaierror):
        return Told(Says.NAME_UNKNOWN)
    known = _WHY.get(error.errno or 0)
    return Told(known) if known else (error.strerror or str(error)).lower()
