"""The end of a day: whoever is left of an earlier service day expires, counters that were left open are closed.

Runs at start, whenever the service day has changed, and at the hour that the manager may have set, so that a unit that was off
over night begins the morning with an empty queue and a start in the middle of the day goes on where it stopped. The time is the
unit's own: a machine's clock that jumps meanwhile is not believed at once (`server.clock.HeldClock`).
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from server import setup
from server.clock import MS, local, rfc3339
from server.lifecycle import Action, State
from server.opening.calendar import instant
from server.opening.store import opening
from server.opening.writing import Opening
from server.periodic import Periodic
from server.unit import Unit
from server.visits.caller import UNIT
from server.visits.looks import current_leg

CHECK_EVERY_S = 20.0
AT_ONCE = 100
OPEN_STATES = ("waiting", "parked", "called", "serving")
LAST_ENDED = "last_day_ended"
SHOWN_MS = 24 * 3600 * MS


class Closing:
    """Ends days, each once."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._ended: tuple[str, int | None] | None = None

    def check(self) -> None:
        """End the days before the present service day, and this one when the manager's hour has come, each once."""
        now = self._unit.now()
        with self._unit.reading() as conn:
            today = setup.service_day(conn, now.at, self._unit.settings.unit.zone)
            ends_at = day_ends_at(opening(conn), now.at, self._unit.settings.unit.zone)
        due = today, ends_at if ends_at is not None and ends_at <= now.at else None
        if due == self._ended:
            return
        end_days_before(self._unit, today)
        if due[1] is not None:
            end_day_at(self._unit, due[1])
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

    Who is at a counter is served to the end, and who was given a ticket by a clerk since stays.
    """
    condition = "state IN ('waiting', 'parked') AND issued_at < ?"
    ended = 0
    while batch := unit.writer.run(lambda conn: _expire_some(unit, conn, condition, moment)):
        ended += batch
    idle = "since < ? AND id NOT IN (SELECT counter FROM legs WHERE state IN ('called', 'serving'))"

    def close(conn: Any) -> None:
        counters = conn.execute(f"SELECT id FROM counters WHERE state <> 'closed' AND {idle}", (moment,)).fetchall()
        _close_counters(unit, conn, [row[0] for row in counters], ended)

    unit.writer.run(close)
    return ended


def end_days_before(unit: Unit, today: str) -> int:
    """Expire every open leg of a visit of an earlier service day and close the counters; how many legs that were."""
    ended = 0
    while batch := unit.writer.run(lambda conn: _expire_some(unit, conn, f"state IN {OPEN_STATES} AND day < ?", today)):
        ended += batch
    unit.writer.run(lambda conn: _close_counters(unit, conn, _opened_before(unit, conn, today), ended))
    return ended


def _expire_some(unit: Unit, conn: Any, condition: str, value: str | int) -> int:
    rows = conn.execute(
        f"SELECT visit FROM legs JOIN visits USING (visit, leg) WHERE {condition} LIMIT ?", (value, AT_ONCE)
    ).fetchall()
    now = unit.now()
    for (id,) in rows:
        visit, leg = current_leg(conn, id)
        if leg.state in (State.CALLED, State.SERVING):
            leg = unit.visits.move(conn, now, visit, leg, Action.PARK, UNIT, {"reason": "closing", "left_open": True})
        unit.visits.move(conn, now, visit, leg, Action.EXPIRE, UNIT)
    return len(rows)


def _opened_before(unit: Unit, conn: Any, today: str) -> list[int]:
    rows = conn.execute("SELECT id, since FROM counters WHERE state <> 'closed'").fetchall()
    return [id for id, since in rows if setup.service_day(conn, since, unit.settings.unit.zone) < today]


def _close_counters(unit: Unit, conn: Any, counters: list[int], ended: int) -> None:
    """Close these counters, and say in the journal, and keep for the manager's screen, what the day's end did."""
    now = unit.now()
    for counter in counters:
        unit.visits.close_counter(conn, now, counter, UNIT)
    if ended or counters:
        today = setup.service_day(conn, now.at, unit.settings.unit.zone)
        data = {"before": today, "expired": ended, "counters_closed": len(counters)}
        unit.journal.append(conn, "day_ended", data, actor=UNIT.id, moment=now)
        setup.choose(conn, LAST_ENDED, {"at": rfc3339(now.at), "expired": ended, "counters_closed": len(counters)})


def look(conn: Any, at: int) -> dict[str, Any]:
    """For the manager's screen: what the end of a day did within the last 24 hours before `at`, else None."""
    last = setup.choice(conn, LAST_ENDED, None)
    return {"day_ended": last if last and last["at"] > rfc3339(at - SHOWN_MS) else None}
