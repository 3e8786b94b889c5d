"""A printer behind a device node such as /dev/usb/lp0: python-escpos's File, without blocking for ever.

Its own `open` makes a file where a device is missing, so that a mistyped name prints into nothing.
"""

from __future__ import annotations

import errno
import os
import select

from printers.devices.config import PrinterConfig
from printers.devices.escpos import File
from printers.devices.link import Link
from printers.errors import PrinterUnreachable, SendingInterrupted
from printers.told import Says, Sentence, Told, told


class FilePrinter(File):  # type: ignore[misc, unused-ignore]
    """A device node that opens itself and is given up when it takes nothing for `stall` seconds."""

    def __init__(self, device: str, stall: float, answers: bool) -> None:
        super().__init__(devfile=device)
        self._stall, self._answers = stall, answers
        self._number: int | None = None

    @property
    def place(self) -> str:
        return str(self.devfile)

    def open(self, raise_not_found: bool = True) -> bool:  # type: ignore[override, unused-ignore]
        if self._number is not None:
            return False
        mode = os.O_RDWR if self._answers else os.O_WRONLY
        try:
            self._number = os.open(self.devfile, mode | os.O_APPEND | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise PrinterUnreachable(told(Says.NOT_OPENED, place=self.place, why=_why(error))) from None
        return True

    def write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(self._open_number(), rest) :]
            except BlockingIOError:
                self._wait()
            except OSError as error:
                raise SendingInterrupted(told(Says.LINE_BROKE, place=self.place, why=str(error.strerror))) from None

    def read(self, seconds: float) -> bytes:
        if self._number is None or not self._answers:
            return b""
        try:
            if not select.select([self._number], [], [], seconds)[0]:
                return b""
            return os.read(self._number, 256)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise SendingInterrupted(told(Says.LINE_BROKE, place=self.place, why=str(error.strerror))) from None

    def close(self) -> None:
        number, self._number = self._number, None
        if number is not None:
            os.close(number)

    def _wait(self) -> None:
        if not select.select([], [self._open_number()], [], self._stall)[1]:
            raise SendingInterrupted(told(Says.TOOK_NOTHING, place=self.place, seconds=f"{self._stall:g}"))

    def _open_number(self) -> int:
        if self._number is None:
            raise SendingInterrupted(told(Says.LINE_CLOSED, place=self.place))
        return self._number


def link(config: PrinterConfig) -> Link:
    """The line of a `[[printers]]` table."""
    return FilePrinter(config.device, config.timeout, config.answers != "no")


def _why(error: OSError) -> Sentence:
    if error.errno in (errno.ENOENT, errno.ENXIO, errno.ENODEV):
        return told(Says.NO_SUCH_DEVICE, command="ls /dev/usb")
    if error.errno == errno.EACCES:
        return told(Says.NOT_IN_GROUP, group="lp")
    if error.errno == errno.EBUSY:
        return Told(Says.IN_USE)
    return str(error.strerror)
