"""The hall as it stands: what the screens show, read in one go from the tables."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

from server import announced, setup
from server.announced import CALLS_SHOWN
from server.clock import Moment, day_bounds, local_day, local_minute, rfc3339
from server.estimates.following import Follower
from server.journal import last_seq
from server.opening.doors import Door, Doors
from server.settings import UnitSettings
from server.setup import Shown
from server.visits import listed, undo
from server.visits.looks import ahead_of_newcomer

Snapshot = dict[str, Any]


class Hall:
    """Reads snapshots through any connection to the unit's database."""

    def __init__(self, unit: UnitSettings, epoch: str, doors: Doors, estimates: Follower) -> None:
        self._estimates = estimates
        self._unit: Snapshot = {"id": unit.id, "name": {**unit.name}}
        self._zone: ZoneInfo = unit.zone
        self._epoch = epoch
        self._doors = doors

    def board(self, conn: Any, now: Moment) -> Snapshot:
        """What anyone in the hall may see; `version` is the journal's newest sequence number.

        Where some displays show only a part of the hall, `calls` are those of every part: `shown` takes a screen's own of them.
        """
        return {
            "version": last_seq(conn),
            "epoch": self._epoch,
            "now": rfc3339(now.at),
            "unit": self._unit,
            "title": {},
            "services": self._services(conn, now),
            "counters": _counters(conn),
            "calls": self.calls(conn, now, of_each_counter=setup.parts_are_shown(conn)),
            "messages": [{"text": text} for _, text in setup.messages_at(conn, local_minute(now.at, self._zone))],
        }

    def staff(self, conn: Any, now: Moment, board: Snapshot) -> Snapshot:
        """The board with who waits and what each counter does, for clerks and managers."""
        total = conn.execute("SELECT COALESCE(SUM(count), 0) FROM waiting").fetchone()[0]
        day = setup.service_day(conn, now.at, self._zone)
        return {
            **board,
            "waiting": listed.waiting(conn, now),
            "waiting_total": total,
            "desks": _desks(conn, now),
            "aside": listed.aside(conn, now, day, self._doors.open_overnight(conn, day)),
            "documents": {service.id: service.documents for service in setup.services(conn) if service.documents},
            "priorities": setup.priorities(conn),
            **setup.lists(conn),
            "auto_next": bool(setup.choice(conn, "auto_next", False)),
        }

    def _services(self, conn: Any, now: Moment) -> list[Snapshot]:
        """Each service: `waiting`, how many wait for it; `people_ahead`, what a ticket without priority would tell now."""
        waiting = dict(conn.execute("SELECT service, SUM(count) FROM waiting GROUP BY service").fetchall())
        services = setup.services(conn)
        doors = self._doors.look(conn, now, services)
        return [
            {
                "id": service.id, "name": service.name, "prefix": service.prefix, "icon": service.icon,
                "waiting": waiting.get(service.id, 0), "people_ahead": ahead_of_newcomer(conn, service.id, None),
                **_door(doors[service.id]),
                "estimated_wait": self._estimates.of_newcomer(conn, now, service.id) if doors[service.id].open else None,
            }
            for service in services
        ]  # fmt: skip

    def numbered(self, conn: Any, now: Moment, ticket: str) -> Snapshot:
        """Who waits and who is aside with a number in which `ticket` occurs, also beyond what a snapshot lists."""
        day = setup.service_day(conn, now.at, self._zone)
        return listed.found(conn, now, day, ticket, self._doors.open_overnight(conn, day))

    def today(self, conn: Any, now: Moment) -> Snapshot:
        """Counts of the local day so far, for the manager; the service level as docs/figures.md has it, None without a case."""
        start, end = day_bounds(local_day(now.at, self._zone), self._zone)
        row = conn.execute(
            "SELECT COUNT(*), SUM(state = 'served'), SUM(state = 'no_show'), SUM(left_after_ms IS NOT NULL),"
            " SUM(called_after_ms BETWEEN 0 AND s.target_s * 1000),"
            " SUM(called_after_ms >= 0 OR COALESCE(left_after_ms > s.target_s * 1000, 0))"
            " FROM legs l JOIN services s ON s.id = l.service WHERE joined_at >= ? AND joined_at < ?",
            (start, end),
        ).fetchone()
        *counts, in_time, due = (number or 0 for number in row)
        today = dict(zip(("arrivals", "served", "no_shows", "walkouts"), counts, strict=True))
        return {"today": {**today, "service_level": in_time / due if due else None}}

    def calls(self, conn: Any, now: Moment, *, of_each_counter: bool) -> list[Snapshot]:
        """The newest announcements of today, newest first; `of_each_counter`: with the newest of each counter among them."""
        day = setup.service_day(conn, now.at, self._zone)
        return announced.of_hall_and_counters(conn, day) if of_each_counter else announced.of_the_hall(conn, day)


