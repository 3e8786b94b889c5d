"""When ratings fall: the last ones against what is usual here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from server.feedback.overview import mean

RECENT, USUAL = 20, 200
FEWEST_USUAL = 40
RECENT_DAYS = 14
"""The last ratings may be spread over so many days: a small hall has one or two a day, and its visitors are no less displeased."""
DAY_MS = 24 * 3600 * 1000
FALLS_BY, ENDS_AT = 0.5, 0.25
"""Points of the mean score below the usual at which a dip is told, and at which it is over once it was told."""


@dataclass(frozen=True, slots=True)
class Dip:
    """The means of the last RECENT ratings and of those before them."""

    recent: float
    usual: float
    since: int
    """When the first of the last ones was given, UTC milliseconds."""


def dip(conn: Any, at: int, *, told: bool = False) -> Dip | None:
    """The dip there is now: the last RECENT ratings, none older than RECENT_DAYS, are FALLS_BY below the USUAL ones before them.

    One that was `told` lasts until ENDS_AT, so that it does not come and go with every other rating.
    """
    rows = conn.execute("SELECT score, at FROM ratings ORDER BY at DESC LIMIT ?", (RECENT + USUAL,)).fetchall()
    recent, before = rows[:RECENT], rows[RECENT:]
    if len(recent) < RECENT or len(before) < FEWEST_USUAL or recent[-1][1] < at - RECENT_DAYS * DAY_MS:
        return None
    now, usual = mean(score for score, _ in recent), mean(score for score, _ in before)
    return Dip(round(now, 2), round(usual, 2), recent[-1][1]) if now <= usual - (ENDS_AT if told else FALLS_BY) else None
