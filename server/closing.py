"""The end of a day: whoever is left of an earlier service day expires, counters that were left open are closed.

Runs at start and whenever the service day has changed, so that a unit that was off over night begins the morning with an
empty queue and a start in the middle of the day goes on where it stopped.
"""

from __future__ import annotations

from typing import Any

from server import setup
from server.lifecycle import Action, State
from server.periodic import Periodic
from server.unit import Unit
from server.visits import Caller
from server.visits.looks import current_leg

CHECK_EVERY_S = 20.0
AT_ONCE = 100
UNIT = Caller("unit", "unit", "manager")
OPEN_STATES = ("waiting", "parked", "called", "serving")


class Closing:
    """Ends days, each once."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._ended: str | None = None

    def check(self) -> None:
        """End the days before the present service day, once."""
        with self._unit.reading() as conn:
            today = setup.service_day(conn, self._unit.now().at, self._unit.settings.unit.zone)
        if today == self._ended:
            return
        end_days_before(self._unit, today)
        self._ended = today


def closing(unit: Unit) -> Periodic:
    """The worker: ends what is left of earlier days before the first screen asks, then keeps watch."""
    return Periodic("closing", Closing(unit).check, CHECK_EVERY_S, at_once=True)


def end_days_before(unit: Unit, today: str) -> int:
    """Expire every open leg of a visit of an earlier service day and close the counters; how many legs that were."""
    ended = 0
    while batch := unit.writer.run(lambda conn: _expire_some(unit, conn, today)):
        ended += batch
    unit.writer.run(lambda conn: _close_counters(unit, conn, today, ended))
    return ended


def _expire_some(unit: Unit, conn: Any, today: str) -> int:
    marks = ", ".join("?" * len(OPEN_STATES))
    rows = conn.execute(
        f"SELECT visit FROM legs JOIN visits USING (visit, leg) WHERE state IN ({marks}) AND day < ? LIMIT ?",
        (*OPEN_STATES, today, AT_ONCE),
    ).fetchall()
    now = unit.now()
    for (id,) in rows:
        visit, leg = current_leg(conn, id)
        if leg.state in (State.CALLED, State.SERVING):
            leg = unit.visits.move(conn, now, visit, leg, Action.PARK, UNIT, {"reason": "closing"})
        unit.visits.move(conn, now, visit, leg, Action.EXPIRE, UNIT)
    return len(rows)


def _close_counters(unit: Unit, conn: Any, today: str, ended: int) -> None:
    """Close each counter that was opened before today, and say in the journal what the day's end did."""
    now = unit.now()
    closed = 0
    for counter, since in conn.execute("SELECT id, since FROM counters WHERE state <> 'closed'").fetchall():
        if setup.service_day(conn, since, unit.settings.unit.zone) < today:
            unit.visits.close_counter(conn, now, counter, UNIT)
            closed += 1
    if ended or closed:
        data = {"before": today, "expired": ended, "counters_closed": closed}
        unit.journal.append(conn, "day_ended", data, actor=UNIT.id, moment=now)
