"""The queue as the calling rules need it. Used inside the writer's transaction."""

from __future__ import annotations

from typing import Any

from server import calling, setup
from server.calling import Candidate, Rules
from server.clock import Moment
from server.lifecycle import Leg
from server.visits.desks import THERE
from server.visits.queues import CONVENED, ORDINARY, PREFERRED, QUEUED, classes

PUT_BACK: dict[str, Any] = {"put_back": True}
"""What an event says that puts somebody back behind others: at its `place`, without one at the end of the queue."""

_COLUMNS = "l.visit, l.leg, l.service, l.priority, l.place, :steady - l.joined_steady, l.due_at - :at"

# Of those who were sent to nobody, by service and class (`queue_class`): a seek for each, however many wait.
FIRST_OF_EACH_CLASS = f"""
    SELECT {_COLUMNS}, 0, l.put_back FROM services CROSS JOIN ({classes(PREFERRED, ORDINARY)}) AS classes
    CROSS JOIN legs AS l ON l.rowid = (SELECT rowid FROM legs INDEXED BY legs_queued
        WHERE {QUEUED} AND service = services.id AND queue_class = classes.class ORDER BY place LIMIT 1)"""
# Who keeps an earlier place after a transfer has waited little: behind them somebody may have waited past the cap. The classes in
# which nobody has are left out first, else each of them would be gone through to its end. Who was put back is among them: they hold
# preference back, though the cap does not bring them forward.
FIRST_PAST_THE_CAP = f"""
    WITH late AS MATERIALIZED (
        SELECT services.id AS service, classes.class
        FROM services CROSS JOIN ({classes(PREFERRED, ORDINARY, CONVENED)}) AS classes
        WHERE (SELECT MIN(joined_steady) FROM legs INDEXED BY legs_queued_since
            WHERE {QUEUED} AND service = services.id AND queue_class = classes.class) < :capped)
    SELECT {_COLUMNS}, 0, l.put_back FROM late CROSS JOIN legs AS l ON l.rowid = (SELECT rowid FROM legs INDEXED BY legs_queued
        WHERE {QUEUED} AND service = late.service AND queue_class = late.class AND joined_steady < :capped
        ORDER BY place LIMIT 1)"""
# The convened of a service go first from a time on: the first of each time, from seek to seek, then the first of those due and not.
# (The "+" takes the affinity off, without which SQLite compares by the index the first column only.)
FIRST_CONVENED = f"""
    WITH RECURSIVE slot(first, service, due_at) AS (
        SELECT * FROM (SELECT rowid, service, due_at FROM legs INDEXED BY legs_convened
            WHERE {QUEUED} AND queue_class = '{CONVENED}' ORDER BY service, due_at, place LIMIT 1)
        UNION ALL
        SELECT l.rowid, l.service, l.due_at FROM slot CROSS JOIN legs AS l ON l.rowid = (
            SELECT rowid FROM legs INDEXED BY legs_convened WHERE {QUEUED} AND queue_class = '{CONVENED}'
            AND (service, due_at) > (slot.service, +slot.due_at) ORDER BY service, due_at, place LIMIT 1))
    SELECT visit, leg, service, priority, place, waited, due_in, 0, put_back FROM (
        SELECT l.visit, l.leg, l.service, l.priority, :steady - l.joined_steady AS waited, l.due_at - :at AS due_in, l.put_back,
        MIN(l.place) AS place FROM slot CROSS JOIN legs AS l ON l.rowid = slot.first GROUP BY l.service, l.due_at <= :early)"""
# Who was sent to this counter or clerk, and who was sent to somebody who is not there.
SENT = f"""
    SELECT {_COLUMNS}, l.for_counter IS :counter OR l.for_clerk IS :clerk AS mine, l.put_back
    FROM legs AS l INDEXED BY legs_sent
    WHERE l.state = 'waiting' AND (l.for_counter IS NOT NULL OR l.for_clerk IS NOT NULL) AND (mine OR NOT (
        EXISTS (SELECT 1 FROM counters WHERE id = l.for_counter AND {THERE})
        OR (l.for_clerk IS NOT NULL AND l.for_clerk IN (SELECT clerk FROM counters WHERE clerk IS NOT NULL AND {THERE}))))"""
# An undone call is none; the journal alone knows all calls, also of visitors who were put aside or put back since.
CALLS_OF_COUNTER = """
    SELECT data ->> 'rule' FROM events AS call INDEXED BY calls_of_counter WHERE type = 'called' AND data ->> 'counter' = ?
    AND NOT EXISTS (SELECT 1 FROM events WHERE visit = call.visit AND type = 'undone' AND data ->> 'of' = call.id)
    ORDER BY seq DESC LIMIT ?"""


def choose(conn: Any, now: Moment, counter: int, clerk: str) -> calling.Choice | None:
    """Whom this counter calls next, by the hall's rules and its own work profile."""
    rules, profile = setup.calling_rules(conn), setup.work_profile(conn, counter)
    waiting = candidates(conn, now, rules, counter, clerk)
    return calling.choose_next(waiting, rules, profile, unpreferred_run(conn, rules, counter))


def candidates(conn: Any, now: Moment, rules: Rules, counter: int, clerk: str) -> list[Candidate]:
    """All that the rules need of who waits: the first of each service and class, the first of each past the cap, and all who
    were sent to this counter or clerk or to somebody who is not there."""
    values = {
        "at": now.at,
        "steady": now.steady,
        "capped": now.steady - rules.cap_ms,
        "early": now.at + rules.early_ms,
        "paused": now.at - rules.pause_ms,
        "counter": counter,
        "clerk": clerk,
    }
    queries = (FIRST_OF_EACH_CLASS, FIRST_PAST_THE_CAP, FIRST_CONVENED, SENT)
    return list({row[0]: Candidate(*row) for query in queries for row in conn.execute(query, values)}.values())


def place_back(conn: Any, leg: Leg) -> dict[str, Any]:
    """Where an absent or parked visitor is put back, for the event that does it."""
    rule = setup.put_back(conn)
    place = rule.place(leg.place, _first_places(conn, leg.service, rule.after + 1))
    told = {} if rule.where == calling.PLACE else PUT_BACK
    return told if place is None else {**told, "place": place}


def _first_places(conn: Any, service: str, most: int) -> list[float]:
    """The places of the first who wait for what shares a queue with this service."""
    shared = setup.shared_services(conn, service)
    only = "" if shared is None else f" AND service IN ({', '.join('?' * len(shared))})"
    rows = conn.execute(
        f"SELECT place FROM legs WHERE state = 'waiting'{only} ORDER BY place LIMIT ?", (*sorted(shared or ()), most)
    )
    return [row[0] for row in rows]


def unpreferred_run(conn: Any, rules: Rules, counter: int) -> int:
    """How many calls of this counter went to whoever was first since its last call by preference (as far as rules need)."""
    rows = conn.execute(CALLS_OF_COUNTER, (counter, rules.prefer_one_in)).fetchall()
    return next((run for run, (rule,) in enumerate(rows) if rule in calling.PREFERENCES), rules.prefer_one_in)
