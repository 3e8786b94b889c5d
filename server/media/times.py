"""When an item is shown: from and until which day, between which hours, for how many seconds at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from server.errors import N_, Refused
from server.setup.media import LONGEST_S, SHORTEST_S, USUAL_S

_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


class BadTimes(Refused):
    status, slug = 422, "bad-times"
    message = N_("Write days as 2026-12-31 and hours as 08:30, the first before the last, and from 3 to 600 seconds.")


@dataclass(frozen=True, slots=True)
class Times:
    """Local days `YYYY-MM-DD` (both included) and hours `HH:MM` (the last not included), None where nothing is said."""

    begins: str | None = None
    ends: str | None = None
    since: str | None = None
    until: str | None = None
    seconds: int = USUAL_S


ALWAYS = Times()


def checked_times(said: Mapping[str, str]) -> Times:
    """The times that a form says by the names of Times; raises BadTimes."""
    day_or_hour = {name: said.get(name, "").strip() or None for name in ("begins", "ends", "since", "until")}
    seconds = said.get("seconds", "").strip() or str(USUAL_S)
    for name in ("begins", "ends"):
        _check_day(day_or_hour[name])
    for name in ("since", "until"):
        hour = day_or_hour[name]
        if hour is not None and not _HOUR.fullmatch(hour):
            raise BadTimes
    if not re.fullmatch(r"\d{1,3}", seconds, re.ASCII) or not SHORTEST_S <= int(seconds) <= LONGEST_S:
        raise BadTimes
    times = Times(**day_or_hour, seconds=int(seconds))
    if (times.begins and times.ends and times.begins > times.ends) or (times.since and times.until and times.since >= times.until):
        raise BadTimes
    return times


def _check_day(day: str | None) -> None:
    if day is None:
        return
    try:
        if date.fromisoformat(day).isoformat() != day:
            raise BadTimes
    except ValueError:
        raise BadTimes from None
