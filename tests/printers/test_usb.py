"""USB without a plug: what pyusb gives, as objects that behave like a printer's."""

from types import SimpleNamespace
from typing import Any

import pytest
import usb.core

from printers.devices.device import Device
from printers.devices.usb import UsbPrinter
from printers.receiver.printer import SoftwarePrinter
from printers.spool import deliver
from tests.printers.fakes import PAGE
from tests.printers.samples import FRENCH, device, nothing


class FakeBus:
    """One plug with, or without, a printer in it."""

    def __init__(self) -> None:
        self.printer = SoftwarePrinter(576, PAGE)
        self.plugged, self.reading, self.resets, self.detached = True, True, 0, 0
        self.answers = b""
        self.kind = 7
        self.error: Exception | None = None

    def find(self, **ids: int) -> Any:
        if self.error:
            raise self.error
        return FakeUsbDevice(self) if self.plugged and ids == {"idVendor": 0x04B8, "idProduct": 0x0202} else None


class FakeEnd:
    def __init__(self, bus: FakeBus, address: int) -> None:
        self.bus, self.bEndpointAddress = bus, address

    def write(self, data: bytes, milliseconds: int) -> int:
        if not self.bus.plugged:
            raise usb.core.USBError("No such device", errno=19)
        if not self.bus.reading:
            raise usb.core.USBTimeoutError("timed out", errno=110)
        self.bus.answers += self.bus.printer.receive(data)
        return len(data)

    def read(self, size: int, milliseconds: int) -> bytes:
        if not self.bus.plugged:
            raise usb.core.USBError("No such device", errno=19)
        data, self.bus.answers = self.bus.answers[:size], self.bus.answers[size:]
        if not data:
            raise usb.core.USBTimeoutError("timed out", errno=110)
        return data


class FakeInterface(list[FakeEnd]):
    bInterfaceNumber = 0  # noqa: N815  # pyusb's name

    def __init__(self, bus: FakeBus) -> None:
        super().__init__([FakeEnd(bus, 0x82), FakeEnd(bus, 0x01)])
        self.bInterfaceClass = bus.kind


class FakeUsbDevice:
    def __init__(self, bus: FakeBus) -> None:
        self.bus = bus
        self._ctx = SimpleNamespace(managed_claim_interface=self.nothing, dispose=self.nothing)

    def nothing(self, *_: Any) -> None: ...

    def get_active_configuration(self) -> list[FakeInterface]:
        return [FakeInterface(self.bus)]

    def is_kernel_driver_active(self, _: int) -> bool:
        return True

    def detach_kernel_driver(self, _: int) -> None:
        self.bus.detached += 1

    def reset(self) -> None:
        self.bus.resets += 1


@pytest.fixture
def bus() -> FakeBus:
    return FakeBus()


@pytest.fixture
def printer(bus: FakeBus) -> Device:
    config = device("usb", vendor_id=0x04B8, product_id=0x0202, answer_timeout=0.2).config
    return Device(config, UsbPrinter(config.vendor_id, config.product_id, config.timeout, bus.find))


def test_it_prints_by_vendor_and_product_without_resetting_the_printer(bus: FakeBus, printer: Device) -> None:
    from printers import encode

    assert deliver(printer, encode(FRENCH, printer.profile), nothing).kind == "confirmed"
    assert len(bus.printer.tickets) == 1
    assert (bus.resets, bus.detached) == (0, 1)


def test_it_finds_a_printer_again_that_was_unplugged(bus: FakeBus, printer: Device) -> None:
    assert printer.status().state == "ready"
    bus.plugged = False
    outcome = deliver(printer, b"x", nothing)
    assert outcome.kind == "failed"
    assert "USB 04b8:0202" in str(outcome.reason)
    bus.plugged = True
    assert deliver(printer, b"x\n\x1dVB\0", nothing).kind == "confirmed"


def test_it_tells_the_faults_of_a_usb_printer(bus: FakeBus, printer: Device) -> None:
    bus.printer.faults.add("cover-open")
    assert printer.status().state == "cover-open"


def test_it_gives_up_a_usb_printer_that_takes_nothing(bus: FakeBus, printer: Device) -> None:
    def stop_reading() -> None:
        bus.reading = False

    assert printer.status().state == "ready"
    assert deliver(printer, b"x", stop_reading).kind == "unknown"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (usb.core.NoBackendError("no backend"), "libusb-1.0-0"),
        (usb.core.USBError("Access denied", errno=13), "udev"),
        (usb.core.USBError("Busy", errno=16), "another program"),
    ],
)
def test_it_says_why_usb_does_not_work(bus: FakeBus, printer: Device, error: Exception, words: str) -> None:
    bus.error = error
    assert words in str(printer.status().detail)


def test_it_refuses_a_device_that_is_no_printer(bus: FakeBus, printer: Device) -> None:
    bus.kind = 3
    assert "not a printer" in str(printer.status().detail)
