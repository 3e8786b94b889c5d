"""A clerk who goes away from a counter (signs out, is removed, is relieved by a manager): nobody's visit is lost by it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from server import lifecycle
from server.clock import Moment
from server.lifecycle import Action, Desk
from server.visits import looks
from server.visits.caller import Caller

if TYPE_CHECKING:
    from server.visits.commands import Visits

RELEASED = "released"
"""The reason for which such a counter is closed; the clerk's screen knows the word."""
ENDS = {"finish": Action.FINISH, "absent": Action.NO_SHOW}
"""How a clerk who goes may end the visit; `back` puts the visitor back instead."""


@dataclass(frozen=True, slots=True)
class Held:
    """A counter that somebody holds, with the visitor who is at it, if any, and how far they are.

    `numbered`: the number that a visitor without one got when they were put back, for whoever did it to tell them.
    """

    counter: int
    number: int
    clerk_name: str | None = None
    visit: str | None = None
    ticket: str | None = None
    state: str | None = None
    numbered: str | None = None


def held_by(conn: Any, clerk: str) -> list[Held]:
    """The counters of a clerk, by number."""
    rows = conn.execute(
        "SELECT id FROM counters WHERE clerk = ? AND state <> 'closed' AND removed_at IS NULL ORDER BY number", (clerk,)
    ).fetchall()
    return [_held(conn, counter) for (counter,) in rows]


def _held(conn: Any, counter: int) -> Held:
    desk, leg = looks.desk(conn, counter), looks.leg_at_counter(conn, counter)
    if leg is None:
        return Held(counter, desk["number"], desk["clerk_name"])
    visit, _ = looks.current_leg(conn, leg.visit)
    return Held(counter, desk["number"], desk["clerk_name"], leg.visit, visit.ticket, str(leg.state))


def part(visits: Visits, conn: Any, now: Moment, held: Held, how: str, caller: Caller) -> str | None:
    """Part from the visitor at a counter: `how` is one of ENDS or `back`, anything else leaves all as it is.

    Gives the number that they got by it, as `put_back`. Raises IllegalTransition when the visitor is not as far as that. Inside
    a transaction of the writer.
    """
    leg = looks.leg_at_counter(conn, held.counter)
    if leg is None:
        return None
    if how == "back":
        return put_back(visits, conn, now, held.counter, caller)
    if how in ENDS:
        found, _ = looks.current_leg(conn, leg.visit)
        visits.move(conn, now, found, leg, ENDS[how], caller)
    return None


def release(visits: Visits, conn: Any, now: Moment, counter: int, caller: Caller) -> Held:
    """Close a counter whoever holds it; a visitor at it waits again. Says how it was; raises IllegalTransition when it is closed.

    Inside a transaction of the writer.
    """
    lifecycle.desk_after(looks.desk(conn, counter)["state"], "close")
    was = _held(conn, counter)
    numbered = put_back(visits, conn, now, counter, caller)
    visits.change_desk(conn, now, counter, Desk.CLOSED, caller, None, RELEASED)
    return replace(was, numbered=numbered)


def leave_counters(visits: Visits, conn: Any, now: Moment, clerk: str, caller: Caller) -> None:
    """Close each counter that `clerk` holds; one with a visitor at it pauses instead, held by nobody, the visitor still there.

    Another clerk takes such a counter over by opening it; a manager who closes it puts the visitor back. Inside a
    transaction of the writer.
    """
    held = conn.execute("SELECT id FROM counters WHERE clerk = ? AND state <> 'closed'", (clerk,)).fetchall()
    for (counter,) in held:
        state = Desk.CLOSED if looks.leg_at_counter(conn, counter) is None else Desk.PAUSED
        visits.change_desk(conn, now, counter, state, caller, None)


def put_back(visits: Visits, conn: Any, now: Moment, counter: int, caller: Caller) -> str | None:
    """The visitor at a counter that is left waits for the same service again, in the place of their first arrival.

    Who came without a ticket gets a number, which is printed nowhere: it is given back, to be told them; None for all others.
    """
    leg = looks.leg_at_counter(conn, counter)
    if leg is None:
        return None
    visit, _ = looks.current_leg(conn, leg.visit)
    data = {"service": leg.service, "keep_place": True, "note": leg.note, "for_counter": None, "for_clerk": None}
    visits.move(conn, now, visit, leg, Action.TRANSFER, caller, data)
    return looks.current_leg(conn, leg.visit)[0].ticket if visit.ticket is None else None
