"""Appointments: the time on a convocation, as the hall's clock shows it, and what it changes in the order of calls."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from server import calling, setup
from server.clock import MS, Moment, local
from server.lifecycle import Leg


def due_at(now: Moment, zone: ZoneInfo, appointment: str | None) -> int | None:
    """`HH:MM` of today's local date as UTC milliseconds; None without an appointment. Raises ValueError for what is no time.

    A time that a change of the clock leaves out or repeats is taken as the clock stood before the change.
    """
    if appointment is None:
        return None
    moment = datetime.combine(local(now.at, zone).date(), time.fromisoformat(appointment), zone)
    return int(moment.timestamp() * MS)


def standing(conn: Any, now: Moment | None, leg: Leg) -> str | None:
    """The priority with which a leg is counted in its queue now: none while its appointment is still to come, or once it was
    put back."""
    if leg.put_back:
        return None
    if leg.due_at is None or now is None:
        return leg.priority
    due_in_ms = leg.due_at - now.at
    first = calling.goes_first(leg.priority, due_in_ms, setup.calling_rules(conn))
    return leg.priority or calling.APPOINTMENT if first else None
