"""How a visit, a ticket and a counter look to whoever asked: plain data, ready to be stored and sent."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from server import journal, setup
from server.clock import Moment
from server.errors import UnknownCounter, UnknownVisit
from server.lifecycle import AT_COUNTER, Desk, Leg, State
from server.visits.appointments import standing
from server.visits.caller import VISITOR
from server.visits.foresight import Estimate, Foresight


class PrintingLook(TypedDict):
    """Which printer has the slip queued, and which one takes over when it can't print."""

    printer: str
    state: str
    second: str | None


class TicketLook(TypedDict):
    """A ticket just given; `service_name` in its language, `priority` an id of the hall's, `appointment` as `HH:MM`.

    `issued_at` is in UTC milliseconds.
    """

    visit: str
    ticket: str
    service: str
    service_name: str
    language: str
    priority: str | None
    appointment: str | None
    people_ahead: int
    estimated_wait: Estimate | None
    printing: PrintingLook | None
    issued_at: int


class CalledLook(TypedDict):
    """A visitor just called; `waited` in whole seconds, `rule` is what picked them."""

    visit: str
    ticket: str | None
    service: str
    language: str
    waited: int
    rule: str


class VisitLook(TypedDict):
    visit: str
    ticket: str | None
    service: str
    language: str
    state: str
    people_ahead: int | None
    estimated_wait: Estimate | None
    counter: int | None


class CounterLook(TypedDict):
    id: int
    number: int
    state: str
    clerk: str | None
    numbered: NotRequired[str]


class DeskRow(TypedDict):
    """A counter as stored; `clerk` is the caller's id, `clerk_name` what people see."""

    id: int
    number: int
    state: Desk
    clerk: str | None
    clerk_name: str | None


def current_leg(conn: Any, visit: str) -> tuple[journal.Visit, Leg]:
    """A visit and its current leg; raises UnknownVisit."""
    columns = ", ".join(journal.Visit.__dataclass_fields__)
    row = conn.execute(f"SELECT {columns} FROM visits WHERE visit = ?", (visit,)).fetchone()
    if row is None:
        raise UnknownVisit
    found = journal.Visit(*row)
    leg = conn.execute(f"SELECT {journal.LEG_COLUMNS} FROM legs WHERE visit = ? AND leg = ?", (visit, found.leg)).fetchone()
    return found, journal.leg_of(leg)


def leg_at_counter(conn: Any, counter: int) -> Leg | None:
    """The leg that is called to or served at a counter."""
    row = conn.execute(
        f"SELECT {journal.LEG_COLUMNS} FROM legs WHERE counter = ? AND state IN ('called', 'serving')", (counter,)
    ).fetchone()
    return row and journal.leg_of(row)


def desk(conn: Any, counter: int) -> DeskRow:
    """A counter as stored; raises UnknownCounter."""
    query = "SELECT id, number, state, clerk, clerk_name FROM counters WHERE id = ? AND removed_at IS NULL"
    row = conn.execute(query, (counter,)).fetchone()
    if row is None:
        raise UnknownCounter(counter=counter)
    return DeskRow(id=row[0], number=row[1], state=Desk(row[2]), clerk=row[3], clerk_name=row[4])


def look_at_desk(row: DeskRow, numbered: str | None = None) -> CounterLook:
    """A counter as it is told; `numbered`: the number that a visitor without one got when they were put back from it."""
    look = CounterLook(id=row["id"], number=row["number"], state=str(row["state"]), clerk=row["clerk_name"])
    return look if numbered is None else {**look, "numbered": numbered}


def ahead_of_newcomer(conn: Any, service: str, priority: str | None) -> int:
    """How many are to be called before somebody who would join now, in all queues that share a counter with this one."""
    only = "" if priority is None else " AND priority"
    shared, values = _in_shared_queues(conn, service)
    row = conn.execute(f"SELECT COALESCE(SUM(count), 0) FROM waiting WHERE {shared}{only}", values).fetchone()
    return int(row[0])


def people_ahead(conn: Any, leg: Leg, now: Moment | None = None) -> int:
    """How many who wait now are to be called before this visitor, in all queues that share a counter with theirs."""
    shared, values = _in_shared_queues(conn, leg.service)
    waiting = f"SELECT COUNT(*) FROM legs WHERE state = 'waiting' AND {shared}"
    with_priority = f"{waiting} AND priority IS NOT NULL AND NOT put_back AND place"
    if standing(conn, now, leg) is not None:
        return int(conn.execute(f"{with_priority} < ?", (*values, leg.place)).fetchone()[0])
    earlier = conn.execute(f"{waiting} AND place < ?", (*values, leg.place)).fetchone()[0]
    return int(earlier + conn.execute(f"{with_priority} > ?", (*values, leg.place)).fetchone()[0])


def _in_shared_queues(conn: Any, service: str) -> tuple[str, tuple[str, ...]]:
    """A condition on the services that share a counter with this one, and its values."""
    services = setup.shared_services(conn, service)
    if services is None:
        return "1", ()
    return f"service IN ({', '.join('?' * len(services))})", tuple(sorted(services))


def look_at_visit(conn: Any, visit: str, foresight: Foresight | None = None, now: Moment | None = None) -> VisitLook:
    """A visit as anyone who holds its id may see it, with its estimated wait if somebody foresees it; raises UnknownVisit."""
    found, leg = current_leg(conn, visit)
    number = desk(conn, leg.counter)["number"] if leg.counter is not None and leg.state in AT_COUNTER else None
    ahead = people_ahead(conn, leg, now) if leg.state is State.WAITING else None
    estimate = None
    if ahead is not None and foresight is not None and now is not None:
        estimate = foresight.remaining(conn, now, leg, ahead, ahead_of_newcomer(conn, leg.service, standing(conn, now, leg)))
    return VisitLook(
        visit=found.visit,
        ticket=found.ticket,
        service=leg.service,
        language=found.language,
        state=str(leg.state),
        people_ahead=ahead,
        estimated_wait=estimate,
        counter=number,
    )


def had_more_time(conn: Any, visit: str) -> bool:
    """Whether the visitor went back to the queue by themself already."""
    by_visitor = "SELECT 1 FROM events WHERE visit = ? AND type = 'recycled' AND actor = ?"
    return conn.execute(by_visitor, (visit, VISITOR.id)).fetchone() is not None


def look_at_call(conn: Any, leg: Leg) -> CalledLook:
    row = conn.execute("SELECT ticket, language FROM visits WHERE visit = ?", (leg.visit,)).fetchone()
    called = leg.called_steady if leg.called_steady is not None else leg.joined_steady
    return CalledLook(
        visit=leg.visit,
        ticket=row[0],
        service=leg.service,
        language=row[1],
        waited=max(0, called - leg.joined_steady) // 1000,
        rule=leg.rule or "",
    )
