"""The way to the portal: certificate, clock, last contact, backlog, what was refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from server.clock import MS, wall_ms
from server.errors import N_, UnitError
from server.operations.doctor.findings import Finding
from server.settings import Settings
from server.sync import certificates, line

SILENT_DAYS = 3


def look(conn: Any, folder: Path, settings: Settings) -> Iterator[Finding]:
    """Nothing to look at where nothing is sent."""
    if settings.portal.adapter == "none":
        return
    if settings.portal.certificate is not None:
        yield certificate(folder / settings.portal.certificate, datetime.now(UTC))
    yield _written(conn) if settings.portal.adapter == "folder" else _contact(conn)
    counts = line.look(conn)
    if refused := counts["rejected"] + counts["aside"]:
        yield Finding(
            "warning",
            N_("The portal refused %(count)s deliveries."),
            N_("Read, mend or send them again on the manager's page “The portal”."),
            {"count": refused},
        )


def certificate(path: Path, now: datetime) -> Finding:
    """The unit's own certificate, as the portal will see it at `now`."""
    try:
        validity = certificates.read(path)
    except UnitError as error:
        remedy = N_("Put the certificate where unit.toml names it under [portal]: see docs/sync.md.")
        return Finding("fault", N_("The certificate for the portal: %(detail)s"), remedy, {"detail": str(error)})
    if fault := validity.fault(now):
        remedy = N_("With the right date and a new certificate in its place the unit sends again: see docs/sync.md.")
        return Finding("fault", fault, remedy, validity.params())
    return Finding("good", N_("The certificate for the portal is good until %(ends)s."), params=validity.params())


def _written(conn: Any) -> Finding:
    """Of files for a stick nobody knows when the portal had them; that nothing is written for days is a hall that is closed."""
    if fault := _fault(conn):
        return fault
    at = line.remembered(conn, "contact")
    if at is None:
        return Finding("good", N_("Nothing was written for the portal yet."))
    params = {"time": datetime.fromtimestamp(at / MS, UTC)}
    return Finding("good", N_("Files for the portal were last written at %(time)s."), params=params)


def _fault(conn: Any) -> Finding | None:
    found = line.remembered(conn, "paused") or line.remembered(conn, "fault")
    if found is None:
        return None
    return Finding("warning", found["message"], N_("Nothing is lost: what is owed is kept and sent later."), found["params"])


def _contact(conn: Any) -> Finding:
    if fault := _fault(conn):
        return fault
    at = line.remembered(conn, "contact")
    if at is None:
        return Finding("warning", N_("The portal was never reached yet."), N_("See the manager's page “The portal”."))
    reached, params = N_("The portal was last reached at %(time)s."), {"time": datetime.fromtimestamp(at / MS, UTC)}
    if wall_ms() - at > SILENT_DAYS * 86_400 * MS:
        return Finding("warning", reached, N_("Nothing is lost: what is owed is kept and sent later."), params)
    return Finding("good", reached, params=params)
