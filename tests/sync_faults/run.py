"""One fault run and what it came to."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from portal import units
from portal.store.database import connect as portal_store
from server.store.database import connect as unit_store
from tests.portal.running import Portal
from tests.running import Running
from tests.sync_faults import hall
from tests.sync_faults.line import FaultyLine

FILLED = 0.1
"""The share of the events that is owed before the server starts; the poison is among them."""
UNIT, PORTAL, POSTGRES = "unit", "portal", "PostgreSQL"
CALM_S = (0.1, 1.5)


@dataclass
class Outcome:
    """What was found at the end. Everything in `wrong` breaks a promise."""

    acknowledged: int = 0
    stored: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    starts: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    line: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)


def run(folder: Path, events: int, kills: int, seed: int, longest_s: float, batch: int) -> Outcome:
    """`events` on their way under faults and `kills`; returns when nothing is owed any more, or after `longest_s`."""
    dice, began = random.Random(seed), time.monotonic()
    portal = Portal(folder, processes=2, threads=4)
    line = FaultyLine(portal.port, random.Random(f"{seed} of the line"))  # its own: who is killed does not hang on requests
    try:
        with portal_store(portal.url) as conn:
            units.add(conn, hall.UNIT, "Annexe 6", "Commune de Rabat")
            secret = units.new_secret(conn, hall.UNIT)
        house = hall.make(folder / "unit", line.url, secret, batch)
        visits, poisoned = hall.fill(house, round(events * FILLED))
        running = Running(house)
        running.start()
        outcome = Outcome()
        try:
            visitors = hall.Visitors(running, events - len(visits))
            _trouble(running, portal, visitors, kills, dice, outcome)
            _drained(house, visitors, began + longest_s, outcome)
        finally:
            running.kill()
        outcome.seconds, outcome.line = time.monotonic() - began, line.counts
        compare(house, portal.url, [*visits, *visitors.acknowledged], poisoned, line.stored, outcome)
        return outcome
    finally:
        line.close()
        portal.close()


def _trouble(running: Running, portal: Portal, visitors: hall.Visitors, kills: int, dice: random.Random, outcome: Outcome) -> None:
    """Between two kills a share of the visitors comes; every tenth kill is PostgreSQL's own, on top of those asked for."""
    for number in range(kills):
        visitors.allow((number + 1) / kills)
        time.sleep(dice.uniform(*CALM_S))
        victim = dice.choice((UNIT, PORTAL))
        outcome.kills[victim] += 1
        if victim == UNIT:
            running.kill()
            running.start()
        else:
            portal.kill()
            portal.begin()
        if number % 10 == 9:
            outcome.kills[POSTGRES] += 1
            portal.postgres.stop("immediate")
            portal.postgres.begin()
    visitors.allow(1.0)


def _drained(house: Path, visitors: hall.Visitors, until: float, outcome: Outcome) -> None:
    store = unit_store(house / "unit.db", read_only=True)
    while time.monotonic() < until:
        owed = store.execute("SELECT COUNT(*) FROM deliveries WHERE state = 'pending' AND kind = 'portal'").fetchone()[0]
        if visitors.faults or (visitors.caught_up() and not owed):
            break
        time.sleep(0.2)
    else:
        outcome.wrong.append("it was not done in time")
    store.close()
    outcome.wrong += [f"a visitor was refused: {fault!r}" for fault in visitors.faults]


Told = tuple[str, int, str]
"""Epoch, sequence and id of an event."""


def compare(house: Path, portal: str, visits: list[str], poisoned: dict[int, str], order: list[str], outcome: Outcome) -> None:
    """Hold the unit's outbox, the portal's tables and what was acknowledged against each other."""
    store = unit_store(house / "unit.db", read_only=True)
    rows = store.execute("SELECT id, epoch, sequence, event, state, payload ->> '$.data.visit' FROM deliveries"
                         " WHERE kind = 'portal' ORDER BY id").fetchall()  # fmt: skip
    store.close()
    with portal_store(portal) as conn:
        there = conn.execute("SELECT epoch, sequence, id FROM events JOIN streams USING (stream)").fetchall()
        gaps = conn.execute(
            "SELECT epoch, missing FROM gaps JOIN streams USING (stream), generate_series(first, last) AS missing"
        ).fetchall()
        told = conn.execute("SELECT kind, count(*) FROM incidents GROUP BY kind").fetchall()
    good: list[Told] = [(row[1], row[2], row[3]) for row in rows if row[0] not in poisoned]
    bad = [(row[1], row[2]) for row in rows if row[0] in poisoned]
    by_epoch: dict[str, list[int]] = {}
    for row in rows:
        by_epoch.setdefault(row[1], []).append(row[2])
    states = {row[0]: row[4] for row in rows}
    outcome.acknowledged, outcome.stored, outcome.starts = len(visits), len(there), len(by_epoch)
    outcome.refused = Counter(f"{what}: {states[id]}" for id, what in poisoned.items())
    expected = {id: "aside" if what == "a kind nobody knows" else "rejected" for id, what in poisoned.items()}
    place = {event: at for at, (_, _, event) in enumerate(good)}
    arrived = [place.get(id, -1) for id in order]
    found = {
        "acknowledged events that nobody owes the portal": len(set(visits) - {row[5] for row in rows}),
        "events left behind": len(set(good) - set(there)),
        "events stored twice": len(there) - len(set(there)) + len(there) - len({row[2] for row in there}),
        "events at the portal that the unit does not know": len(set(there) - set(good)),
        "events stored out of order": sum(a >= b for a, b in pairwise(arrived)),
        "deliveries not settled as they should be": sum(state != expected.get(id, "done") for id, state in states.items()),
        "gaps at the portal other than the poisoned events": len(set(gaps) ^ set(bad)),
        "starts whose sequences have a gap": sum(map(_gap, by_epoch.values())),
        **{f"incidents at the portal: {kind}": count for kind, count in told},
    }  # fmt: skip
    outcome.wrong += [f"{what}: {count}" for what, count in found.items() if count]


def _gap(sequences: list[int]) -> bool:
    return sequences != list(range(1, len(sequences) + 1))
