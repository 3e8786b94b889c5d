"""Properties of the calling rules, whoever waits."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given

from server.calling import PREFERENCES, Candidate, Rules, WorkProfile, choose_next

MINUTE = 60_000
SERVICES = ("etat-civil", "legalisation", "residence")


@st.composite
def visitors(draw: st.DrawFn, least: int = 1) -> list[Candidate]:
    count = draw(st.integers(least, 25))
    return [
        Candidate(
            str(place),
            1,
            draw(st.sampled_from(SERVICES)),
            draw(st.sampled_from([None, None, "elderly"])),
            place,
            draw(st.integers(0, 60)) * MINUTE,
            draw(st.sampled_from([None, None, None, -MINUTE, 30 * MINUTE])),
        )
        for place in range(count)
    ]


profiles = st.dictionaries(st.sampled_from(SERVICES), st.integers(0, 2)).map(WorkProfile)
all_rules = st.builds(Rules, cap_ms=st.sampled_from([0, 20 * MINUTE]), prefer_one_in=st.integers(1, 5))


def test_it_calls_nobody_when_nobody_waits() -> None:
    assert choose_next([], Rules(), WorkProfile(), 0) is None


@given(visitors(), all_rules, profiles, st.integers(0, 5))
def test_the_same_input_gives_the_same_choice_in_whatever_order_it_comes(
    waiting: list[Candidate], rules: Rules, profile: WorkProfile, run: int
) -> None:
    assert choose_next(waiting, rules, profile, run) == choose_next(waiting[::-1], rules, profile, run)


@given(visitors(), all_rules, profiles, st.integers(0, 5))
def test_a_counter_calls_only_what_it_serves(waiting: list[Candidate], rules: Rules, profile: WorkProfile, run: int) -> None:
    choice = choose_next(waiting, rules, profile, run)
    assert (choice is not None) == any(profile.serves(one.service) for one in waiting)
    assert choice is None or profile.serves(choice.candidate.service)


@given(visitors(), all_rules, profiles, st.integers(0, 5))
def test_within_one_class_the_order_is_by_arrival(waiting: list[Candidate], rules: Rules, profile: WorkProfile, run: int) -> None:
    waiting = [Candidate(o.visit, 1, o.service, o.priority, o.place, (60 - o.place) * MINUTE) for o in waiting]
    choice = choose_next(waiting, rules, profile, run)
    if choice is not None:
        called = choice.candidate
        same = [one for one in waiting if (one.service, one.priority) == (called.service, called.priority)]
        assert all(called.place <= one.place for one in same)


@given(visitors(), profiles, st.integers(2, 5), st.integers(0, 2))
def test_nobody_eligible_waits_for_ever(before: list[Candidate], profile: WorkProfile, one_in: int, favourite: int) -> None:
    """Past the cap, whoever it is gets called within `one_in` × (those before + 1) calls, whoever else keeps coming."""
    rules = Rules(cap_ms=0, prefer_one_in=one_in)
    victim = Candidate("victim", 1, "residence", None, len(before), MINUTE)
    if not profile.serves("residence"):
        profile = WorkProfile({**profile.ranks, "residence": 9})
    queue = [*before, victim]
    run, calls = 0, 0
    while victim in queue:
        late = Candidate(f"late-{calls}", 1, SERVICES[favourite], "elderly", 1000 + calls, 2 * MINUTE)
        queue.append(late)
        choice = choose_next(queue, rules, profile, run)
        assert choice is not None
        queue.remove(choice.candidate)
        run = 0 if choice.rule in PREFERENCES else run + 1
        calls += 1
        assert calls <= one_in * (len(before) + 1)
