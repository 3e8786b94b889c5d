"""Complaints: whether they can be taken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from server.clock import Moment, wall_ms
from server.errors import N_, UnitError
from server.feedback.sealing import Sealer
from server.operations.doctor.findings import Finding
from server.settings import Settings


def look(folder: Path, settings: Settings) -> Iterator[Finding]:
    """One finding about the portal's key, where there is a way to a portal; and one when the unit's own key can't be read."""
    try:
        key = Sealer(folder, settings, lambda: Moment(wall_ms(), 0)).key()
    except UnitError as error:
        remedy = N_("Put the public key where unit.toml names it under [feedback]: see docs/feedback.md.")
        yield Finding("fault", N_("The unit's own key for complaints can't be used: %(detail)s"), remedy, {"detail": str(error)})
        return
    if settings.portal.adapter == "none":  # the installer decided so
        yield Finding("good", N_("Complaints are not taken: no way to the portal is named under [portal] in unit.toml."))
    elif key is None:
        yield Finding(
            "warning",
            N_("Complaints are not taken: the portal's key is missing."),
            N_("Let the unit reach the portal once, or bring the keys: istiqbal portal-keys; see docs/feedback.md."),
        )
    else:
        yield Finding("good", N_("Complaints can be taken and sealed."))
