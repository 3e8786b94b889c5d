"""What each kiosk offers and each display shows, by the device's name."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from server.errors import N_, Refused
from server.setup.names import Names
from server.setup.services import Service


class NotOfferedHere(Refused):
    status, slug = 409, "not-offered-here"
    message = N_("This kiosk does not offer the service “%(service)s”.")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a screen of the hall shows: ids of services and counters, None for all; a title by language, empty for none."""

    services: frozenset[str] | None = None
    counters: frozenset[int] | None = None
    title: Names = field(default_factory=dict, hash=False)

    @property
    def everything(self) -> bool:
        return self.services is None and self.counters is None and not self.title


def shown_on(conn: Any, role: str, name: str) -> Shown:
    """What the kiosk or the display of this name shows; any other screen shows everything."""
    if role == "kiosk":
        return Shown(services=kiosk_services(conn, name))
    if role == "display":
        row = conn.execute("SELECT title, services, counters FROM display_choices WHERE display = ?", (name,)).fetchone()
        if row:
            title, services, counters = map(json.loads, row)
            return Shown(frozenset(services) or None, frozenset(counters) or None, title)
    return Shown()


def parts_are_shown(conn: Any) -> bool:
    """Whether some display shows only some counters or services."""
    return conn.execute("SELECT 1 FROM display_choices WHERE services <> '[]' OR counters <> '[]' LIMIT 1").fetchone() is not None


def kiosk_services(conn: Any, kiosk: str) -> frozenset[str] | None:
    """The ids of the services that a kiosk offers, None for all."""
    row = conn.execute("SELECT services FROM kiosk_choices WHERE kiosk = ?", (kiosk,)).fetchone()
    return (frozenset(json.loads(row[0])) if row else None) or None


def check_offered(conn: Any, kiosk: str, service: Service) -> None:
    """Raises NotOfferedHere unless this kiosk offers the service."""
    offered = kiosk_services(conn, kiosk)
    if offered is not None and service.id not in offered:
        raise NotOfferedHere(service=service.name)
