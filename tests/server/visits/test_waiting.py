"""What the writer hands to the calling rules is enough, whoever waits; and it is found by index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from sqlite_utils import Database

from server import setup
from server.calling import AFTER, END, PLACE, Candidate, PutBack, Rules, WorkProfile, choose_next
from server.clock import Moment
from server.journal import save_leg
from server.lifecycle import Leg
from server.store.migrations import MIGRATIONS
from server.visits import waiting

MINUTE = 60_000
NOW = Moment(10_000 * MINUTE, 9_000 * MINUTE)
SERVICES = ("etat-civil", "legalisation", "residence")
HERE, CLERK = 1, "person:1"
OPEN, PAUSED_JUST_NOW, PAUSED_LONG, CLOSED = 2, 3, 4, 5
"""Counters beside this one, each held by a clerk of its own."""
THERE = {HERE, OPEN, PAUSED_JUST_NOW}


@pytest.fixture(scope="module")
def hall() -> Iterator[Any]:
    """Three services and five counters, in a database of its own."""
    db = Database(memory=True)
    for migration in MIGRATIONS:
        migration(db)
    for position, id in enumerate(SERVICES):
        db.execute(
            "INSERT INTO services(id, position, prefix, series, name, icon, target_s, documents) VALUES (?,?,?,?,'','',0,'')",
            (id, position, id, id),
        )
    db.execute("INSERT INTO work_profiles VALUES ('mine', 0, '{}')")
    since = {PAUSED_JUST_NOW: NOW.at - Rules().pause_ms + 1, PAUSED_LONG: NOW.at - Rules().pause_ms}
    states = {HERE: "open", OPEN: "open", PAUSED_JUST_NOW: "paused", PAUSED_LONG: "paused", CLOSED: "closed"}
    for counter, state in states.items():
        clerk = None if state == "closed" else f"person:{counter}"
        db.execute(
            "INSERT INTO counters(id, number, state, clerk, since, profile) VALUES (?,?,?,?,?,?)",
            (counter, counter, state, clerk, since.get(counter, 0), "mine" if counter == HERE else None),
        )
    yield db.conn
    db.close()


@dataclass(frozen=True)
class Comer:
    """Somebody who waits: what they came for, for how many minutes, and what was done with them."""

    service: str
    priority: str | None
    waited: int
    due: int | None
    sent: tuple[int | None, str | None]
    moved: int
    put_back: PutBack | None


comers = st.builds(
    Comer,
    service=st.sampled_from(SERVICES),
    priority=st.sampled_from([None, None, None, "elderly", "appointment"]),
    waited=st.integers(0, 70),
    due=st.sampled_from([None, None, None, -20, 4, 5, 6, 40]),
    sent=st.sampled_from([(None, None)] * 6 + [(HERE, None), (None, CLERK), (HERE, "person:2")])
    | st.tuples(
        st.sampled_from([None, OPEN, PAUSED_JUST_NOW, PAUSED_LONG, CLOSED]), st.sampled_from([None, "person:3", "person:4"])
    ),
    moved=st.sampled_from([0, 0, 0, 20, 60]),
    put_back=st.sampled_from([None, None, None, PutBack(END), PutBack(PLACE), PutBack(AFTER, 1), PutBack(AFTER, 3)]),
)


def queue(everybody: list[Comer]) -> list[Leg]:
    """Those who wait, each at a place of their own: in the order in which they came, but for who was put back; who was transferred
    kept the place of their first arrival, `moved` minutes before they joined this queue."""
    legs: list[Leg] = []
    for number, one in enumerate(sorted(everybody, key=lambda one: -one.waited - one.moved), start=1):
        leg = Leg(
            visit=f"v{number}",
            leg=2 if one.moved else 1,
            service=one.service,
            priority=one.priority,
            place=number,
            joined_at=NOW.at - one.waited * MINUTE,
            joined_steady=NOW.steady - one.waited * MINUTE,
            for_counter=one.sent[0],
            for_clerk=one.sent[1],
            due_at=None if one.due is None else NOW.at + one.due * MINUTE,
        )
        legs.append(leg)
    for number, one in enumerate(sorted(everybody, key=lambda one: -one.waited - one.moved)):
        if one.put_back is not None and one.put_back.where != PLACE:
            places = sorted(leg.place for leg in legs)
            place = one.put_back.place(legs[number].place, places)
            legs[number] = _at(legs[number], places[-1] + 1 if place is None else place)
    return legs


def _at(leg: Leg, place: float) -> Leg:
    values = {name: getattr(leg, name) for name in Leg.__dataclass_fields__}
    return Leg(**{**values, "place": place, "put_back": True})


def all_candidates(legs: list[Leg]) -> list[Candidate]:
    """The complete list, by the words of docs/calling-rules.md."""
    clerks = {f"person:{counter}" for counter in THERE}
    found = []
    for leg in legs:
        mine = leg.for_counter == HERE or leg.for_clerk == CLERK
        bound = leg.for_counter in THERE or leg.for_clerk in clerks
        if mine or not bound:
            due = None if leg.due_at is None else leg.due_at - NOW.at
            found.append(
                Candidate(
                    leg.visit,
                    leg.leg,
                    leg.service,
                    leg.priority,
                    leg.place,
                    NOW.steady - leg.joined_steady,
                    due,
                    mine,
                    leg.put_back,
                )
            )
    return found


@settings(max_examples=400)
@given(
    st.lists(comers, max_size=14),
    st.dictionaries(st.sampled_from(SERVICES), st.integers(0, 2)),
    st.builds(Rules, cap_ms=st.sampled_from([0, 10 * MINUTE, 30 * MINUTE]), prefer_one_in=st.integers(2, 4)),
    st.integers(0, 4),
)
def test_the_choice_is_that_of_the_rules_from_all_who_wait(
    hall: Any, everybody: list[Comer], ranks: dict[str, int], rules: Rules, run: int
) -> None:
    hall.execute("DELETE FROM legs")
    hall.execute("DELETE FROM visits")
    hall.execute("DELETE FROM work_profile_services")
    hall.executemany("INSERT INTO work_profile_services VALUES ('mine', ?, ?)", list(ranks.items()))
    legs = queue(everybody)
    for leg in legs:
        hall.execute(
            "INSERT INTO visits(visit, day, language, origin, issued_at, leg) VALUES (?, '', '', '', 0, ?)", (leg.visit, leg.leg)
        )
        save_leg(hall, leg)
    profile = setup.work_profile(hall, HERE)
    assert profile == WorkProfile(ranks)
    reduced = waiting.candidates(hall, NOW, rules, HERE, CLERK)
    assert choose_next(reduced, rules, profile, run) == choose_next(all_candidates(legs), rules, profile, run)


@pytest.mark.parametrize("query", [waiting.FIRST_OF_EACH_CLASS, waiting.FIRST_PAST_THE_CAP, waiting.FIRST_CONVENED, waiting.SENT])
def test_no_query_goes_through_all_who_wait(hall: Any, query: str) -> None:
    """A seek for each service and class, or each time of appointment; those alone who were sent to somebody are all looked at."""
    values = dict.fromkeys(("at", "steady", "capped", "early", "paused", "counter", "clerk"), 0)
    plan = [row[3] for row in hall.execute(f"EXPLAIN QUERY PLAN {query}", values)]
    steps = [step for step in plan if " legs" in step or step.startswith(("SCAN l ", "SEARCH l "))]
    known = {
        "SEARCH l USING INTEGER PRIMARY KEY (rowid=?)",
        "SEARCH legs USING INDEX legs_queued (service=? AND queue_class=?)",
        "SEARCH legs USING INDEX legs_queued_since (service=? AND queue_class=?)",
        "SCAN legs USING INDEX legs_convened",
        "SEARCH legs USING INDEX legs_convened ((service,due_at)>(?,?))",
        "SCAN l USING INDEX legs_sent",
    }
    assert steps
    assert set(steps) <= known
    assert not any("ORDER BY" in step for step in plan)


def test_a_queue_of_appointments_hands_the_rules_a_few_of_them_only(hall: Any) -> None:
    hall.execute("DELETE FROM legs")
    for number in range(300):
        due_at = NOW.at + (number % 30 - 15) * 10 * MINUTE
        hall.execute(
            "INSERT OR REPLACE INTO visits(visit, day, language, origin, issued_at, leg) VALUES (?, '', '', '', 0, 1)",
            (f"a{number}",),
        )
        save_leg(hall, Leg(f"a{number}", 1, SERVICES[number % 2], None, number, NOW.at, NOW.steady, due_at=due_at))
    found = waiting.candidates(hall, NOW, Rules(), HERE, CLERK)
    assert sorted(one.visit for one in found) == ["a0", "a1", "a16", "a17"]