def shown(board: Snapshot, choice: Shown) -> Snapshot:
    """The part of a board (or of what is made of it) that a screen shows by the manager's choice."""
    if choice.everything:
        return {**board, "calls": board["calls"][:CALLS_SHOWN]} if "calls" in board else board
    counters = [one for one in board["counters"] if choice.counters is None or one["id"] in choice.counters]
    numbers = {one["number"] for one in counters}
    return {
        **board,
        "title": choice.title,
        "services": [one for one in board["services"] if choice.services is None or one["id"] in choice.services],
        "counters": counters,
        "calls": [
            call
            for call in board["calls"]
            if (choice.counters is None or call["counter"] in numbers)
            and (choice.services is None or call["service"] in choice.services)
        ][:CALLS_SHOWN],
    }


def _door(door: Door) -> Snapshot:
    opens_at = rfc3339(door.opens_at) if door.opens_at is not None else None
    return {"open": door.open, "closed_because": door.why, "opens_at": opens_at, "open_to_priority": door.open or door.for_priority}


_AT_COUNTER = (
    "FROM counters c LEFT JOIN legs l ON l.counter = c.id AND l.state IN ('called', 'serving')"
    " LEFT JOIN visits v ON v.visit = l.visit WHERE c.removed_at IS NULL ORDER BY c.number"
)


_SPOKEN = "SELECT p.languages FROM people p WHERE c.clerk LIKE 'person:%' AND p.id = CAST(SUBSTR(c.clerk, 8) AS INTEGER)"
_LAST_END = "SELECT ended_at FROM legs e WHERE e.counter = c.id AND e.called_seq IS NOT NULL ORDER BY e.called_seq DESC LIMIT 1"


def _counters(conn: Any) -> list[Snapshot]:
    rows = conn.execute(f"SELECT c.id, c.number, c.state, v.ticket {_AT_COUNTER}")
    return [{"id": id, "number": number, "state": state, "ticket": ticket} for id, number, state, ticket in rows]


def _desks(conn: Any, now: Moment) -> list[Snapshot]:
    rows = conn.execute(
        f"SELECT c.id, c.number, c.state, c.clerk, c.clerk_name, ({_SPOKEN}), c.since, c.reason,"
        " l.visit, v.ticket, l.service, v.language,"
        " l.priority, l.state, l.called_steady, l.serving_steady, l.recalls,"
        f" l.joined_steady, l.note, l.due_at, l.park_reason, ({_LAST_END}) {_AT_COUNTER}"
    ).fetchall()
    profiles = setup.work_profiles(conn)
    undoable = undo.undoable(conn, now)
    desks = [_desk(row, now) for row in rows]
    for desk in desks:
        ranks = profiles[desk["counter"]].ranks if desk["counter"] in profiles else {}
        desk["serves"] = sorted(ranks, key=lambda service: ranks[service]) or None
        desk["undo"] = undoable.get(desk["clerk"]["id"]) if desk["clerk"] else None
    return desks


def _desk(row: Any, now: Moment) -> Snapshot:
    """A counter; `state_for` is for how long it is as it is with nobody there, in seconds; the clerk's `languages` are those
    they serve visitors in.
    """
    counter, number, state, clerk, clerk_name, spoken, since, reason, visit, *leg, last_end = row
    state_for = now.at - max(since, last_end or 0)
    return {
        "counter": counter,
        "number": number,
        "state": state,
        "clerk": {"id": clerk, "name": clerk_name, "languages": json.loads(spoken or "[]")} if clerk else None,
        "since": rfc3339(since),
        "state_for": _seconds(state_for),
        "reason": reason,
        "current": _current(visit, leg, now) if visit else None,
    }


def _current(visit: str, leg: list[Any], now: Moment) -> Snapshot:
    """The visitor at a counter; `waited` up to the call, `called_for` and `served_for` up to now, all in seconds."""
    (ticket, service, language, priority, state, called_steady, serving_steady, recalls, joined_steady, note, due_at,
     park_reason) = leg  # fmt: skip
    return {
        "visit": visit,
        "ticket": ticket,
        "service": service,
        "language": language,
        "priority": priority,
        "state": state,
        "recalls": recalls,
        "note": note,
        "park_reason": park_reason,
        "due_at": rfc3339(due_at) if due_at is not None else None,
        "waited": _seconds(called_steady - joined_steady),
        "called_for": _seconds(now.steady - called_steady),
        "served_for": _seconds(now.steady - serving_steady) if serving_steady is not None else None,
    }


def _seconds(ms: int) -> int:
    return max(0, ms) // 1000
