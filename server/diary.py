"""The journal as a diary: the events of a day with the ticket, the counter and the person that they speak of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

AT_A_COUNTER = ("recalled", "started", "served", "no_show", "parked", "transferred", "undone")
"""Steps of a visitor who was called, or came without a ticket: at the counter that did so last before them."""
_QUERY = """
SELECT e.seq, e.at, e.type, e.data, v.ticket,
       (SELECT number FROM counters WHERE id = COALESCE(e.data ->> 'counter', (
          SELECT before.data ->> 'counter' FROM events AS before
          WHERE before.visit = e.visit AND before.leg = e.leg AND before.seq < e.seq AND before.type IN ('called', 'walked_in')
            AND e.type IN (SELECT value FROM json_each(?8))
          ORDER BY before.seq DESC LIMIT 1))),
       COALESCE(e.data ->> 'by', (SELECT name FROM people WHERE 'person:' || people.id = e.actor),
                (SELECT name FROM tokens WHERE 'device:' || tokens.id = e.actor), iif(e.actor = 'installer', e.actor, ''))
FROM events AS e
LEFT JOIN visits AS v ON v.visit = e.visit AND e.type <> 'rated'
WHERE e.seq > ?1 AND e.seq < ?2 AND e.at >= ?3 AND e.at < ?4
  AND (?5 = '[]' OR e.type IN (SELECT value FROM json_each(?5)))
  AND (?6 = '' OR v.ticket = ?6)
ORDER BY e.seq DESC LIMIT ?7
"""
BEYOND = 1 << 62


@dataclass(frozen=True, slots=True)
class Entry:
    """One event; `at` in UTC milliseconds, `seq` its place in the journal, `by` a name, `installer` or nothing.

    A rating has neither ticket nor counter: with the figures from before and after it, one could tell who said what of whom.
    """

    seq: int
    at: int
    type: str
    data: Mapping[str, Any]
    ticket: str | None
    counter: int | None
    by: str


def entries(conn: Any, bounds: tuple[int, int], types: Sequence[str], ticket: str, before: int | None, most: int) -> list[Entry]:
    """The newest events between two UTC milliseconds, newest first: of these types (none: all), of one ticket, and
    older than `before`."""
    first, past = bounds
    start = _behind(conn, first)
    end = before if before is not None else BEYOND
    rows = conn.execute(_QUERY, (start, end, first, past, json.dumps(list(types)), ticket, most, json.dumps(AT_A_COUNTER)))
    return [Entry(seq, at, type, json.loads(data), number, counter, by) for seq, at, type, data, number, counter, by in rows]


def _behind(conn: Any, at: int) -> int:
    """A place in the journal behind which all events of `at` and later stand.

    The journal is not sorted by the wall clock where that was set back: what was written up to a day earlier is looked at too.
    """
    low, high = 0, int(conn.execute("SELECT COALESCE(MAX(seq), 0) FROM events").fetchone()[0])
    wanted = at - 24 * 3600 * 1000
    while low < high:
        middle = (low + high) // 2
        row = conn.execute("SELECT at FROM events WHERE seq > ? ORDER BY seq LIMIT 1", (middle,)).fetchone()
        if row is None or row[0] >= wanted:
            high = middle
        else:
            low = middle + 1
    return low
