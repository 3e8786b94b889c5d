"""What must hold of a counter before something is done there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from server import setup
from server.clock import Moment
from server.errors import N_, CounterBusy, CounterNotOpen, CounterTaken, Refused
from server.lifecycle import Desk, Leg
from server.visits import looks
from server.visits.caller import Caller
from server.visits.looks import DeskRow


class NotServedHere(Refused):
    status, slug = 409, "not-served-here"
    message = N_("Counter %(counter)s does not serve “%(service)s”: put the visitor back into the queue, or send them on.")


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


def serving(conn: Any, counter: int, leg: Leg, caller: Caller) -> None:
    """This visitor is served here: by the work profile, or because they were sent here or to this caller, or put aside by them."""
    mine = leg.for_counter == counter or caller.id in (leg.for_clerk, leg.clerk)
    if not mine and not setup.work_profile(conn, counter).serves(leg.service):
        raise NotServedHere(counter=looks.desk(conn, counter)["number"], service=setup.service(conn, leg.service).name)


THERE = "(state = 'open' OR (state = 'paused' AND since > :paused))"
"""Of a counter, that it is there for who was sent to it or to its clerk; `paused` is the moment since when a pause is too long."""


@dataclass(frozen=True, slots=True)
class Attended:
    """The counters that are there for who was sent to them, and the clerks who hold them."""

    counters: frozenset[int]
    clerks: frozenset[str]

    def has(self, counter: int | None, clerk: str | None) -> bool:
        """Whether the counter or the clerk whom a visitor was sent to is there."""
        return counter in self.counters or clerk in self.clerks


def attended(conn: Any, now: Moment) -> Attended:
    """Who is there now for visitors who were sent to a counter or a clerk."""
    paused = now.at - setup.calling_rules(conn).pause_ms
    there = conn.execute(f"SELECT id, clerk FROM counters WHERE {THERE}", {"paused": paused}).fetchall()
    return Attended(frozenset(id for id, _ in there), frozenset(clerk for _, clerk in there if clerk is not None))
