"""Why the hall is closed today and when closed services open again, in every language of the kiosk (browsers know no Amazigh)."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from server.clock import Moment, local
from server.errors import N_
from server.opening.store import opening
from server.setup import name_in
from server.web.language import CITIZEN_LANGUAGES, in_language

TODAY = N_("Opens today at %(time)s")
ANOTHER_DAY = N_("Opens on %(opens)s")
CLOSED_FOR = N_("Closed today: %(day)s")
OTHER_HOURS = N_("Other hours today: %(day)s")

Words = dict[str, str]


def openings(board: dict[str, Any], zone: ZoneInfo) -> dict[str, Words]:
    """By closed service whose next opening is known, that opening in words."""
    today = datetime.fromisoformat(board["now"]).astimezone(zone).date().isoformat()
    times = {service["id"]: service["opens_at"] for service in board["services"] if service["opens_at"]}
    return {service: _written(opens_at, today, zone) for service, opens_at in times.items()}


def special_day(conn: Any, now: Moment, zone: ZoneInfo) -> Words | None:
    """The special day that it is, by the name that the manager gave it; None on any other day, and where no hours are kept to."""
    decided, today = opening(conn), local(now.at, zone).date()
    found = next((one for one in decided.calendar.special if one.day == today), None)
    if found is None or not decided.kept:
        return None
    sentence = OTHER_HOURS if found.spans else CLOSED_FOR
    return {lang: in_language(lang, sentence, day=name_in(found.name, lang)) for lang in CITIZEN_LANGUAGES}


@lru_cache(maxsize=64)
def _written(opens_at: str, today: str, zone: ZoneInfo) -> Words:
    opens = datetime.fromisoformat(opens_at).astimezone(zone)
    if opens.date().isoformat() == today:
        return {lang: in_language(lang, TODAY, time=opens) for lang in CITIZEN_LANGUAGES}
    return {lang: in_language(lang, ANOTHER_DAY, opens=opens) for lang in CITIZEN_LANGUAGES}
