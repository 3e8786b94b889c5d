"""The end of a day: whoever is left of an earlier service day expires, counters that were left open are closed.

Runs at start, whenever the service day has changed, and at the hour that the manager may have set, so that a unit that was off
over night begins the morning with an empty queue and a start in the middle of the day goes on where it stopped. A service that is
open meanwhile (admission to a hospital) is left alone, and so are the counters that serve it, until nothing was heard of them for
`nights.QUIET_MS`. The time is the unit's own: a machine's clock that jumps meanwhile is not believed at once
(`server.clock.HeldClock`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from server import setup
from server.clock import MS, local, rfc3339
from server.lifecycle import DESK_EVENT_OF, Action, Desk, State
from server.opening.calendar import instant
from server.opening.nights import QUIET_MS, open_at
from server.opening.store import opening
from server.opening.writing import Opening
from server.periodic import Periodic
from server.unit import Unit
from server.visits.caller import UNIT
from server.visits.looks import current_leg

CHECK_EVERY_S = 20.0
AT_ONCE = 100
HOUR_MS = 3600 * MS
LAST_ENDED = "last_day_ended"
SHOWN_MS = 24 * 3600 * MS


OPEN_LEGS = """WITH open(visit, leg, service, state) AS (
    SELECT visit, leg, service, state FROM legs WHERE state = 'waiting'
    UNION ALL SELECT visit, leg, service, state FROM legs WHERE state IN ('called', 'serving')
    UNION ALL SELECT visit, leg, service, state FROM legs WHERE state = 'parked'
)"""
"""In three parts, of which each has an index: however many legs there ever were, those that are open are found at once."""
DESK_EVENTS = ", ".join(f"'{type}'" for type in DESK_EVENT_OF.values())
STAYS = "service IN (SELECT value FROM json_each(:stays))"
OF_EARLIER_DAYS = f"""{OPEN_LEGS} SELECT visit FROM open CROSS JOIN visits USING (visit, leg) WHERE day < :today
    AND NOT ({STAYS} AND (SELECT MAX(steady) FROM events e WHERE e.visit = open.visit) > :heard_after) LIMIT :most"""
WHO_WAITS = f"""{OPEN_LEGS} SELECT visit FROM open CROSS JOIN visits USING (visit, leg)
    WHERE state IN ('waiting', 'parked') AND issued_at < :moment AND NOT {STAYS} LIMIT :most"""
IDLE_COUNTERS = f"""SELECT counters.id, since,
    :stays <> '[]' AND ({setup.SERVES_ALL} OR profile IN (SELECT profile FROM work_profile_services WHERE {STAYS})),
    MAX(since, COALESCE(worked.at, 0)), MAX(COALESCE(put.steady, 0), COALESCE(worked.steady, 0)) FROM counters
    LEFT JOIN events put ON put.seq = (SELECT MAX(seq) FROM events INDEXED BY events_of_counters
        WHERE type IN ({DESK_EVENTS}) AND at = counters.since AND data ->> 'counter' = counters.id)
    LEFT JOIN events worked ON worked.seq = (SELECT seq FROM events
        WHERE actor = counters.clerk AND data ->> 'over_night' IS NULL ORDER BY seq DESC LIMIT 1)
    WHERE state <> 'closed' AND counters.id NOT IN (SELECT counter FROM legs WHERE state IN ('called', 'serving'))"""
"""With nobody there: since when in its state, whether it serves what stays open, and when it was last put into a state or its clerk
did something, by the wall clock and by the steady one."""
OVER_NIGHT = f"""SELECT id, state, clerk, clerk_name, reason FROM counters
    WHERE state <> 'closed' AND clerk IS NOT NULL AND since < :begins AND id NOT IN
    (SELECT data ->> 'counter' FROM events WHERE type IN ({DESK_EVENTS}) AND at >= :begins)"""
"""Open since an earlier day, and this day's journal does not say so yet."""


