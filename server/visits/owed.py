"""What an event owes to a printer or to the portal: deliveries, written in the event's own transaction."""

from __future__ import annotations

from typing import Any

from server.clock import rfc3339
from server.journal import Visit, encode
from server.lifecycle import Event, Leg

PORTAL_EVENTS = frozenset({"served", "no_show", "transferred", "cancelled", "expired"})


def owe_print(conn: Any, event: Event, printer: str, payload: dict[str, Any]) -> None:
    """A slip to print on `printer`."""
    conn.execute(
        "INSERT INTO deliveries(event, kind, target, visit, payload, created_at) VALUES (?, 'print', ?, ?, ?, ?)",
        (event.id, printer, event.visit, encode(payload), event.at),
    )


def owe_portal(conn: Any, event: Event, visit: Visit, leg: Leg) -> None:
    """The end of a leg, as the portal is told of it."""
    owe_event(conn, event, portal_payload(event, visit, leg))


def owe_event(conn: Any, event: Event, payload: dict[str, Any]) -> None:
    """An event `{type, time, day, data}` for the portal; numbered without gaps within this epoch."""
    (sequence,) = conn.execute(
        "UPDATE epochs SET portal_sequence = portal_sequence + 1 WHERE epoch = ? RETURNING portal_sequence", (event.epoch,)
    ).fetchone()
    conn.execute(
        "INSERT INTO deliveries(event, kind, target, payload, sequence, epoch, created_at)"
        " VALUES (?, 'portal', 'portal', ?, ?, ?, ?)",
        (event.id, encode(payload), sequence, event.epoch, event.at),
    )


def portal_payload(event: Event, visit: Visit, leg: Leg) -> dict[str, Any]:
    """A leg for the portal: no name, no clerk, no ticket number; durations in whole seconds."""
    return {
        "type": event.type,
        "time": rfc3339(event.at),
        "day": visit.day,
        "data": {
            "visit": visit.visit,
            "leg": leg.leg,
            "service": leg.service,
            "language": visit.language,
            "priority": leg.priority,
            "counter": leg.counter,
            "joined": rfc3339(leg.joined_at),
            "called_after": _seconds(leg.called_after_ms),
            "waited": _seconds(leg.waited_ms),
            "walked": _seconds(leg.walked_ms),
            "served": _seconds(leg.served_ms),
            "left_after": _seconds(leg.left_after_ms),
            "recalls": leg.recalls,
            "outcome": leg.outcome,
        },
    }


def _seconds(ms: int | None) -> int | None:
    return None if ms is None else (ms + 500) // 1000
