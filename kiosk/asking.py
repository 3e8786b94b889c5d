"""Whom the tablet at each counter asks: the visitor whom the clerk has just let go, until the next one is there."""

from __future__ import annotations

from typing import Any

from server.clock import MS, Moment, rfc3339
from server.feedback.ratings import may_rate

ASK_S = 120
"""Whoever went without touching the tablet is asked no longer than this."""

# Whoever is only called, or did not come, is not at the counter yet: a clerk's screen may call the next one by itself right after
# “finish”, and the visitor who is asked is still standing there.
_LAST_AT_COUNTER = (
    "SELECT c.number, l.visit, v.ticket, v.language, l.ended_at FROM counters c"
    " JOIN legs l ON l.counter = c.id AND l.called_seq ="
    " (SELECT MAX(called_seq) FROM legs e WHERE e.counter = c.id AND e.called_seq IS NOT NULL"
    " AND e.state NOT IN ('called', 'no_show'))"
    " JOIN visits v ON v.visit = l.visit AND v.leg = l.leg"
    " WHERE c.removed_at IS NULL AND l.state = 'served' AND l.ended_at > ?"
)


def asked(conn: Any, now: Moment, board: dict[str, Any], *, writing: bool) -> dict[str, Any]:
    """What tablets are shown of a board; `ask` is the visit to be rated at each counter (by number) that has one.

    The visits' ids are in it, which open them: it is for tablets alone. `writing`: whether something written can be taken.
    """
    rows = conn.execute(_LAST_AT_COUNTER, (now.at - ASK_S * MS,)).fetchall()
    return {
        **{name: board[name] for name in ("version", "epoch", "now", "unit")},
        "services": [{"id": one["id"], "name": one["name"]} for one in board["services"]],
        "writing": writing,
        "ask": {
            str(number): {"visit": visit, "ticket": ticket, "language": language, "ended_at": rfc3339(ended_at)}
            for number, visit, ticket, language, ended_at in rows
            if may_rate(conn, now, visit)
        },
    }
