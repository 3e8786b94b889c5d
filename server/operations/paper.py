"""Test prints and previews: what a ticket of this unit looks like, on paper or as a picture."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from printers.devices import PrinterConfig, open_device
from printers.drawing import preview
from printers.encoding import encode
from printers.errors import PrinterError
from printers.slip import Slip
from printers.spool import deliver
from server import setup
from server.clock import wall_ms
from server.errors import UnitError
from server.files import write_whole
from server.printing.slips import example, slip_of
from server.settings import Settings
from server.setup.slip import choices


def example_slip(conn: Any, settings: Settings, language: str, service: str | None, *, on_paper: bool) -> Slip:
    """The ticket 42 of a service (the first one when None is named), marked as a test on paper; raises UnknownService."""
    chosen = setup.service(conn, service) if service else setup.services(conn)[0]
    return slip_of({**example(chosen, language, wall_ms()), "test": on_paper}, chosen, settings, choices(conn))


def write_preview(slip: Slip, width_dots: int, path: Path) -> None:
    """The slip as a PNG; raises UnitError when the file can't be written."""
    out = io.BytesIO()
    preview(slip, width_dots).save(out, format="PNG")
    try:
        write_whole(path, out.getvalue())
    except OSError as error:
        raise UnitError(f"{path} can't be written: {error.strerror}.") from error


def printer_named(settings: Settings, name: str | None) -> PrinterConfig:
    """A printer of unit.toml by name, or the only one; raises UnitError."""
    if name is None and len(settings.printers) == 1:
        return settings.printers[0]
    for config in settings.printers:
        if config.name == name:
            return config
    known = ", ".join(config.name for config in settings.printers) or "none"
    raise UnitError(f"Name a printer of unit.toml with --printer; there are: {known}.")


def print_slip(slip: Slip, config: PrinterConfig) -> str:
    """Print one slip now; how it went, in a sentence. Raises UnitError when it surely did not come out."""
    try:
        device = open_device(config)
    except PrinterError as error:
        raise UnitError(str(error)) from error
    outcome = deliver(device, encode(slip, device.profile), lambda: None)
    device.close()
    if outcome.kind == "failed":
        raise UnitError(f"{config.name} printed nothing: {outcome.reason}")
    if outcome.kind == "unknown":
        return f"{config.name} may have printed it: {outcome.reason}"
    return f"{config.name} printed it ({outcome.evidence})."
