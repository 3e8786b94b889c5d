"""What goes on while the rest of the hall ends its day: services that never close, or are open over the change of day.

Pure but for what is passed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

from server.clock import MS
from server.opening.calendar import Stretch, stretch
from server.opening.writing import Opening

QUIET_MS = 12 * 3600 * MS
"""Of whom nothing was heard for so long, by the steady clock, has gone: nobody waits longer at a service that never closes."""


def open_at(decided: Opening, services: Iterable[str], at: int, zone: ZoneInfo) -> frozenset[str]:
    """Of these services, those that are open at an instant (UTC ms)."""
    return _those(decided, services, at, zone, lambda found: found.open)


def open_over(decided: Opening, services: Iterable[str], change: int, zone: ZoneInfo) -> frozenset[str]:
    """Of these services, those that are open before and after the instant (UTC ms) at which the day changes."""
    return _those(decided, services, change - 1, zone, lambda found: found.open and (found.until is None or found.until > change))


def _those(decided: Opening, services: Iterable[str], at: int, zone: ZoneInfo, wanted: Callable[[Stretch], bool]) -> frozenset[str]:
    """Hours that the hall does not keep to say nothing, but that a service never closes is said of the service itself."""

    def holds(service: str) -> bool:
        own = decided.calendar.services.get(service)
        if own is not None and own.always:
            return True
        return decided.kept and wanted(stretch(lambda day: decided.calendar.service_on(service, day), at, zone))

    return frozenset(one for one in services if holds(one))
