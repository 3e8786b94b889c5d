"""Properties of the calling rules, whoever waits."""

from __future__ import annotations

from dataclasses import dataclass, replace

import hypothesis.strategies as st
from hypothesis import given, settings

from server.calling import (
    APPOINTMENT,
    ARRIVAL,
    CHOSEN,
    PREFERENCES,
    PRIORITY,
    RESERVED,
    SERVICE_ORDER,
    Candidate,
    Choice,
    Rules,
    WorkProfile,
    choose_next,
    goes_first,
)

MINUTE = 60_000
SERVICES = ("etat-civil", "legalisation", "residence")
CALLS = 40


@dataclass(frozen=True)
class Comer:
    """Somebody who takes a ticket; `due` minutes from then on, if convened."""

    service: str
    priority: str | None
    due: int | None
    reserved: bool
    before: int | None = None
    """Minutes for which they had waited already when they were put back behind the others."""


comers = st.builds(
    Comer,
    st.sampled_from(SERVICES),
    st.sampled_from([None, None, "elderly", APPOINTMENT]),
    st.sampled_from([None, None, -10, 3, 30]),
    st.sampled_from([False, False, False, True]),
)
some_put_back = st.builds(replace, comers, before=st.sampled_from([None, None, 3, 40]))
profiles = st.dictionaries(st.sampled_from(SERVICES), st.integers(0, 2)).map(WorkProfile)
all_rules = st.builds(Rules, cap_ms=st.sampled_from([0, 5 * MINUTE, 20 * MINUTE]), prefer_one_in=st.integers(2, 5))


def candidate(place: int, comer: Comer, waited: int) -> Candidate:
    """Somebody as they are after waiting so many minutes."""
    due = None if comer.due is None else (comer.due - waited) * MINUTE
    back, waited = comer.before is not None, waited + (comer.before or 0)
    return Candidate(str(place), 1, comer.service, comer.priority, place, waited * MINUTE, due, comer.reserved, back)


@st.composite
def queues(draw: st.DrawFn, of: st.SearchStrategy[Comer] = comers) -> list[Candidate]:
    """Who waits, in the order in which they came."""
    everybody = draw(st.lists(of, min_size=1, max_size=25))
    longest = draw(st.sampled_from([4, 60]))
    waits = sorted((draw(st.integers(0, longest)) for _ in everybody), reverse=True)
    return [candidate(place, comer, waited) for place, (comer, waited) in enumerate(zip(everybody, waits, strict=True))]


def test_it_calls_nobody_when_nobody_waits() -> None:
    assert choose_next([], Rules(), WorkProfile(), 0) is None


@given(queues(), all_rules, profiles, st.integers(0, 5), st.randoms(use_true_random=False))
def test_the_same_input_gives_the_same_choice_in_whatever_order_it_comes(
    waiting: list[Candidate], rules: Rules, profile: WorkProfile, run: int, dice: object
) -> None:
    shuffled = list(waiting)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    choice = choose_next(waiting, rules, profile, run)
    assert choice == choose_next(shuffled, rules, profile, run) == choose_next(waiting, rules, profile, run)


@given(queues(), all_rules, profiles, st.integers(0, 5))
def test_a_counter_calls_only_what_it_serves_or_who_was_sent_to_it(
    waiting: list[Candidate], rules: Rules, profile: WorkProfile, run: int
) -> None:
    choice = choose_next(waiting, rules, profile, run)
    assert (choice is not None) == any(one.reserved or profile.serves(one.service) for one in waiting)
    assert choice is None or choice.candidate.reserved or profile.serves(choice.candidate.service)


@given(queues(), all_rules, profiles, st.integers(0, 5))
def test_within_one_class_the_order_is_by_arrival(waiting: list[Candidate], rules: Rules, profile: WorkProfile, run: int) -> None:
    def of_class(one: Candidate) -> tuple[str, bool, bool]:
        return one.service, one.reserved, goes_first(one.priority, one.due_in_ms, rules)

    choice = choose_next(waiting, rules, profile, run)
    if choice is not None:
        same = [one for one in waiting if of_class(one) == of_class(choice.candidate)]
        assert all(choice.candidate.place <= one.place for one in same)


@given(queues(some_put_back), all_rules, profiles, st.integers(0, 5))
def test_who_was_put_back_is_never_called_before_one_who_stands_before_them(
    waiting: list[Candidate], rules: Rules, profile: WorkProfile, run: int
) -> None:
    """Neither by the cap nor by who they are: only a counter's order of services goes before the place."""
    choice = choose_next(waiting, rules, profile, run)
    if choice is not None and choice.candidate.put_back:
        called = choice.candidate
        preferred = [one for one in waiting if one.service == called.service] if choice.rule == SERVICE_ORDER else waiting
        eligible = [one for one in preferred if one.reserved or profile.serves(one.service)]
        assert all(called.place <= one.place for one in eligible)


def test_who_was_put_back_past_the_cap_holds_preference_back_from_their_place() -> None:
    first = Candidate("A002", 1, "etat-civil", None, 2, 9 * MINUTE)
    elderly = Candidate("A003", 1, "etat-civil", "elderly", 3, MINUTE)
    back = Candidate("A001", 1, "etat-civil", None, 4, 40 * MINUTE, put_back=True)
    assert choose_next([first, elderly, back], Rules(), WorkProfile(), 0) == Choice(first, ARRIVAL)
    assert choose_next([first, elderly, back], Rules(), WorkProfile(), 2) == Choice(elderly, PRIORITY)
    assert choose_next([elderly, back], Rules(), WorkProfile(), 0) == Choice(elderly, ARRIVAL)


def bound(rules: Rules, before: int) -> int:
    """Calls of a counter within which somebody past the cap is called, with so many before them: of `prefer_one_in` calls at
    most one goes by preference, each other one to them or to somebody before them."""
    return -(-(before + 1) * rules.prefer_one_in // (rules.prefer_one_in - 1)) + 1


@settings(deadline=None)
@given(
    st.lists(some_put_back, max_size=12),
    st.lists(st.lists(some_put_back, max_size=3), min_size=1, max_size=6),
    all_rules,
    profiles,
    st.integers(0, 5),
)
def test_nobody_eligible_waits_for_ever(
    first: list[Comer], stream: list[list[Comer]], rules: Rules, profile: WorkProfile, run: int
) -> None:
    """One call a minute, and before each call some more come, of whatever class, again and again: who is past the cap is called
    within so many calls as `bound` says, which who comes later can't put off."""
    came = [(0, comer) for comer in first]
    gone: set[int] = set()
    deadlines: dict[int, int] = {}
    for minute in range(CALLS):
        came += [(minute, comer) for comer in stream[minute % len(stream)]]
        queue = [candidate(place, comer, minute - at) for place, (at, comer) in enumerate(came) if place not in gone]
        eligible = [one for one in queue if one.reserved or profile.serves(one.service)]
        for before, one in enumerate(eligible):
            if one.waited_ms > rules.cap_ms:
                deadlines.setdefault(int(one.place), minute + bound(rules, before))
        choice = choose_next(queue, rules, profile, run)
        if choice is None:
            continue
        run = 0 if choice.rule in PREFERENCES else run + 1
        gone.add(int(choice.candidate.place))
        assert all(minute < deadline for place, deadline in deadlines.items() if place not in gone)


def test_who_was_sent_to_a_counter_or_chosen_by_hand_counts_as_preferred() -> None:
    """Else a stream of them would keep the others waiting for ever: each such call would leave the next one free again."""
    assert {RESERVED, CHOSEN} <= PREFERENCES
