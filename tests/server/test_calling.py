"""The calling rules: by arrival, priority first, nobody for ever."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given

from server.calling import ARRIVAL, PRIORITY, WAITED_PAST_CAP, Candidate, Choice, Rules, choose_next

MINUTE = 60_000


def waits(name: str, place: int, minutes: float = 0, priority: str | None = None) -> Candidate:
    return Candidate(name, 1, "etat-civil", priority, place, int(minutes * MINUTE))


def test_it_calls_nobody_when_nobody_waits() -> None:
    assert choose_next([], Rules(), 0) is None


def test_it_calls_by_arrival() -> None:
    first, second = waits("first", 1), waits("second", 2)
    assert choose_next([second, first], Rules(), 9) == Choice(first, ARRIVAL)


def test_it_calls_priority_before_an_earlier_ordinary_visitor() -> None:
    ordinary, elderly = waits("ordinary", 1, 10), waits("elderly", 2, 1, "elderly")
    assert choose_next([ordinary, elderly], Rules(), 0) == Choice(elderly, PRIORITY)


def test_it_holds_priority_back_when_an_ordinary_visitor_waited_past_the_cap() -> None:
    ordinary, elderly = waits("ordinary", 1, 31), waits("elderly", 2, 1, "elderly")
    rules = Rules(cap_ms=30 * MINUTE, priority_one_in=3)
    assert choose_next([ordinary, elderly], rules, 0) == Choice(ordinary, WAITED_PAST_CAP)
    assert choose_next([ordinary, elderly], rules, 1) == Choice(ordinary, WAITED_PAST_CAP)
    assert choose_next([ordinary, elderly], rules, 2) == Choice(elderly, PRIORITY)


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 3)), min_size=1, max_size=60), st.integers(2, 5))
def test_it_lets_no_ordinary_visitor_wait_for_ever(arrivals: list[tuple[bool, int]], one_in: int) -> None:
    """An ordinary visitor past the cap is called within one_in × (ordinary ones before + 1) calls, whoever else comes."""
    rules = Rules(cap_ms=0, priority_one_in=one_in)
    ordinary_before = sum(not priority for priority, _ in arrivals)
    queue = [waits(str(n), n, 1, "elderly" if priority else None) for n, (priority, _) in enumerate(arrivals)]
    victim = waits("victim", len(queue), 1)
    queue.append(victim)
    run, calls = 0, 0
    while victim in queue:
        queue.append(waits(f"late-{calls}", 1000 + calls, 1, "elderly"))
        choice = choose_next(queue, rules, run)
        assert choice is not None
        queue.remove(choice.candidate)
        run = 0 if choice.candidate.priority else run + 1
        calls += 1
        assert calls <= one_in * (ordinary_before + 1)
