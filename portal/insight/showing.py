"""What may be shown: a figure that rests on fewer than so many visits is left out, and can't be worked out from a total.

When only one unit of a table is left out, the total minus the others would give it away; so the next smallest is left
out with it, until what is hidden is at least as many visits as a cell must have. The same for the cells of a unit's day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from portal.insight.small_groups import hidden
from portal.store.database import Connection


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """One unit in a period; None where there is nothing, or too little to be shown (`few` then)."""

    unit: str
    name: str
    administration: str
    last_contact: datetime | None
    missing: int
    incidents: int
    suspended: bool
    arrivals: int | None
    wait_minutes: float | None
    service_level: float | None
    ratings: int | None
    score: float | None
    few: bool


UNITS = """
SELECT u.unit, u.name, u.administration, u.suspended_at IS NOT NULL,
    (SELECT max(last_received) FROM streams s WHERE s.unit = u.unit),
    (SELECT COALESCE(sum(g.last - g.first + 1), 0) FROM gaps g JOIN streams s USING (stream) WHERE s.unit = u.unit),
    (SELECT count(*) FROM incidents i WHERE i.unit = u.unit AND settled_at IS NULL),
    COALESCE(f.arrivals, 0), COALESCE(f.waits, 0), COALESCE(f.wait_sum, 0), COALESCE(f.base, 0), COALESCE(f.in_time, 0),
    COALESCE(f.ratings, 0), COALESCE(f.score_sum, 0)
FROM units u LEFT JOIN (
    SELECT unit, sum(arrivals) AS arrivals, sum(waits) AS waits, sum(wait_sum) AS wait_sum, sum(called + left_late) AS base,
        sum(called_in_time) AS in_time, sum(ratings) AS ratings, sum(score_sum) AS score_sum
    FROM figures WHERE day BETWEEN %s AND %s GROUP BY unit
) f USING (unit) ORDER BY u.administration, u.unit
"""


def units(conn: Connection, first: date, last: date, smallest: int) -> list[UnitFigures]:
    """Every registered unit with its figures of the days from `first` to `last`."""
    rows = [[int(value) if at > 6 else value for at, value in enumerate(row)] for row in conn.execute(UNITS, (first, last))]
    shy = {
        name: hidden(dict(enumerate(row[at] for row in rows)), smallest)
        for name, at in (("arrivals", 7), ("waits", 8), ("base", 10), ("ratings", 12))
    }
    return [_shown(row, {name for name, places in shy.items() if place in places}) for place, row in enumerate(rows)]


def _shown(row: Sequence[Any], shy: set[str]) -> UnitFigures:
    (
        unit,
        name,
        administration,
        suspended,
        contact,
        missing,
        flagged,
        arrivals,
        waits,
        wait_sum,
        base,
        in_time,
        ratings,
        score_sum,
    ) = row
    few = "arrivals" in shy
    shown = {
        "wait_minutes": wait_sum / waits / 60 if waits and not shy & {"arrivals", "waits"} else None,
        "service_level": in_time / base if base and not shy & {"arrivals", "base"} else None,
        "score": score_sum / ratings if ratings and "ratings" not in shy else None,
    }
    return UnitFigures(
        unit, name, administration, contact, int(missing), flagged, suspended,
        arrivals=None if few else arrivals, ratings=None if "ratings" in shy else ratings, few=few or bool(shy), **shown,
    )  # fmt: skip


COLUMNS = ("unit", "day", "hour", "service", "arrivals", "served", "no_shows", "walkouts", "waits", "wait_sum", "called",
           "called_in_time", "left_late", "ratings", "score_sum")  # fmt: skip


RESTS_ON: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("arrivals", "served", "no_shows", "walkouts"), ("arrivals",)),
    **dict.fromkeys(("waits", "wait_sum"), ("waits",)),
    **dict.fromkeys(("called", "called_in_time", "left_late"), ("called", "left_late")),
    **dict.fromkeys(("ratings", "score_sum"), ("ratings",)),
}
"""The counts whose sum is the number of visits that a figure rests on, as on the national page."""
ARRIVALS = ("arrivals",)


def cells(conn: Connection, first: date, last: date, smallest: int) -> Iterator[tuple[Any, ...]]:
    """COLUMNS for each unit, day, hour and service; None for a figure that rests on too few visits, or would tell of such a one."""
    rows = conn.execute(
        f"SELECT {', '.join(COLUMNS)} FROM figures WHERE day BETWEEN %s AND %s ORDER BY 1, 2, 3, 4".encode(), (first, last)
    )
    for _, of_unit in groupby(rows, key=lambda row: row[0]):
        yield from without_small(list(of_unit), smallest)


def without_small(rows: Sequence[tuple[Any, ...]], smallest: int) -> Iterator[tuple[Any, ...]]:
    """The cells of one unit, by day, without what rests on fewer than `smallest` visits; pure.

    Each figure by its own base, with companions, so that neither a day's total nor that of all the days gives it away.
    """
    days = [row[COLUMNS.index("day")] for row in rows]
    bases = {base: [_sum(row, base) for row in rows] for base in set(RESTS_ON.values())}
    shy = {base: _left_out(days, counts, smallest) for base, counts in bases.items()}
    for base in bases:
        if base != RESTS_ON["ratings"]:
            shy[base] |= shy[ARRIVALS]
    for place, row in enumerate(rows):
        yield tuple(
            None if name in RESTS_ON and place in shy[RESTS_ON[name]] else value for name, value in zip(COLUMNS, row, strict=True)
        )


def _sum(row: tuple[Any, ...], names: Sequence[str]) -> int:
    return sum(int(row[COLUMNS.index(name)]) for name in names)


def _left_out(days: Sequence[object], counts: Sequence[int], smallest: int) -> set[int]:
    """The hidden places, which follow neither from a day's total nor from that of all days; a companion has one in its day."""
    left_out: set[int] = set()
    of_day = [list(group) for _, group in groupby(range(len(days)), key=days.__getitem__)]
    before = -1
    while before < len(left_out):
        before = len(left_out)
        for places in of_day:
            left_out |= hidden({place: counts[place] for place in places}, smallest, left_out & set(places))
        left_out = hidden(dict(enumerate(counts)), smallest, left_out)
    return left_out
