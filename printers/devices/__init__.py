"""How bytes reach paper: the transports, and opening a printer's device.

A new transport is one module with a `link(config)` function and one line in `TRANSPORTS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from printers.devices.config import PrinterConfig
from printers.devices.device import Device
from printers.devices.link import Link
from printers.errors import PrinterConfigError

__all__ = ["TRANSPORTS", "Device", "Link", "PrinterConfig", "PrinterConfigError", "Transport", "open_device"]


@dataclass(frozen=True)
class Transport:
    """A module with `link(config) -> Link`, imported when a printer starts, and the keys it reads."""

    module: str
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)


TRANSPORTS: dict[str, Transport] = {
    "network": Transport("printers.devices.network", ("host",), ("port",)),
    "serial": Transport("printers.devices.serial", ("device",), ("baudrate", "flow")),
    "usb": Transport("printers.devices.usb", ("vendor_id", "product_id")),
    "file": Transport("printers.devices.file", ("device",), defaults={"answers": "no"}),
    "virtual": Transport("printers.devices.virtual", (), ("folder",)),
}


def open_device(config: PrinterConfig) -> Device:
    """The printer of a table, with everything it needs loaded; the line itself is opened when it is first used.

    Takes a third of a second the first time (libraries), so it belongs to the start of a printing worker.
    Raises ShapingMissing where Arabic could not be joined.
    """
    from printers import shaping

    shaping.check()
    shaping.font(23)
    return Device(config, import_module(TRANSPORTS[config.transport].module).link(config))
