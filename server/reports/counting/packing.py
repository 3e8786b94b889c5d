"""The cases of one day as bytes, counted from the rows themselves, and all of them as a pack."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from server.reports.counting.columns import encode_numbers, encode_words
from server.reports.counting.packs import Pack
from server.reports.counting.source import Source, service_day
from server.reports.counting.sources import SOURCES

OPEN = """SELECT 1 FROM visits v CROSS JOIN legs l ON l.visit = v.visit
    WHERE v.day = ? AND l.state IN ('waiting', 'called', 'serving', 'parked') LIMIT 1"""


def columns_of(conn: Any, source: Source, day: str, zone: ZoneInfo) -> dict[str, bytes]:
    """A source's cases of a day, counted from the rows themselves."""
    rows = list(source.read(conn, service_day(conn, day, zone)))
    values = list(zip(*rows, strict=True)) if rows else [()] * len(source.columns)
    return {
        name: encode_words(column) if source.is_word(name) else encode_numbers(column)
        for name, column in zip(source.columns, values, strict=True)
    }


def pack(conn: Any, day: str, zone: ZoneInfo) -> Pack | None:
    """Read a day to be packed, as it stands at one point of the journal; None while one of its visits is open."""
    conn.execute("BEGIN")
    try:
        if conn.execute(OPEN, (day,)).fetchone():
            return None
        (seq,) = conn.execute("SELECT COALESCE(MAX(seq), 0) FROM events").fetchone()
        data = {
            (source.name, name): column
            for source in SOURCES.values()
            for name, column in columns_of(conn, source, day, zone).items()
        }
    finally:
        conn.execute("COMMIT")
    return Pack(day, seq, data)