class Closing:
    """Ends days, each once; what a night left open is looked at again each hour."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._looked: tuple[str, int] | None = None
        self._ended: int | None = None

    def check(self) -> None:
        """End the days before the present service day, and this one when the manager's hour has come."""
        now = self._unit.now()
        with self._unit.reading() as conn:
            today = setup.service_day(conn, now.at, self._unit.settings.unit.zone)
            ends_at = day_ends_at(opening(conn), now.at, self._unit.settings.unit.zone)
        if (look := (today, now.steady // HOUR_MS)) != self._looked:
            end_days_before(self._unit, today)
            self._looked = look
        due = ends_at if ends_at is not None and ends_at <= now.at else None
        if due is not None and due != self._ended:
            end_day_at(self._unit, due)
        self._ended = due


def closing(unit: Unit) -> Periodic:
    """The worker: ends what is left of earlier days before the first screen asks, then keeps watch."""
    return Periodic("closing", Closing(unit).check, CHECK_EVERY_S, at_once=True)


def day_ends_at(decided: Opening, at: int, zone: ZoneInfo) -> int | None:
    """When the local day of `at` ends by the manager's setting, UTC ms; None when only the next day ends it."""
    day = local(at, zone).date()
    if decided.day_end_at is not None:
        return instant(day, decided.day_end_at, zone)
    spans = decided.calendar.hall_on(day)
    if decided.day_end_after_min is None or not decided.kept or not spans:
        return None
    return instant(day, spans[-1].ends, zone) + decided.day_end_after_min * 60 * MS


def end_day_at(unit: Unit, moment: int) -> int:
    """Expire who took a ticket before `moment` and waits or is put aside, and close idle counters; how many legs that were.

    Who is at a counter is served to the end, and who was given a ticket by a clerk since stays. So do the visitors of services
    that are open at that moment, and the counters that serve these.
    """
    with unit.reading() as conn:
        services = [row[0] for row in conn.execute("SELECT id FROM services")]
        stays = _written(open_at(opening(conn), services, moment, unit.settings.unit.zone))
    ended = _expire(unit, WHO_WAITS, {"moment": moment, "stays": stays})

    def close(conn: Any) -> None:
        idle = conn.execute(IDLE_COUNTERS, {"stays": stays}).fetchall()
        _close_counters(unit, conn, [id for id, since, serves, *_ in idle if since < moment and not serves], ended, moment)

    unit.writer.run(close)
    return ended


def end_days_before(unit: Unit, today: str) -> int:
    """Expire every open leg of a visit of an earlier service day and close the counters; how many legs that were.

    At a service that was open when the day changed, and at the counters that serve it, only what nothing was heard of for QUIET_MS.
    """
    with unit.reading() as conn:
        stays = _written(unit.doors.open_overnight(conn, today))
    heard_after = unit.now().steady - QUIET_MS
    ended = _expire(unit, OF_EARLIER_DAYS, {"today": today, "stays": stays, "heard_after": heard_after})
    unit.writer.run(lambda conn: _close_left_open(unit, conn, today, stays, ended))
    unit.writer.run(lambda conn: _tell_over_night(unit, conn, today))
    return ended


def _written(services: Iterable[str]) -> str:
    return json.dumps(sorted(services))


def _expire(unit: Unit, query: str, values: dict[str, Any]) -> int:
    """Expire whom the query finds, a few in each transaction; how many they were."""
    ended = 0
    while batch := unit.writer.run(lambda conn: _expire_some(unit, conn, query, values)):
        ended += batch
    return ended


def _expire_some(unit: Unit, conn: Any, query: str, values: dict[str, Any]) -> int:
    rows = conn.execute(query, {**values, "most": AT_ONCE}).fetchall()
    now = unit.now()
    for (id,) in rows:
        visit, leg = current_leg(conn, id)
        if leg.state in (State.CALLED, State.SERVING):
            leg = unit.visits.move(conn, now, visit, leg, Action.PARK, UNIT, {"reason": "closing", "left_open": True})
        unit.visits.move(conn, now, visit, leg, Action.EXPIRE, UNIT)
    return len(rows)


def _close_left_open(unit: Unit, conn: Any, today: str, stays: str, ended: int) -> None:
    begins = setup.day_begins(conn, today, unit.settings.unit.zone)
    _close_counters(unit, conn, _left_open(unit, conn, today, stays), ended, begins)


def _left_open(unit: Unit, conn: Any, today: str, stays: str) -> list[int]:
    """Counters where nobody is and whose clerk did nothing since the day began; those that serve what stays only once quiet."""
    quiet_since, zone = unit.now().steady - QUIET_MS, unit.settings.unit.zone
    return [
        id
        for id, _, serves, heard_at, heard_steady in conn.execute(IDLE_COUNTERS, {"stays": stays}).fetchall()
        if setup.service_day(conn, heard_at, zone) < today and not (serves and heard_steady > quiet_since)
    ]


def _tell_over_night(unit: Unit, conn: Any, today: str) -> None:
    """Have the day's journal begin with the counters that are open already: reports read each day's time by itself."""
    begins = setup.day_begins(conn, today, unit.settings.unit.zone)
    for id, state, clerk, name, reason in conn.execute(OVER_NIGHT, {"begins": begins}).fetchall():
        data = {"counter": id, "state": state, "reason": reason, "clerk_name": name, "over_night": True}
        unit.journal.append(conn, DESK_EVENT_OF[Desk(state)], data, actor=clerk, moment=unit.now())


def _close_counters(unit: Unit, conn: Any, counters: list[int], ended: int, began: int) -> None:
    """Close these counters, and say in the journal, and keep for the manager's screen, what the day's end did that began then."""
    now = unit.now()
    for counter in counters:
        unit.visits.close_counter(conn, now, counter, UNIT)
    if ended or counters:
        today = setup.service_day(conn, now.at, unit.settings.unit.zone)
        data = {"before": today, "expired": ended, "counters_closed": len(counters)}
        unit.journal.append(conn, "day_ended", data, actor=UNIT.id, moment=now)
        _keep_for_manager(conn, now.at, {"expired": ended, "counters_closed": len(counters)}, began)


def _keep_for_manager(conn: Any, at: int, did: dict[str, int], began: int) -> None:
    """What a later look of the same end did (at a night counter gone quiet, say) is added to what that end did at first."""
    last = setup.choice(conn, LAST_ENDED, None)
    if last and rfc3339(began) <= last["at"] <= rfc3339(at):
        setup.choose(conn, LAST_ENDED, {"at": last["at"], **{name: last[name] + count for name, count in did.items()}})
    else:
        setup.choose(conn, LAST_ENDED, {"at": rfc3339(at), **did})


def look(conn: Any, at: int) -> dict[str, Any]:
    """For the manager's screen: what the end of a day did within the last 24 hours before `at`, else None."""
    last = setup.choice(conn, LAST_ENDED, None)
    return {"day_ended": last if last and last["at"] > rfc3339(at - SHOWN_MS) else None}
