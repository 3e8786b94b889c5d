"""Printers."""

from __future__ import annotations

from printers.devices import PrinterConfig, open_device
from printers.errors import PrinterError
from server.errors import N_
from server.operations.doctor.findings import Finding, Level


def printer(config: PrinterConfig) -> Finding:
    """Ask one printer how it is."""
    params = {"printer": config.name}
    try:
        device = open_device(config)
    except PrinterError as error:
        return Finding(
            "fault", N_("Printer %(printer)s: %(detail)s"), N_("See docs/printing.md."), {**params, "detail": str(error)}
        )
    status = device.status()
    device.close()
    level: Level = "fault" if status.blocks else "good" if status.state == "ready" else "warning"
    return Finding(
        level,
        N_("Printer %(printer)s is %(state)s. %(detail)s"),
        "" if level == "good" else N_("See the table of states in docs/printing.md."),
        {**params, "state": status.state, "detail": status.detail},
    )
