"""What reaches back: which of these events are there already, and are they the same?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.receiving import rows
from portal.receiving.reading import Event
from portal.store.database import Connection

REUSED = "reused"
"""Stored, but another event has this sequence: a machine that was put back to an earlier state goes on."""

_SAME = ", ".join(rows.COLUMNS)
_THERE = ", ".join(f"e.{name}" for name in rows.COLUMNS)
_HERE = ", ".join(f"i.{name}" for name in rows.COLUMNS)
FIND = f"""
SELECT i.place, e.id = i.id, ({_THERE}) IS NOT DISTINCT FROM ({_HERE})
FROM incoming i JOIN events e ON e.stream = i.stream AND e.sequence = i.sequence WHERE {{where}}
"""


def compare(conn: Connection, stream: int, highest: int, events: Sequence[Event]) -> list[str]:
    """`stored`, `duplicate`, `conflict` or REUSED for each event; `stored` means that it is new.

    First in the days that the events themselves name, which is where a repetition lies; only what is not found there is
    looked for in all days.
    """
    _bring(conn, stream, events)
    times = sorted(event["time"] for event in events)
    found = _found(conn, "e.at >= %s AND e.at <= %s", (times[0], times[-1]))
    missing = [at for at, event in enumerate(events) if int(event["sequence"]) <= highest and at not in found]
    if missing:
        found |= _found(conn, "i.place = ANY(%s)", (missing,))
    return [found.get(place, "stored") for place in range(len(events))]


def _bring(conn: Connection, stream: int, events: Sequence[Event]) -> None:
    """The events as rows of a temporary table, so that PostgreSQL itself compares value with value."""
    conn.execute("CREATE TEMP TABLE IF NOT EXISTS incoming (LIKE events, place integer) ON COMMIT DELETE ROWS")
    lines = "".join([f"{place}\t{stream}\t{rows.line(event)}\n" for place, event in enumerate(events)])
    with conn.cursor() as cursor, cursor.copy(f"COPY incoming (place, {_SAME}) FROM STDIN") as copy:
        copy.write(lines.encode())


def _found(conn: Connection, where: str, values: tuple[Any, ...]) -> dict[int, str]:
    """Verdict by place; the same id decides, whatever else has the sequence."""
    found: dict[int, str] = {}
    for place, same_id, same in conn.execute(FIND.format(where=where).encode(), values):
        said = ("duplicate" if same else "conflict") if same_id else REUSED
        if found.get(place, REUSED) == REUSED:
            found[place] = said
    return found
