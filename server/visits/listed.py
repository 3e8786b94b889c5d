"""Who waits and who is aside, as the screens of clerks and managers list them, and whoever has a number that is not listed.

A queue of four hundred is not sent to forty counters at each commit: each service's queue is listed as far as a clerk reads on,
so that none is crowded out by another's. Who was sent to somebody is always listed, and so is who was put aside: a clerk has no
other way back to them. Members that say nothing are left out of a row.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from server.clock import Moment, rfc3339
from server.visits import desks
from server.visits.queues import CONVENED, ORDINARY, PREFERRED, QUEUED, classes

WAITING_SHOWN = 160
"""Rows that the queues of a hall share, one for each service and class in which somebody waits."""
QUEUE_SHOWN = 8
"""Of each queue at least, however many there are."""
SENT_SHOWN = 200
"""Sent to a counter or a clerk."""
PARKED_SHOWN = 200
ABSENT_SHOWN = 64
"""Rows that the absent of all services share."""
ABSENT_OF_SERVICE = 5
FOUND = 20
TWO_DAYS_MS = 48 * 3600 * 1000

EVENING_MS = 12 * 3600 * 1000
"""So long the absent of the day before are listed at a service that was open over midnight."""

Row = dict[str, Any]

_WAITS = (
    "SELECT l.place, l.visit, v.ticket, l.service, v.language, l.priority, l.joined_steady, l.due_at,"
    " l.for_counter, l.for_clerk, l.note, l.park_reason"
)
_QUEUES = (
    f"(SELECT DISTINCT service FROM waiting WHERE count > 0) queue CROSS JOIN ({classes(PREFERRED, ORDINARY, CONVENED)}) classes"
)
_OF_QUEUE = f"FROM legs INDEXED BY legs_queued WHERE {QUEUED} AND service = queue.service AND queue_class = classes.class"
_QUEUES_NOT_EMPTY = f"SELECT COUNT(*) FROM {_QUEUES} WHERE EXISTS (SELECT 1 {_OF_QUEUE})"
_FIRST_OF_EACH = (
    f"{_WAITS} FROM {_QUEUES}"
    f" CROSS JOIN legs l ON l.rowid IN (SELECT rowid {_OF_QUEUE} ORDER BY place LIMIT :most)"
    " CROSS JOIN visits v ON v.visit = l.visit"
)
_SENT = (
    f"{_WAITS} FROM legs l INDEXED BY legs_sent JOIN visits v ON v.visit = l.visit WHERE l.state = 'waiting'"
    " AND (l.for_counter IS NOT NULL OR l.for_clerk IS NOT NULL) ORDER BY l.place LIMIT :sent"
)
_WAITS_WITH_NUMBER = (
    f"{_WAITS} FROM legs l JOIN visits v ON v.visit = l.visit WHERE l.state = 'waiting' AND instr(v.ticket, :ticket)"
    " ORDER BY length(v.ticket), l.place LIMIT :most"
)

# Whoever is still put aside of the evening, at a service that was open over midnight, was left there by the day's end.
_COMES_BACK = (
    "(v.day = :day OR (l.service IN (SELECT value FROM json_each(:over)) AND (l.state = 'parked' OR l.ended_at > :evening)))"
)
_ASIDE = (
    "SELECT l.visit, v.ticket, l.service, l.state, l.park_reason, l.parked_at, l.ended_at, l.note, l.clerk, l.for_counter,"
    " l.for_clerk"
)
_PARKED = (
    f"{_ASIDE} FROM legs l INDEXED BY legs_parked CROSS JOIN visits v USING (visit, leg) WHERE l.state = 'parked'"
    f" AND {_COMES_BACK} ORDER BY l.parked_at DESC LIMIT :most"
)
_ABSENT = (
    f"{_ASIDE} FROM services s CROSS JOIN legs l ON l.rowid IN (SELECT rowid FROM legs INDEXED BY legs_absent"
    " WHERE state = 'no_show' AND service = s.id AND ended_at > :since ORDER BY ended_at DESC LIMIT :most)"
    f" CROSS JOIN visits v ON v.visit = l.visit AND v.leg = l.leg WHERE {_COMES_BACK} ORDER BY l.ended_at DESC"
)
_ASIDE_WITH_NUMBER = (
    f"{_ASIDE} FROM visits v JOIN legs l USING (visit, leg) WHERE v.day IN (:day, :before) AND instr(v.ticket, :ticket)"
    f" AND l.state IN ('parked', 'no_show') AND {_COMES_BACK}"
    " ORDER BY l.state = 'no_show', length(v.ticket), l.called_at DESC LIMIT :most"
)


def waiting(conn: Any, now: Moment) -> list[Row]:
    """Who waits, in the queue's order: the first of each service and class, and all who were sent to somebody."""
    (queues,) = conn.execute(_QUEUES_NOT_EMPTY).fetchone()
    values = {"most": max(QUEUE_SHOWN, WAITING_SHOWN // max(1, queues)), "sent": SENT_SHOWN}
    rows = [*conn.execute(_FIRST_OF_EACH, values), *conn.execute(_SENT, values)]
    return _waiting_rows(conn, now, sorted(rows))


def aside(conn: Any, now: Moment, day: str, over: frozenset[str] = frozenset()) -> list[Row]:
    """Who may come back of this service day: first those put aside, then the absent of each service, both newest first.

    `over`: the services that were open when the day began, whose visitors of the evening may come back too.
    """
    (services,) = conn.execute("SELECT COUNT(*) FROM services").fetchone()
    absent = {
        **_of_day(now, day, over),
        "since": now.at - TWO_DAYS_MS,
        "most": max(ABSENT_OF_SERVICE, ABSENT_SHOWN // max(1, services)),
    }
    parked = conn.execute(_PARKED, {**_of_day(now, day, over), "most": PARKED_SHOWN}).fetchall()
    return [_aside_row(*row) for row in [*parked, *conn.execute(_ABSENT, absent)]]


def found(conn: Any, now: Moment, day: str, ticket: str, over: frozenset[str] = frozenset()) -> dict[str, list[Row]]:
    """`waiting` and `aside`: those in whose number `ticket` occurs, listed or not, FOUND of each at most; `over` as in `aside`."""
    values = {**_of_day(now, day, over), "ticket": ticket.upper(), "most": FOUND}
    return {
        "waiting": _waiting_rows(conn, now, conn.execute(_WAITS_WITH_NUMBER, values).fetchall()),
        "aside": [_aside_row(*row) for row in conn.execute(_ASIDE_WITH_NUMBER, values)],
    }


def _of_day(now: Moment, day: str, over: frozenset[str]) -> dict[str, Any]:
    before = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
    return {"day": day, "before": before, "evening": now.at - EVENING_MS, "over": json.dumps(sorted(over))}


def _waiting_rows(conn: Any, now: Moment, rows: list[Any]) -> list[Row]:
    """`bound`: the counter or clerk whom they were sent to is there, so nobody else calls them."""
    there = desks.attended(conn, now)
    return [
        _said(
            visit=visit, ticket=ticket, service=service, language=language, waited=max(0, now.steady - joined_steady) // 1000,
            priority=priority, due_at=rfc3339(due_at) if due_at is not None else None, for_counter=for_counter, for_clerk=for_clerk,
            bound=there.has(for_counter, for_clerk) or None, note=note, park_reason=park_reason,
        )
        for (_, visit, ticket, service, language, priority, joined_steady, due_at, for_counter, for_clerk, note, park_reason)
        in rows
    ]  # fmt: skip


def _aside_row(
    visit: str, ticket: str | None, service: str, state: str, reason: str | None,
    parked_at: int | None, ended_at: int | None, note: str | None, clerk: str | None,
    for_counter: int | None, for_clerk: str | None,
) -> Row:  # fmt: skip
    parked = state == "parked"
    since = parked_at if parked else ended_at
    return _said(
        visit=visit, ticket=ticket, service=service, state=state, since=rfc3339(since) if since else None,
        park_reason=reason, note=note, clerk=clerk if parked else None,
        for_counter=for_counter, for_clerk=for_clerk,
    )  # fmt: skip


def _said(**members: Any) -> Row:
    return {name: value for name, value in members.items() if value is not None or name == "ticket"}
