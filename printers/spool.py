"""One job to one printer, told honestly: confirmed, failed (nothing was sent) or unknown (something may be on paper).

The caller keeps the states: `queued` before `deliver`, `sending` in `on_sending`, and the outcome afterwards. A job
found in `sending` after a crash is `unknown`: it is never printed again by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal

from printers import commands
from printers.devices.device import Device
from printers.errors import PrinterError, PrinterUnreachable, SendingInterrupted
from printers.profiles import Profile
from printers.status import NOT_ASKED, PrinterStatus
from printers.told import Says, Sentence, told

Kind = Literal["confirmed", "failed", "unknown"]
Evidence = Literal["process-id", "status", "written", ""]


@dataclass(frozen=True)
class Outcome:
    """What became of a job."""

    CONFIRMED: ClassVar[Kind] = "confirmed"
    FAILED: ClassVar[Kind] = "failed"
    UNKNOWN: ClassVar[Kind] = "unknown"

    kind: Kind
    reason: Sentence = ""
    """One sentence when it is not confirmed."""
    status: PrinterStatus = NOT_ASKED
    """The printer as it was last seen."""
    evidence: Evidence = ""
    """What a confirmation rests on; `written` when the printer can't answer and the installer said so."""


def deliver(device: Device, data: bytes, on_sending: Callable[[], None], *, after_cut: bool = False) -> Outcome:
    """Prints `data` unless a fault shows. Never raises what a printer does, only what `on_sending` raises.

    `on_sending` is called just before the first byte goes out and must have stored that fact when it returns.
    `after_cut`: the job before this one may have been cut in the middle (a crash while sending), so that the
    printer may still wait for the rest of a picture; a device that saw it happen knows by itself.
    """
    with device.lock:
        kept = bool(device.stored)
        status = device.status()
        if (after_cut or device.cut_short) and status.state not in ("paper-out", "cover-open", "error"):
            status = _recovered(device)
        if status.blocks:
            return Outcome("failed", status.detail, status)
        if kept and not device.stored:
            # Another printer may be behind the line now: what the job refers to may not be in it.
            return Outcome("failed", told(Says.CONNECTED_ANEW), status)
        on_sending()
        try:
            device.send(data)
        except PrinterUnreachable as error:
            return Outcome("failed", error.told, PrinterStatus("offline", error.told))
        except SendingInterrupted as error:
            return _lost(device, error.told)
        return _confirmed(device, device.config.patience(len(data)))


def _recovered(device: Device) -> PrinterStatus:
    """The printer's state once it no longer waits for the rest of a cut job, which would swallow questions too."""
    try:
        device.recover(recovery(device.profile))
    except PrinterError as error:
        device.close()
        return PrinterStatus("offline", error.told)
    return device.status()


def _lost(device: Device, reason: Sentence, status: PrinterStatus | None = None) -> Outcome:
    """Something may be on paper. A late answer to this job must not confirm the next one, so the line is closed."""
    device.close()
    device.cut_short = True
    return Outcome("unknown", reason, status or PrinterStatus("offline", reason))


def recovery(profile: Profile) -> bytes:
    """Ends whatever command a cut job left open: its picture is filled with white, then the printer is reset and the
    torso of the ticket is cut off."""
    rest = commands.longest(profile.width_dots)
    return b"\0" * rest + commands.CANCEL + commands.INITIALIZE + commands.cut(profile.cut)


def _confirmed(device: Device, seconds: float) -> Outcome:
    config = device.config
    if config.answers == "no" or config.confirm == "none":
        return Outcome("confirmed", status=device.last_status, evidence="written")
    if not device.answers:
        return Outcome("unknown", told(Says.NOT_CONFIRMED, status=device.last_status.detail))
    try:
        status = device.confirm(seconds)
    except SendingInterrupted as error:
        return _lost(device, error.told)
    if status is None:
        return _lost(device, told(Says.NOT_SAID, seconds=round(seconds)), NOT_ASKED)
    if status.blocks:
        return _lost(device, told(Says.FAULT_MEANWHILE, status=status.detail), status)
    evidence: Evidence = "process-id" if device.by_process_id else "status"
    return Outcome("confirmed", status=status, evidence=evidence)
