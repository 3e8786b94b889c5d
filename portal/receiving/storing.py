"""Storing events exactly once.

A stream is one start of one unit, its row the lock under which its batches follow each other. A batch whose sequences all
lie above the stream's highest is new as a whole and goes straight in by COPY. Only what reaches back (a repetition after a
lost reply, a gap being filled) is compared with what is there. What is above the highest but not next to it leaves a gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg import errors

from portal import contract
from portal.clock import rfc3339
from portal.receiving import comparing, incidents, reading, rows
from portal.receiving.member import Member
from portal.receiving.reading import Event, Verdict
from portal.store.database import Connection

CLOCK_MARGIN = timedelta(minutes=10)
"""A unit's clock may run ahead of the portal's by so much before a person is told."""
CANT_BE_STORED = (errors.DataError, errors.NotNullViolation, UnicodeEncodeError)


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream that is locked; `highest` sequence before this batch."""

    number: int
    highest: int
    another_began: bool


def store(conn: Connection, unit: str, batch: Sequence[Any], now: datetime) -> list[Verdict]:
    """Judge a unit's batch and store what may be stored, durably; the verdicts in its order. One transaction per epoch.

    Raises psycopg.Error when the database can't; what was stored by then answers `duplicate` when sent again.
    """
    verdicts, kept = _judged(batch, contract.SOURCE.format(unit=unit))
    by_epoch: dict[str, list[Member]] = {}
    for one in kept:
        by_epoch.setdefault(one.event["epoch"], []).append(one)
    ahead = rfc3339(now + CLOCK_MARGIN)
    for epoch, members in by_epoch.items():
        _take(conn, unit, epoch, members)
        if any(one.time > ahead for one in members if one.verdict.verdict == "stored"):
            incidents.report(conn, unit, "clock-ahead", [epoch])
    return verdicts


def _judged(batch: Sequence[Any], source: str) -> tuple[list[Verdict], list[Member]]:
    """All verdicts, and those to be stored, each id once; a repetition within the batch gets its verdict here.

    One pass: an event is a kilobyte of small objects, and each further pass fetches them anew.
    """
    verdicts: list[Verdict] = []
    seen: dict[str, Event] = {}
    kept = []
    for event in batch:
        verdict = reading.judge(event, source)
        verdicts.append(verdict)
        if verdict.verdict != "stored":
            continue
        first = seen.setdefault(event["id"], event)
        if first is event:
            kept.append(Member(event, verdict, int(event["sequence"]), event["time"], rows.line(event)))
        else:
            verdict.verdict = "duplicate" if first == event else "conflict"
    return verdicts, kept


def _take(conn: Connection, unit: str, epoch: str, members: Sequence[Member]) -> None:
    """Store a group; when PostgreSQL can't hold one of them (a NUL, 31 February), halve until it stands alone."""
    try:
        with conn.transaction():
            _store(conn, unit, epoch, members)
    except CANT_BE_STORED:
        if len(members) == 1:
            members[0].verdict.reject("invalid", "a value that can't be stored")
            return
        middle = len(members) // 2
        _take(conn, unit, epoch, members[:middle])
        _take(conn, unit, epoch, members[middle:])


def _store(conn: Connection, unit: str, epoch: str, members: Sequence[Member]) -> None:
    times = [one.time for one in members]
    stream = _lock(conn, unit, epoch, min(times), max(times))
    new = members
    if not _follows(stream.highest, [one.sequence for one in members]):
        verdicts = comparing.compare(conn, stream.number, stream.highest, members)
        for one, verdict in zip(members, verdicts, strict=True):
            one.verdict.verdict = verdict
        incidents.report(conn, unit, "conflict", [one.event["id"] for one in members if one.verdict.verdict == "conflict"])
        incidents.report(conn, unit, "sequence-reused", [epoch] if comparing.REUSED in verdicts else [])
        for one in members:
            one.verdict.verdict = "stored" if one.verdict.verdict == comparing.REUSED else one.verdict.verdict
        new = [one for one in members if one.verdict.verdict == "stored"]
    if new:
        _write(conn, stream, new)
        if stream.another_began:
            incidents.report(conn, unit, "two-machines", [epoch])


def _follows(highest: int, sequences: Sequence[int]) -> bool:
    """All above the highest, and rising."""
    for sequence in sequences:
        if sequence <= highest:
            return False
        highest = sequence
    return True


LOCK = """
SELECT stream, highest, EXISTS (
    SELECT FROM streams other WHERE other.unit = s.unit AND other.first_received > s.first_received
    AND other.began < %(latest)s::timestamptz)
FROM streams s WHERE unit = %(unit)s AND epoch = %(epoch)s FOR UPDATE OF s
"""
BEGIN = """
INSERT INTO streams(unit, epoch, began) VALUES (%(unit)s, %(epoch)s, %(began)s) ON CONFLICT (unit, epoch) DO NOTHING
"""


def _lock(conn: Connection, unit: str, epoch: str, earliest: str, latest: str) -> Stream:
    """The stream's row, held until the transaction ends; made when this is the first of its epoch."""
    said = {"unit": unit, "epoch": epoch, "latest": latest, "began": earliest}
    row = conn.execute(LOCK, said).fetchone()
    if row is None:
        conn.execute(BEGIN, said)
        row = conn.execute(LOCK, said).fetchone()
    assert row is not None
    return Stream(*row)


WRITTEN = """
UPDATE streams SET highest = GREATEST(highest, %s), stored = stored + %s, last_received = clock_timestamp(),
    dirty_from = LEAST(dirty_from, date_trunc('day', %s::timestamptz)),
    dirty_to = GREATEST(dirty_to, date_trunc('day', %s::timestamptz))
WHERE stream = %s
"""


def _write(conn: Connection, stream: Stream, new: Sequence[Member]) -> None:
    with conn.cursor() as cursor, cursor.copy(rows.COPY) as copy:
        copy.write(rows.text(stream.number, [one.line for one in new]))
    sequences = sorted({one.sequence for one in new})
    _note_gaps(conn, stream, sequences)
    joined = [_joined(one.event) for one in new]
    conn.execute(WRITTEN, (sequences[-1], len(new), min(joined), max(joined), stream.number))


def _joined(event: Event) -> Any:
    data = event["data"]
    return data.get("joined") or data.get("hour") or event["time"]


FILL = """
WITH hit AS (DELETE FROM gaps WHERE stream = %(stream)s AND first <= %(at)s AND last >= %(at)s RETURNING first, last, seen_at)
INSERT INTO gaps(stream, first, last, seen_at)
SELECT %(stream)s, first, %(at)s - 1, seen_at FROM hit WHERE first < %(at)s
UNION ALL SELECT %(stream)s, %(at)s + 1, last, seen_at FROM hit WHERE last > %(at)s
"""


def _note_gaps(conn: Connection, stream: Stream, sequences: Sequence[int]) -> None:
    """Write down what is missing between the highest and these, and take from the gaps what has come late."""
    highest = stream.highest
    for sequence in sequences:
        if sequence <= highest:
            conn.execute(FILL, {"stream": stream.number, "at": sequence})
        elif sequence > highest + 1:
            conn.execute("INSERT INTO gaps(stream, first, last) VALUES (%s, %s, %s)", (stream.number, highest + 1, sequence - 1))
        highest = max(highest, sequence)
