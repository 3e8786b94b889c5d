"""A printer on a serial line: python-escpos's Serial, with flow control and a limit to standing still.

Its own `open` sets neither RTS/CTS nor XON/XOFF on Linux and no write timeout, so a printer that has no paper
blocks for ever; its `close` waits until everything is sent. `device` may be a path, `rfc2217://host:port` or
`socket://host:port`.
"""

from __future__ import annotations

import errno
from contextlib import suppress
from typing import Any

import serial

from printers.devices.config import PrinterConfig
from printers.devices.escpos import Serial
from printers.devices.link import Link
from printers.errors import PrinterUnreachable, SendingInterrupted
from printers.told import Says, Sentence, Told, told

#: Bytes handed over at a time: the time limit is for standing still, not for being slow.
_CHUNK = 256


class SerialPrinter(Serial):  # type: ignore[misc, unused-ignore]
    """A serial line that opens itself, is given up when nothing moves for `stall` seconds, and says why."""

    def __init__(self, device: str, baudrate: int, flow: str, stall: float) -> None:
        super().__init__(devfile=device, baudrate=baudrate, timeout=0, xonxoff=flow == "xonxoff", dsrdtr=False)
        self._rtscts, self._stall = flow == "rtscts", stall
        self._stuck = False

    @property
    def place(self) -> str:
        return str(self.devfile)

    def open(self, raise_not_found: bool = True) -> bool:  # type: ignore[override, unused-ignore]
        if self._device:
            return False
        try:
            line: Any = serial.serial_for_url(
                self.devfile,
                baudrate=self.baudrate,
                timeout=0,
                # pyserial's RFC 2217 client refuses a write timeout; its socket gives up after 5 s by itself.
                write_timeout=None if self.devfile.startswith("rfc2217:") else self._stall,
                xonxoff=self.xonxoff,
                rtscts=self._rtscts,
                exclusive=None if "://" in self.devfile else True,
            )
            line.reset_input_buffer()
        except (OSError, ValueError) as error:  # SerialException is an OSError
            raise PrinterUnreachable(told(Says.NOT_OPENED, place=self.place, why=_why(error))) from None
        self._device, self._stuck = line, False
        return True

    def write(self, data: bytes) -> None:
        for start in range(0, len(data), _CHUNK):
            try:
                self._line().write(data[start : start + _CHUNK])
            except serial.SerialTimeoutException:
                self._stuck = True
                raise SendingInterrupted(told(Says.TOOK_NOTHING, place=self.place, seconds=f"{self._stall:g}")) from None
            except OSError as error:
                raise self._broken(error) from None

    def read(self, seconds: float) -> bytes:
        if not self._device:
            return b""
        line = self._line()
        try:
            line.timeout = seconds
            first = line.read(1)
            return bytes(first + line.read(line.in_waiting)) if first else b""
        except OSError as error:
            raise self._broken(error) from None

    def close(self) -> None:
        line, self._device = self._device, False
        if not line:
            return
        with suppress(OSError):
            if self._stuck:  # else closing would wait for a printer that takes nothing
                line.reset_output_buffer()
            line.close()

    def _line(self) -> Any:
        if not self._device:
            raise SendingInterrupted(told(Says.LINE_CLOSED, place=self.place))
        return self._device

    def _broken(self, error: OSError) -> SendingInterrupted:
        return SendingInterrupted(told(Says.LINE_BROKE, place=self.place, why=error.strerror or Told(Says.HUNG_UP)))


def link(config: PrinterConfig) -> Link:
    """The line of a `[[printers]]` table."""
    return SerialPrinter(config.device, config.baudrate, config.flow, config.timeout)


def _why(error: Exception) -> Sentence:
    number = getattr(error, "errno", None)
    if number in (errno.ENOENT, errno.ENXIO, errno.ENODEV):
        return told(Says.NO_SUCH_DEVICE, command="ls /dev/serial/by-id")
    if number == errno.EACCES:
        return told(Says.NOT_IN_GROUP, group="dialout")
    if number in (errno.EBUSY, errno.EAGAIN):
        return Told(Says.IN_USE)
    return str(error).rstrip(".")
