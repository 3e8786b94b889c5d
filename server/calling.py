"""Who is called next: pure rules that explain themselves.

Within one class the order is by place in the queue. Priority visitors come first, but when an ordinary visitor has waited
past the cap, at most one call in `priority_one_in` goes to a priority visitor: nobody waits for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ARRIVAL = "arrival"
PRIORITY = "priority"
WAITED_PAST_CAP = "waited-past-cap"
CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A waiting leg as the rules see it; `waited_ms` since it joined its queue."""

    visit: str
    leg: int
    service: str
    priority: str | None
    place: int
    waited_ms: int


@dataclass(frozen=True, slots=True)
class Rules:
    """`cap_ms`: past this wait an ordinary visitor holds priority back to one call in `priority_one_in`."""

    cap_ms: int = 30 * 60 * 1000
    priority_one_in: int = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """The visitor to call and the rule that picked them."""

    candidate: Candidate
    rule: str


def choose_next(waiting: Sequence[Candidate], rules: Rules, ordinary_run: int) -> Choice | None:
    """The next visitor among `waiting`, or None when it is empty.

    `waiting` need only hold the first of each service and class. `ordinary_run` counts the ordinary visitors called
    since the last priority call.
    """
    priority = _first([c for c in waiting if c.priority])
    ordinary = _first([c for c in waiting if not c.priority])
    if ordinary is None:
        return Choice(priority, PRIORITY) if priority else None
    if priority is None:
        return Choice(ordinary, ARRIVAL)
    if ordinary.waited_ms > rules.cap_ms and ordinary_run < rules.priority_one_in - 1:
        return Choice(ordinary, WAITED_PAST_CAP)
    return Choice(priority, PRIORITY)


def _first(candidates: Sequence[Candidate]) -> Candidate | None:
    return min(candidates, key=lambda c: c.place, default=None)
