"""Whether a ticket is given now, for each service: the manager's switch, the hours, and the forecast before closing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from server import setup
from server.clock import MS, Moment, local
from server.errors import N_, Refused
from server.opening.calendar import Stretch, stretch
from server.opening.forecast import LONGEST_S, WaitForecast, forecast
from server.opening.nights import open_over
from server.opening.store import opening
from server.opening.writing import Opening
from server.setup import Service
from server.visits import Caller, Order

BY_HAND, HOURS, FULL = "by-hand", "hours", "full"
"""Why no ticket is given: a manager closed the service; its hours; today's visitors can't all be served any more."""
MINUTE_MS = 60 * MS


class ClosedUntilToday(Refused):
    status, slug = 409, "closed"
    message = N_("Closed at the moment. We open again today at %(time)s.")


class ClosedUntil(Refused):
    status, slug = 409, "closed"
    message = N_("Closed at the moment. We open again on %(opens)s.")


class Closed(Refused):
    status, slug = 409, "closed"
    message = N_("Closed at the moment.")


class FullUntil(Refused):
    status, slug = 409, "full"
    message = N_("So many people wait that a new visitor could not be served before closing. Please come on %(opens)s.")


class Full(Refused):
    status, slug = 409, "full"
    message = N_("So many people wait that a new visitor could not be served before closing. Please come another day.")


@dataclass(frozen=True, slots=True)
class Door:
    """A service's door: `open`, or why it is not (BY_HAND, HOURS, FULL) and when it opens again (UTC ms, if known).

    `for_priority`: who has a priority still gets a ticket though it is full.
    """

    open: bool
    why: str | None = None
    opens_at: int | None = None
    for_priority: bool = False


OPEN = Door(True)


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read off the calendar for one minute."""

    decided: Opening
    minute: int
    stretches: dict[str, Stretch]


@dataclass(frozen=True, slots=True)
class _Night:
    """What was read off the calendar for one change of day."""

    decided: Opening
    services: tuple[str, ...]
    change: int
    over: frozenset[str]


class Doors:
    """Looks at the doors of one unit. The forecast can be another one."""

    def __init__(self, zone: ZoneInfo, wait_forecast: WaitForecast = forecast) -> None:
        self._zone = zone
        self.wait_forecast = wait_forecast
        self._read = _Read(Opening(), 0, {})
        self._night = _Night(self._read.decided, (), 0, frozenset())

    def look(self, conn: Any, now: Moment, services: Iterable[Service]) -> dict[str, Door]:
        """The door of each of these services at this moment."""
        decided = opening(conn)
        return {service.id: self._door(conn, now, decided, service) for service in services}

    def admit(self, conn: Any, now: Moment, order: Order, caller: Caller) -> None:
        """Raises a Refused when a kiosk may not give this ticket now. A clerk or manager may: a person decides."""
        if caller.role != "kiosk":
            return
        decided = opening(conn)
        door = self._door(conn, now, decided, setup.service(conn, order.service))
        if door.for_priority and order.priority is not None:
            return
        if not door.open and door.why != BY_HAND:
            raise self._refusal(now, door)

    def open_overnight(self, conn: Any, today: str) -> frozenset[str]:
        """The services that were open when the service day `today` began and before it; read off the calendar once a day."""
        decided, change = opening(conn), setup.day_begins(conn, today, self._zone)
        services = tuple(row[0] for row in conn.execute("SELECT id FROM services ORDER BY id"))
        read = self._night
        if read.decided is not decided or (read.services, read.change) != (services, change):
            read = self._night = _Night(decided, services, change, open_over(decided, services, change, self._zone))
        return read.over

    def _door(self, conn: Any, now: Moment, decided: Opening, service: Service) -> Door:
        if not service.open:
            return Door(False, BY_HAND)
        if not decided.kept:
            return OPEN
        found = self._stretch(decided, service.id, now.at // MINUTE_MS)
        if not found.open:
            return Door(False, HOURS, found.opens)
        if decided.turn_away and self._too_late(conn, now, decided, service, found):
            return Door(False, FULL, found.opens_another_day, decided.priorities_always)
        return OPEN

    def _stretch(self, decided: Opening, service: str, minute: int) -> Stretch:
        """Hours begin and end on whole minutes, so each is read off the calendar once a minute, not once a snapshot."""
        if self._read.decided is not decided or self._read.minute != minute:
            self._read = _Read(decided, minute, {})
        known = self._read.stretches
        if service not in known:
            at = minute * MINUTE_MS
            known[service] = stretch(lambda day: decided.calendar.service_on(service, day), at, self._zone)
        return known[service]

    def _too_late(self, conn: Any, now: Moment, decided: Opening, service: Service, found: Stretch) -> bool:
        """Whether a newcomer would be called later than the margin before the last closing of today."""
        if found.opens_another_day is not None and found.until is not None and found.opens_another_day <= found.until:
            return False  # open over midnight
        left_s = found.left_ms / MS - decided.margin_min * 60
        if not waiting_could_fill(conn, left_s):
            return False
        wait_s = self.wait_forecast(conn, now, service.id)
        return wait_s is not None and wait_s > left_s

    def _refusal(self, now: Moment, door: Door) -> Refused:
        if door.opens_at is None:
            return Full() if door.why == FULL else Closed()
        opens = local(door.opens_at, self._zone)
        if door.why == FULL:
            return FullUntil(opens=opens)
        if opens.date() == local(now.at, self._zone).date():
            return ClosedUntilToday(time=opens)
        return ClosedUntil(opens=opens)


def waiting_could_fill(conn: Any, left_s: float) -> bool:
    """A cheap look before the forecast: with nobody taking longer than LONGEST_S, could who waits fill the time left?"""
    (waiting,) = conn.execute("SELECT COALESCE(SUM(count), 0) FROM waiting").fetchone()
    return bool(waiting * LONGEST_S > left_s)
