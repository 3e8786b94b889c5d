"""Slips (what a ticket says), devices (how bytes reach paper) and the spool (one job, told honestly).

Imports nothing else of this project, so that it can print for any program.
"""

from printers.devices import Device, PrinterConfig, open_device
from printers.drawing import preview
from printers.encoding import encode
from printers.errors import PrinterConfigError, PrinterError
from printers.slip import Layout, Slip
from printers.spool import Outcome, deliver
from printers.status import PrinterStatus

__all__ = [
    "Device",
    "Layout",
    "Outcome",
    "PrinterConfig",
    "PrinterConfigError",
    "PrinterError",
    "PrinterStatus",
    "Slip",
    "deliver",
    "encode",
    "open_device",
    "preview",
]
