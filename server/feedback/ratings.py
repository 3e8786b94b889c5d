"""Ratings: at most one a visit, within some days of its end, without an identity. What is written is one transaction."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from server import setup
from server.clock import Moment, rfc3339
from server.errors import UnknownVisit
from server.feedback.refusals import AlreadyRated, NotServedYet, NotToBeRated, TooLateToRate
from server.journal import Journal, encode
from server.lifecycle import Leg, State
from server.visits.caller import VISITOR
from server.visits.looks import current_leg
from server.visits.owed import owe_event

SCORES = (1, 2, 3, 4)
REASONS = ("waiting", "welcome", "clarity", "outcome", "place")
CHANNELS = ("kiosk", "tablet", "phone")
RECENTLY_MS = 4 * 3600 * 1000
"""How long after its end a visit is found at the kiosk by its number."""
LOW = 2
"""A score up to this offers to write more."""
COMMENT_LETTERS = 1000
SCANNED = re.compile(r"/t/([a-z2-7]{26})")
"""In the address that a ticket's QR code holds."""
DAY_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Rating:
    """What a visitor says of a visit; the comment is sealed already."""

    visit: str
    score: int
    reasons: tuple[str, ...]
    channel: str
    comment: str | None = None


def check_may_rate(conn: Any, now: Moment, visit: str) -> tuple[str, str, Leg]:
    """The visit's day, its language and the leg that is rated; raises UnknownVisit, NotServedYet, TooLateToRate or AlreadyRated."""
    found, leg = current_leg(conn, visit)
    if conn.execute("SELECT 1 FROM ratings WHERE visit = ?", (visit,)).fetchone():
        raise AlreadyRated
    if leg.state is not State.SERVED:
        raise NotServedYet
    days = setup.rating_days(conn)
    if leg.ended_at is None or now.at - leg.ended_at > days * DAY_MS:
        raise TooLateToRate(days=days)
    return found.day, found.language, leg


def rate(conn: Any, journal: Journal, now: Moment, rating: Rating, zone: ZoneInfo, *, tell_portal: bool) -> dict[str, Any]:
    """Keep a rating, note it in the journal without the comment, and owe it to the portal. Raises as `check_may_rate`."""
    _, language, leg = check_may_rate(conn, now, rating.visit)
    conn.execute(
        "INSERT INTO ratings VALUES (?,?,?,?,?,?,?)",
        (rating.visit, leg.leg, leg.service, rating.score, encode(rating.reasons), rating.channel, now.at),
    )
    said = {"service": leg.service, "score": rating.score, "reasons": list(rating.reasons), "channel": rating.channel}
    event = journal.append(conn, "rated", said, actor=VISITOR.id, visit=rating.visit, leg=leg.leg, moment=now)
    if tell_portal:
        data = {"visit": rating.visit, **said, "language": language, **({"comment": rating.comment} if rating.comment else {})}
        day = setup.service_day(conn, now.at, zone)
        owe_event(conn, event, {"type": "rated", "time": rfc3339(now.at), "day": day, "data": data})
    return {"visit": rating.visit, "score": rating.score}


def by_ticket(conn: Any, now: Moment, ticket: str, zone: ZoneInfo) -> str:
    """The visit of a ticket of today or yesterday that ended lately, or of a scanned code; raises NotToBeRated for every other,
    always the same."""
    if (scanned := SCANNED.search(ticket)) and may_rate(conn, now, scanned[1]):
        return scanned[1]
    wanted = "".join(ticket.split()).upper()
    today = setup.service_day(conn, now.at, zone)
    yesterday = (date.fromisoformat(today) - timedelta(days=1)).isoformat()  # served over midnight
    rows = conn.execute(
        "SELECT v.visit FROM visits v JOIN legs l USING (visit, leg) WHERE v.ticket = ? AND v.day IN (?, ?) AND l.state = 'served'"
        " AND l.ended_at > ? ORDER BY l.ended_at DESC",
        (wanted, today, yesterday, now.at - RECENTLY_MS),
    ).fetchall()
    for (visit,) in rows:
        if may_rate(conn, now, visit):
            return str(visit)
    raise NotToBeRated


def may_rate(conn: Any, now: Moment, visit: str) -> bool:
    """Whether a visit can be rated now."""
    try:
        check_may_rate(conn, now, visit)
    except (UnknownVisit, NotServedYet, TooLateToRate, AlreadyRated):
        return False
    return True
