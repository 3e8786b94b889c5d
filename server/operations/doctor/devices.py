"""Printers, displays and LED boards."""

from __future__ import annotations

import os
from collections.abc import Container, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from printers.devices import PrinterConfig, open_device
from printers.errors import PrinterError
from printers.status import PrinterStatus, State
from server.access.devices import devices
from server.clock import MS
from server.errors import N_
from server.operations.doctor.findings import Finding, Level
from server.printing.telling import besides
from server.settings import BoardSettings

SEEN_MS = 11 * 60 * MS
"""An open screen is noted as seen at least every five minutes (server/access/activity.py)."""

_PRINTER: Mapping[State, tuple[Level, str, str]] = {
    "ready": ("good", N_("Printer %(printer)s is ready."), ""),
    "near-end": (
        "warning",
        N_("Printer %(printer)s has little paper left."),
        N_("Keep a new roll at hand. Tickets are still printed."),
    ),
    "paper-out": (
        "fault",
        N_("Printer %(printer)s has no paper."),
        N_("Put a new roll in and close the cover. Tickets of the last minutes are then printed by themselves."),
    ),
    "cover-open": (
        "fault",
        N_("The cover of printer %(printer)s is open."),
        N_("Close the cover until it clicks. Tickets of the last minutes are then printed by themselves."),
    ),
    "offline": (
        "fault",
        N_("Printer %(printer)s is not reachable."),
        N_("See that the printer is switched on and its cables are plugged in. It is found again by itself."),
    ),
    "error": (
        "fault",
        N_("Printer %(printer)s has a fault."),
        N_("Open the cover, take out jammed paper, then switch the printer off and on. If it stays so, have it repaired."),
    ),
    "unknown": (
        "warning",
        N_("Printer %(printer)s does not say how it is."),
        N_("This printer does not tell how it is. Look whether tickets come out."),
    ),
}


def printer(config: PrinterConfig) -> Finding:
    """Ask one printer how it is; only where no server holds it."""
    try:
        device = open_device(config)
    except PrinterError as error:
        return of_printer(config.name, PrinterStatus("error", error.told))
    status = device.status()
    device.close()
    return of_printer(config.name, status)


def of_printer(name: str, status: PrinterStatus) -> Finding:
    """What a printer's status means to a person."""
    level, message, remedy = _PRINTER[status.state]
    return Finding(level, message, remedy, {"printer": name}, besides(status) if level != "good" else "")


def board(config: BoardSettings) -> Finding | None:
    """Whether a LED board's device is there for this program; None for one behind the network, which only its server can ask.

    The device itself is left alone: a running server holds it.
    """
    params = {"board": config.name, "port": config.port}
    if "://" in config.port:
        return None
    if os.access(config.port, os.R_OK | os.W_OK):
        return Finding("good", N_("The line of board %(board)s is there."), params=params)
    remedy = N_("See that it is plugged in, and that the service may use devices: docs/screens-machines.md.")
    return Finding("warning", N_("Board %(board)s can't be reached: %(port)s is not there or may not be opened."), remedy, params)


def displays(conn: Any, connected: Container[str] | None, at: int) -> Iterator[Finding]:
    """The paired displays that are not there; `connected` holds the proofs of the open ones.

    Where it is None no server was asked, and the time at which each was last seen speaks (UTC ms, as `at`).
    """
    paired = [one for one in devices(conn) if one.role == "display"]
    if not paired:
        yield Finding("good", N_("No display is paired."))
    missing = [
        one for one in paired if (one.proof not in connected if connected is not None else at - (one.last_seen_at or 0) > SEEN_MS)
    ]
    remedy = N_("See that its PC and screen are switched on and reach the network: docs/screens-machines.md.")
    for one in missing:
        if one.last_seen_at is None:
            yield Finding("warning", N_("The display “%(name)s” was never connected."), remedy, {"name": one.name})
        else:
            params = {"name": one.name, "time": datetime.fromtimestamp(one.last_seen_at / MS, UTC)}
            message = N_("The display “%(name)s” is not connected; it was last seen at %(time)s.")
            yield Finding("warning", message, remedy, params)
    if paired and not missing:
        yield Finding("good", N_("All displays are connected (%(count)s)."), params={"count": len(paired)})
