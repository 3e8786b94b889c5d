"""A clerk who is removed while holding counters: nobody's visit is lost by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from server.clock import Moment
from server.lifecycle import Action, Desk
from server.visits import looks
from server.visits.caller import Caller

if TYPE_CHECKING:
    from server.visits.commands import Visits


def leave_counters(visits: Visits, conn: Any, now: Moment, clerk: str, caller: Caller) -> None:
    """Close each counter that `clerk` holds; one with a visitor at it pauses instead, held by nobody, the visitor still there.

    Another clerk takes such a counter over by opening it; a manager who closes it puts the visitor back. Inside a
    transaction of the writer.
    """
    held = conn.execute("SELECT id FROM counters WHERE clerk = ? AND state <> 'closed'", (clerk,)).fetchall()
    for (counter,) in held:
        state = Desk.CLOSED if looks.leg_at_counter(conn, counter) is None else Desk.PAUSED
        visits.change_desk(conn, now, counter, state, caller, None)


def put_back(visits: Visits, conn: Any, now: Moment, counter: int, caller: Caller) -> None:
    """The visitor at a counter that nobody holds waits for the same service again, in the place of their first arrival."""
    leg = looks.leg_at_counter(conn, counter)
    if leg is None:
        return
    visit, _ = looks.current_leg(conn, leg.visit)
    data = {"service": leg.service, "keep_place": True, "note": leg.note, "for_counter": None, "for_clerk": None}
    visits.move(conn, now, visit, leg, Action.TRANSFER, caller, data)
