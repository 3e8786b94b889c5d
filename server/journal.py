"""The append-only journal: every change as one event, and the way back from events to visits and legs."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from server import clock, lifecycle
from server.clock import Clock, Moment
from server.lifecycle import Event, Leg


def random_id() -> str:
    """128 random bits as 26 characters that can be spoken, typed and put in an address."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


@dataclass(frozen=True, slots=True)
class Visit:
    """A citizen's presence; `leg` is the number of its current leg. A visit without a ticket has number None."""

    visit: str
    day: str
    series: str | None
    number: int | None
    ticket: str | None
    language: str
    origin: str
    issued_at: int
    leg: int
    lap: int | None = None


class Journal:
    """Appends events for one server start. Used only inside a transaction of the writer."""

    def __init__(self, epoch: str, now: Clock) -> None:
        self.epoch = epoch
        self.now = now

    def append(
        self,
        conn: Any,
        type: str,
        data: dict[str, Any],
        *,
        actor: str,
        visit: str | None = None,
        leg: int | None = None,
        moment: Moment | None = None,
    ) -> Event:
        """Write one event and return it with its sequence number."""
        moment = moment or self.now()
        event = Event(0, random_id(), self.epoch, type, moment.at, moment.steady, visit, leg, actor, data)
        cursor = conn.execute(
            "INSERT INTO events(id, epoch, type, at, steady, visit, leg, actor, data) VALUES (?,?,?,?,?,?,?,?,?)",
            (event.id, event.epoch, type, event.at, event.steady, visit, leg, actor, encode(data)),
        )
        return replace(event, seq=cursor.lastrowid)


def encode(data: Any) -> str:
    """JSON as it is stored: compact, letters of any script as themselves."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def begin_epoch(conn: Any) -> tuple[str, Clock]:
    """Name this start of the server and give it a clock whose steady time goes on where this boot's began."""
    boot, wall = clock.boot_id(), clock.wall_ms()
    row = conn.execute("SELECT steady_offset FROM epochs WHERE boot = ? ORDER BY started_at DESC LIMIT 1", (boot,)).fetchone()
    offset = row[0] if row else wall - clock.boot_ms()
    epoch = random_id()
    conn.execute("INSERT INTO epochs(epoch, started_at, boot, steady_offset) VALUES (?,?,?,?)", (epoch, wall, boot, offset))
    return epoch, clock.system_clock(offset)


def read(conn: Any, after_seq: int = 0) -> Iterator[Event]:
    """The journal's events in order, from the one behind `after_seq`."""
    for row in conn.execute(f"SELECT {_EVENT_COLUMNS} FROM events WHERE seq > ? ORDER BY seq", (after_seq,)):
        yield _event(row)


_EVENT_COLUMNS = "seq, id, epoch, type, at, steady, visit, leg, actor, data"


def _event(row: Any) -> Event:
    *columns, data = row
    return replace(Event(*columns), data=json.loads(data))


def last_seq(conn: Any) -> int:
    """The number of the newest event, 0 for an empty journal."""
    return int(conn.execute("SELECT COALESCE(MAX(seq), 0) FROM events").fetchone()[0])


def visit_of(event: Event) -> Visit:
    """The visit that an `issued` or `walked_in` event begins."""
    data = event.data
    return Visit(
        visit=str(event.visit),
        day=data["day"],
        series=data.get("series"),
        number=data.get("number"),
        ticket=data.get("ticket"),
        language=data["language"],
        origin=data["origin"],
        issued_at=event.at,
        leg=1,
        lap=data.get("lap"),
    )


def replay(events: Iterable[Event]) -> tuple[dict[str, Visit], dict[tuple[str, int], Leg]]:
    """Visits and legs rebuilt from the journal alone."""
    visits: dict[str, Visit] = {}
    legs: dict[tuple[str, int], Leg] = {}
    before: dict[tuple[str, int], Leg] = {}
    for event in events:
        key = (str(event.visit), event.leg or 0)
        if event.type in ("issued", "walked_in"):
            visits[key[0]] = visit_of(event)
            legs[key] = lifecycle.begin(event)
        elif event.type == lifecycle.UNDONE:
            legs[key] = before.pop(key)
        elif event.type == lifecycle.NUMBERED:
            visits[key[0]] = replace(visits[key[0]], **event.data)
        elif event.type in lifecycle.ACTION_OF:
            leg = before[key] = legs[key]
            legs[key] = lifecycle.advance(leg, event)
            if event.type == "transferred":
                following = lifecycle.successor(leg, event)
                legs[key[0], following.leg] = following
                visits[key[0]] = replace(visits[key[0]], leg=following.leg)
    return visits, legs


def of_visit(conn: Any, visit: str) -> list[Event]:
    """The events of one visit, in order."""
    rows = conn.execute(f"SELECT {_EVENT_COLUMNS} FROM events WHERE visit = ? ORDER BY seq", (visit,))
    return [_event(row) for row in rows]


def stored(conn: Any) -> tuple[dict[str, Visit], dict[tuple[str, int], Leg]]:
    """Visits and legs as the tables have them, in the same shape as `replay` gives."""
    visits = {row[0]: Visit(*row) for row in conn.execute(f"SELECT {', '.join(Visit.__dataclass_fields__)} FROM visits")}
    rows = conn.execute(f"SELECT {LEG_COLUMNS} FROM legs")
    return visits, {(row[0], row[1]): leg_of(row) for row in rows}


LEG_COLUMNS = ", ".join(Leg.__dataclass_fields__)
_LEG_PLACES = ", ".join("?" * len(Leg.__dataclass_fields__))
_LEG_CHANGES = ", ".join(f"{name} = excluded.{name}" for name in list(Leg.__dataclass_fields__)[2:])
_STATE_AT = list(Leg.__dataclass_fields__).index("state")


def leg_of(row: Any) -> Leg:
    """A leg from a row that was selected with LEG_COLUMNS."""
    values = list(row)
    values[_STATE_AT] = lifecycle.State(values[_STATE_AT])
    return Leg(*values)


def save_visit(conn: Any, visit: Visit) -> None:
    """Insert a new visit."""
    values = [getattr(visit, name) for name in Visit.__dataclass_fields__]
    conn.execute("INSERT INTO visits VALUES (?,?,?,?,?,?,?,?,?,?)", values)


def save_leg(conn: Any, leg: Leg) -> None:
    """Write a leg's current state."""
    values = [getattr(leg, name) for name in Leg.__dataclass_fields__]
    conn.execute(
        f"INSERT INTO legs({LEG_COLUMNS}) VALUES ({_LEG_PLACES}) ON CONFLICT(visit, leg) DO UPDATE SET {_LEG_CHANGES}",
        values,
    )
