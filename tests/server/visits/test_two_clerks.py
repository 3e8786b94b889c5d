"""Two clerks reach for the same visitor: one gets them, the other is told, and nobody is called twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from server.errors import IllegalTransition, Refused
from server.unit import Unit
from server.visits import Caller, Order
from tests.conftest import KIOSK

CLERKS = {counter: Caller(f"person:{counter}", f"Clerk {counter}", "clerk") for counter in (1, 2, 3, 4)}


def test_a_chosen_visitor_goes_to_one_of_those_who_call_at_once(unit: Unit) -> None:
    for counter, clerk in CLERKS.items():
        unit.visits.desk(counter, "open", clerk)
    visit = unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"]
    together = Barrier(len(CLERKS))

    def call(counter: int) -> Refused | None:
        together.wait()
        try:
            unit.visits.call(counter, visit, "because", CLERKS[counter])
        except Refused as refusal:
            return refusal
        return None

    with ThreadPoolExecutor(len(CLERKS)) as pool:
        answers = list(pool.map(call, CLERKS))
    assert answers.count(None) == 1
    told = [answer for answer in answers if answer is not None]
    assert [type(answer) for answer in told] == [IllegalTransition] * 3
    assert told[0].params == {"action": "call", "state": "called"}
    with unit.reading() as conn:
        assert conn.execute("SELECT COUNT(*) FROM events WHERE type = 'called'").fetchone() == (1,)


def test_next_at_the_same_moment_gives_each_clerk_another_visitor(unit: Unit) -> None:
    for counter, clerk in CLERKS.items():
        unit.visits.desk(counter, "open", clerk)
    for _ in range(3):
        unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    together = Barrier(len(CLERKS))

    def call(counter: int) -> str | None:
        together.wait()
        called = unit.visits.call_next(counter, CLERKS[counter])
        return called and called["visit"]

    with ThreadPoolExecutor(len(CLERKS)) as pool:
        answers = list(pool.map(call, CLERKS))
    assert answers.count(None) == 1
    assert len(set(answers)) == 4
