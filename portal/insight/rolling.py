"""Figures per unit, service, day and hour, rolled up from the events; they stay when the events are dropped.

A unit's days are counted anew as long as events for them come in, so that late, repeated and superseded legs come out
right. The definitions are those of docs/figures.md; day and hour are local ones, of joining the queue.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from portal.clock import ZONE
from portal.receiving import incidents
from portal.store.database import Connection, drop_partitions, make_partitions

LONGEST_LEG = timedelta(days=4)
"""A leg ends at most so long after it began; longer ones are clocks gone wrong."""

_OF_UNIT = "FROM events e JOIN streams s USING (stream) WHERE s.unit = %(unit)s AND e.at >= %(since)s AND e.at < %(until)s"
_LATER = "s.began DESC, e.sequence DESC, e.id"
_LOCAL = "e.joined AT TIME ZONE %(zone)s AS local"
ROLL = f"""
WITH legs AS (
    SELECT DISTINCT ON (e.visit, e.leg) {_LOCAL}, e.service, e.kind, e.waited, e.left_after,
        COALESCE(e.called_after, e.waited) AS called
    {_OF_UNIT} AND e.kind NOT IN ('rating', 'counts') ORDER BY e.visit, e.leg, {_LATER}
), ratings AS (
    SELECT DISTINCT ON (e.visit) {_LOCAL}, e.service, (e.extra->>'score')::integer AS score
    {_OF_UNIT} AND e.kind = 'rating' ORDER BY e.visit, {_LATER}
), counts AS (
    SELECT DISTINCT ON (e.joined, e.service) {_LOCAL}, e.service, (e.extra->>'issued')::integer AS issued
    {_OF_UNIT} AND e.kind = 'counts' ORDER BY e.joined, e.service, {_LATER}
), cells AS (
    SELECT local::date AS day, extract(hour FROM local)::smallint AS hour, service, count(*) AS arrivals,
        count(*) FILTER (WHERE kind = 'served') AS served, count(*) FILTER (WHERE kind = 'no_show') AS no_shows,
        count(*) FILTER (WHERE kind IN ('cancelled', 'expired') AND called IS NULL AND left_after IS NOT NULL) AS walkouts,
        count(*) FILTER (WHERE waited >= 0) AS waits, COALESCE(sum(waited) FILTER (WHERE waited >= 0), 0) AS wait_sum,
        count(*) FILTER (WHERE called >= 0) AS called, count(*) FILTER (WHERE called BETWEEN 0 AND %(target)s) AS called_in_time,
        count(*) FILTER (WHERE kind IN ('cancelled', 'expired') AND called IS NULL AND left_after > %(target)s) AS left_late,
        0 AS ratings, 0 AS score_sum, NULL::integer AS issued
    FROM legs GROUP BY 1, 2, 3
    UNION ALL
    SELECT local::date, extract(hour FROM local)::smallint, service, 0, 0, 0, 0, 0, 0, 0, 0, 0, count(*), sum(score), NULL
    FROM ratings GROUP BY 1, 2, 3
    UNION ALL
    SELECT local::date, extract(hour FROM local)::smallint, service, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, issued FROM counts
)
INSERT INTO figures
SELECT %(unit)s, day, hour, service, sum(arrivals), sum(served), sum(no_shows), sum(walkouts), sum(waits), sum(wait_sum),
    sum(called), sum(called_in_time), sum(left_late), sum(ratings), sum(score_sum), max(issued)
FROM cells WHERE day BETWEEN %(first)s AND %(last)s GROUP BY day, hour, service
"""
DIRTY = """
SELECT unit, min(dirty_from), max(dirty_to), array_agg(stream), array_agg(last_received) FROM streams
WHERE dirty_from IS NOT NULL GROUP BY unit ORDER BY unit
"""
# A batch that came in meanwhile has moved last_received: its stream stays dirty and is counted again.
CLEAN = """
UPDATE streams s SET dirty_from = NULL, dirty_to = NULL FROM unnest(%s::bigint[], %s::timestamptz[]) seen(stream, at)
WHERE s.stream = seen.stream AND s.last_received = seen.at
"""
REUSED = f"SELECT e.id {_OF_UNIT} GROUP BY e.id HAVING count(*) > 1 LIMIT 100"


def roll_up(conn: Connection, target_minutes: int, raw_days: int, now: datetime) -> int:
    """Count anew what has changed since the last time; returns the number of units. One transaction per unit."""
    horizon = (now - timedelta(days=raw_days)).date() + timedelta(days=2)
    dirty = conn.execute(DIRTY).fetchall()
    for unit, since, until, streams, seen in dirty:
        with conn.transaction():
            _roll_unit(conn, unit, max(since.date() - timedelta(days=1), horizon), until.date() + timedelta(days=1), target_minutes)
            conn.execute(CLEAN, (streams, seen))
    return len(dirty)


def _roll_unit(conn: Connection, unit: str, first: date, last: date, target_minutes: int) -> None:
    """Days before `first` have no raw events any more, or have not changed."""
    if first > last:
        return
    said: dict[str, Any] = {
        "unit": unit,
        "first": first,
        "last": last,
        "since": first - timedelta(days=2),
        "until": last + LONGEST_LEG,
        "target": target_minutes * 60,
        "zone": ZONE.key,
    }
    conn.execute("DELETE FROM figures WHERE unit = %(unit)s AND day BETWEEN %(first)s AND %(last)s", said)
    conn.execute(ROLL.encode(), said)
    incidents.report(conn, unit, "id-reused", [row[0] for row in conn.execute(REUSED.encode(), said)])


def maintain(conn: Connection, target_minutes: int, raw_days: int, now: datetime) -> str:
    """Everything that is due now and then: partitions ahead, figures, dropping old events. Says what was done."""
    made = make_partitions(conn, now.date())
    units = roll_up(conn, target_minutes, raw_days, now)
    dropped = drop_partitions(conn, (now - timedelta(days=raw_days)).date())
    return f"{made} days made, the figures of {units} units counted, {len(dropped)} days of raw events dropped"
