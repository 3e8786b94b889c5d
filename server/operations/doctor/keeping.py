"""Backups: that there is a fresh one in every place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from server.errors import N_
from server.operations.backup.making import last_backups
from server.operations.doctor.findings import Finding
from server.settings import Settings


def look(folder: Path, settings: Settings, now: datetime | None = None) -> Iterator[Finding]:
    """One finding a place, and one when there are backups, but on this machine's own disk only."""
    now = now or datetime.now(UTC)
    known = last_backups(folder)
    for place in settings.backup.to:
        yield _place(place, known.get(place), now, timedelta(hours=settings.backup.warn_after_h))
    elsewhere = settings.standby.to is not None or any(place.startswith(("/", "ssh://")) for place in settings.backup.to)
    if not elsewhere and any(known[place].get("good_at") for place in settings.backup.to if place in known):
        yield Finding(
            "warning",
            N_("Every backup is on this machine's own disk, and would be lost with it."),
            N_("Name a USB stick or a second PC under [backup] in unit.toml: see docs/backup.md."),
        )


def _place(place: str, state: dict[str, str | None] | None, now: datetime, limit: timedelta) -> Finding:
    remedy = N_("Make one now: istiqbal backup; and let the timer do it: see docs/backup.md.")
    good = state.get("good_at") if state else None
    if good is None:
        return Finding("warning", N_("There is no backup yet in %(place)s."), remedy, {"place": place})
    made_at, detail = datetime.fromisoformat(good), (state or {}).get("error") or ""
    params = {"place": place, "time": made_at, "detail": detail}
    if detail:
        return Finding("fault", N_("The last backup to %(place)s failed: %(detail)s"), remedy, params)
    if now - made_at > limit:
        return Finding("fault", N_("The last backup in %(place)s is of %(time)s."), remedy, params)
    return Finding("good", N_("The last backup in %(place)s is of %(time)s."), params=params)
