"""The queue as the calling rules need it. Used inside the writer's transaction."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from server import calling, setup
from server.calling import Candidate, Rules, WorkProfile
from server.clock import Moment
from server.lifecycle import Leg

COLUMNS = "visit, leg, service, priority, place, :steady - joined_steady, due_at - :at"
FIRST = (
    f"SELECT {COLUMNS} FROM legs WHERE state = 'waiting' AND for_counter IS NULL AND for_clerk IS NULL AND due_at IS NULL"
    " AND service = :service AND (priority IS NULL) = :ordinary ORDER BY place LIMIT 1"
)
FOR_SOMEBODY = (
    f"SELECT {COLUMNS}, for_counter, for_clerk FROM legs INDEXED BY legs_waiting_for_somebody"
    " WHERE state = 'waiting' AND (for_counter IS NOT NULL OR for_clerk IS NOT NULL OR due_at IS NOT NULL) ORDER BY place"
)


def choose(conn: Any, now: Moment, counter: int, clerk: str) -> calling.Choice | None:
    """Whom this counter calls next, by the hall's rules and its own work profile."""
    rules, profile = setup.calling_rules(conn), setup.work_profile(conn, counter)
    waiting = first_of_each_class(conn, now, profile) + for_somebody(conn, now, counter, clerk)
    return calling.choose_next(waiting, rules, profile, unpreferred_run(conn, rules, counter))


def first_of_each_class(conn: Any, now: Moment, profile: WorkProfile) -> list[Candidate]:
    """The first waiting leg of each service and class: all that the rules need, however long the queue is."""
    services = [service for (service,) in conn.execute("SELECT id FROM services") if profile.serves(service)]
    found = []
    for service in services:
        for ordinary in (0, 1):
            values = {"at": now.at, "steady": now.steady, "service": service, "ordinary": ordinary}
            if row := conn.execute(FIRST, values).fetchone():
                found.append(Candidate(*row))
    return found


def for_somebody(conn: Any, now: Moment, counter: int, clerk: str) -> list[Candidate]:
    """Who was sent to this counter or clerk, who has an appointment, and who was sent to somebody who is not there."""
    desks = conn.execute("SELECT id, clerk FROM counters WHERE state <> 'closed'").fetchall()
    counters, clerks = {row[0] for row in desks}, {row[1] for row in desks if row[1] is not None}
    found = []
    for *columns, for_counter, for_clerk in conn.execute(FOR_SOMEBODY, {"at": now.at, "steady": now.steady}):
        mine = for_counter == counter or for_clerk == clerk
        bound = for_counter in counters or for_clerk in clerks
        if mine or not bound:
            found.append(replace(Candidate(*columns), reserved=mine))
    return found


def place_back(conn: Any, leg: Leg) -> dict[str, float]:
    """Where an absent or parked visitor is put back, for the event that does it; empty for the end of the queue."""
    rule = setup.put_back(conn)
    shared = setup.shared_services(conn, leg.service)
    only = "" if shared is None else f" AND service IN ({', '.join('?' * len(shared))})"
    rows = conn.execute(
        f"SELECT place FROM legs WHERE state = 'waiting'{only} ORDER BY place LIMIT ?", (*sorted(shared or ()), rule.after + 1)
    ).fetchall()
    place = rule.place(leg.place, [row[0] for row in rows])
    return {} if place is None else {"place": place}


def unpreferred_run(conn: Any, rules: Rules, counter: int) -> int:
    """How many calls of this counter went to whoever was first since its last call by preference (as far as rules need)."""
    rows = conn.execute(
        "SELECT rule FROM legs WHERE counter = ? AND called_seq IS NOT NULL ORDER BY called_seq DESC LIMIT ?",
        (counter, rules.prefer_one_in),
    ).fetchall()
    return next((run for run, (rule,) in enumerate(rows) if rule in calling.PREFERENCES), rules.prefer_one_in)
