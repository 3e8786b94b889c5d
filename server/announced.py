"""Who was called last: the newest announcements of a day, those of the whole hall and those of each of its counters.

Whoever was called with a ticket of another day, at a service that is open over midnight, is among them while at the counter.
"""

from __future__ import annotations

from typing import Any

from server.clock import rfc3339

CALLS_SHOWN = 10
"""Calls that one screen is shown at most."""
CALLS_OF_A_COUNTER = 7
"""Of each counter, for screens that show only some: as many as a display has places for (display/static/views.js)."""

Call = dict[str, Any]

_READ = "SELECT l.announced_seq, v.ticket, c.number, l.service, v.language, l.announced_at, l.recalls"
_OF_TODAY = "l.announced_seq IS NOT NULL AND v.day = :day AND v.ticket IS NOT NULL"

_OF_THE_HALL = (
    f"{_READ} FROM legs l JOIN visits v ON v.visit = l.visit JOIN counters c ON c.id = l.counter"
    f" WHERE {_OF_TODAY} ORDER BY l.announced_seq DESC LIMIT :most"
)
# The counters' index is read from its end, so that the cost is the same however many calls there were before.
_OF_EACH_COUNTER = (
    f"{_READ} FROM counters c CROSS JOIN legs l ON l.rowid IN (SELECT rowid FROM legs INDEXED BY legs_called"
    " WHERE counter = c.id AND called_seq IS NOT NULL ORDER BY called_seq DESC LIMIT :most)"
    f" CROSS JOIN visits v ON v.visit = l.visit WHERE c.removed_at IS NULL AND {_OF_TODAY}"
)
_OF_ANOTHER_DAY = (
    f"{_READ} FROM legs l INDEXED BY legs_at_counter CROSS JOIN visits v ON v.visit = l.visit JOIN counters c ON c.id = l.counter"
    " WHERE l.state IN ('called', 'serving') AND l.announced_seq IS NOT NULL AND v.day <> :day AND v.ticket IS NOT NULL"
)


def of_the_hall(conn: Any, day: str) -> list[Call]:
    """The newest calls of a service day, newest first, CALLS_SHOWN at most."""
    return _newest_first(_of_the_hall(conn, day))[:CALLS_SHOWN]


def of_hall_and_counters(conn: Any, day: str) -> list[Call]:
    """The same, and the newest CALLS_OF_A_COUNTER of each counter too: what any part of the hall is shown is among them."""
    of_counters = conn.execute(_OF_EACH_COUNTER, {"day": day, "most": CALLS_OF_A_COUNTER}).fetchall()
    return _newest_first([*_of_the_hall(conn, day), *of_counters])


def _of_the_hall(conn: Any, day: str) -> list[Any]:
    of_today = conn.execute(_OF_THE_HALL, {"day": day, "most": CALLS_SHOWN}).fetchall()
    return [*of_today, *conn.execute(_OF_ANOTHER_DAY, {"day": day})]


def _newest_first(rows: Any) -> list[Call]:
    by_seq = {seq: call for seq, *call in rows}
    return [
        {
            "ticket": ticket, "counter": counter, "service": service, "language": language,
            "called_at": rfc3339(at), "recalls": recalls,
        }
        for _, (ticket, counter, service, language, at, recalls) in sorted(by_seq.items(), reverse=True)
    ]  # fmt: skip
