"""What reaches back: which of these events are there already, and are they the same?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.receiving import rows
from portal.receiving.member import Member
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


def compare(conn: Connection, stream: int, highest: int, members: Sequence[Member]) -> list[str]:
    """`stored`, `duplicate`, `conflict` or REUSED for each member; `stored` means that it is new.

    First in the days that the events themselves name, which is where a repetition lies; only what is not found there is
    looked for in all days.
    """
    _bring(conn, stream, members)
    times = [one.time for one in members]
    found = _found(conn, "e.at >= %s AND e.at <= %s", (min(times), max(times)))
    missing = [at for at, one in enumerate(members) if one.sequence <= highest and at not in found]
    if missing:
        found |= _found(conn, "i.place = ANY(%s)", (missing,))
    return [found.get(place, "stored") for place in range(len(members))]


def _bring(conn: Connection, stream: int, members: Sequence[Member]) -> None:
    """The members as rows of a temporary table, so that PostgreSQL itself compares value with value."""
    conn.execute("CREATE TEMP TABLE IF NOT EXISTS incoming (LIKE events, place integer) ON COMMIT DELETE ROWS")
    lines = "".join([f"{place}\t{stream}\t{one.line}\n" for place, one in enumerate(members)])
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
