"""What must hold of a counter before something is done there."""

from __future__ import annotations

from typing import Any

from server.errors import CounterBusy, CounterNotOpen, CounterTaken
from server.lifecycle import Desk
from server.visits import looks
from server.visits.caller import Caller
from server.visits.looks import DeskRow


def held(conn: Any, counter: int, action: str, caller: Caller) -> DeskRow:
    """The counter, if this caller holds it."""
    desk = looks.desk(conn, counter)
    if desk["state"] is Desk.CLOSED:
        raise CounterNotOpen(counter=desk["number"], action=str(action), state=str(desk["state"]))
    if desk["clerk"] != caller.id:
        raise CounterTaken(counter=desk["number"], clerk=desk["clerk_name"], action=str(action), state=str(desk["state"]))
    return desk


def free(conn: Any, counter: int, action: str, caller: Caller) -> None:
    """The counter is open, held by this caller, and nobody is at it."""
    desk = held(conn, counter, action, caller)
    if desk["state"] is not Desk.OPEN:
        raise CounterNotOpen(counter=desk["number"], action=action, state=str(desk["state"]))
    nobody_at(conn, desk, action)


def nobody_at(conn: Any, desk: DeskRow, action: str) -> None:
    """Nobody stands at the counter."""
    leg = looks.leg_at_counter(conn, desk["id"])
    if leg is not None:
        visit, _ = looks.current_leg(conn, leg.visit)
        raise CounterBusy(counter=desk["number"], ticket=visit.ticket or "", action=action, state=str(leg.state))
