"""A printer on this machine's own USB: python-escpos's Usb, found by vendor and product id.

Its own `open` resets the device, which loses the end of a ticket, and guesses the end points; its reads and writes
know no time limit. Unplugged and plugged in again, the printer is found anew at the next use.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import Any

from printers.devices.config import PrinterConfig
from printers.devices.escpos import Usb
from printers.devices.link import Link
from printers.errors import PrinterUnreachable, SendingInterrupted
from printers.told import Says, Sentence, Told, told

try:
    import usb.core
    import usb.util
except ImportError as missing:
    raise PrinterUnreachable(told(Says.USB_PACKAGE)) from missing

_PRINTER_CLASS = 7
#: Bytes handed over at a time: the time limit is for standing still, not for being slow.
_CHUNK = 4096
_READ = 64

Find = Callable[..., Any]


class UsbPrinter(Usb):  # type: ignore[misc, unused-ignore]
    """A USB printer that opens itself, is given up when nothing moves for `stall` seconds, and says why."""

    def __init__(self, vendor_id: int, product_id: int, stall: float, find: Find = usb.core.find) -> None:
        super().__init__(idVendor=vendor_id, idProduct=product_id)
        self._find, self._stall = find, stall
        self._ids = (vendor_id, product_id)
        self._interface: Any = None
        self._out: Any = None
        self._in: Any = None

    @property
    def place(self) -> str:
        return f"USB {self._ids[0]:04x}:{self._ids[1]:04x}"

    def open(self, raise_not_found: bool = True) -> bool:  # type: ignore[override, unused-ignore]
        if self._device:
            return False
        try:
            device = self._find(idVendor=self._ids[0], idProduct=self._ids[1])
            if device is None:
                raise PrinterUnreachable(told(Says.USB_NOT_PLUGGED, place=self.place))
            self._claim(device)
        except usb.core.NoBackendError:
            raise PrinterUnreachable(told(Says.USB_LIBRARY)) from None
        except usb.core.USBError as error:
            raise PrinterUnreachable(told(Says.NOT_OPENED, place=self.place, why=_why(error))) from None
        self._device = device
        return True

    def write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            self._line()
            try:
                rest = rest[self._out.write(bytes(rest[:_CHUNK]), int(self._stall * 1000)) :]
            except usb.core.USBTimeoutError:
                raise SendingInterrupted(told(Says.TOOK_NOTHING, place=self.place, seconds=f"{self._stall:g}")) from None
            except usb.core.USBError as error:
                raise self._broken(error) from None

    def read(self, seconds: float) -> bytes:
        if not self._device or self._in is None:
            return b""
        try:
            return bytes(self._in.read(_READ, max(1, int(seconds * 1000))))
        except usb.core.USBTimeoutError:
            return b""
        except usb.core.USBError as error:
            raise self._broken(error) from None

    def close(self) -> None:
        device, self._device = self._device, False
        if device:
            usb.util.dispose_resources(device)

    def _claim(self, device: Any) -> None:
        """Takes the printer from the kernel's usblp and finds its end points; no reset, which would lose paper."""
        interface = _printer_interface(device)
        if interface is None:
            raise PrinterUnreachable(told(Says.USB_NOT_A_PRINTER, place=self.place))
        try:
            if device.is_kernel_driver_active(interface.bInterfaceNumber):
                device.detach_kernel_driver(interface.bInterfaceNumber)
        except NotImplementedError:
            pass  # a system whose kernel takes no printers
        usb.util.claim_interface(device, interface.bInterfaceNumber)
        self._out = _end_point(interface, usb.util.ENDPOINT_OUT)
        self._in = _end_point(interface, usb.util.ENDPOINT_IN)

    def _line(self) -> Any:
        if not self._device:
            raise SendingInterrupted(told(Says.LINE_CLOSED, place=self.place))
        return self._device

    def _broken(self, error: Exception) -> SendingInterrupted:
        return SendingInterrupted(told(Says.USB_GONE, place=self.place, why=_why(error)))


def link(config: PrinterConfig) -> Link:
    """The line of a `[[printers]]` table."""
    return UsbPrinter(config.vendor_id, config.product_id, config.timeout)


def _printer_interface(device: Any) -> Any:
    for interface in device.get_active_configuration():
        if interface.bInterfaceClass == _PRINTER_CLASS:
            return interface
    return None


def _end_point(interface: Any, direction: int) -> Any:
    return usb.util.find_descriptor(
        interface, custom_match=lambda point: usb.util.endpoint_direction(point.bEndpointAddress) == direction
    )


def _why(error: Exception) -> Sentence:
    number = getattr(error, "errno", None)
    if number == errno.EACCES:
        return Told(Says.NO_UDEV_RULE)
    if number == errno.EBUSY:
        return Told(Says.IN_USE)
    if number in (errno.ENODEV, errno.EIO, errno.EPIPE):
        return Told(Says.PULLED)
    return str(error)
