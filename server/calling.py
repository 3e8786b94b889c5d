"""Who is called next: pure rules that explain themselves, written out for managers in docs/calling-rules.md.

A counter prefers by its work profile (services in order), then by priority, then by arrival. Preference never makes anyone
wait for ever: once somebody has waited past the cap, at most one call in `prefer_one_in` goes by preference, the others go to
whoever waits past the cap, first come first. "First" is by place in the queue, which no clock can disorder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

ARRIVAL = "arrival"
PRIORITY = "priority"
APPOINTMENT = "appointment"
"""The rule, and the id of the priority that a hall's list gives to who is convened for a time."""
SERVICE_ORDER = "service-order"
RESERVED = "reserved"
WAITED_PAST_CAP = "waited-past-cap"
CHOSEN = "chosen"
TAKEN_UP = "taken-up"
"""Of a visitor who was put aside, is back and is called at once: not out of order, for their turn was before."""
PREFERENCES = frozenset({PRIORITY, APPOINTMENT, SERVICE_ORDER, RESERVED, CHOSEN, TAKEN_UP})
"""Rules by which somebody is called, or may be, before another who came earlier."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A waiting leg as the rules see it.

    `waited_ms` since it joined its queue; `due_in_ms` until its appointment (negative when past), None without one;
    `reserved` when it was sent to this very counter or clerk; `put_back` when it stands at a place given to it after it was
    absent or put aside: nothing brings it forward from there but the counter's order of services. Past the cap it holds
    preference back.
    """

    visit: str
    leg: int
    service: str
    priority: str | None
    place: float
    waited_ms: int
    due_in_ms: int | None = None
    reserved: bool = False
    put_back: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """The manager's settings. `cap_ms`: past this wait, preference is held back to one call in `prefer_one_in`.

    An appointment counts as one from `early_ms` before its time on; before that its visitor waits like everybody, unless
    another priority (of the elderly, say) goes first anyway. Who was sent to a counter waits for it while it is open, or paused
    for less than `pause_ms`.
    """

    cap_ms: int = 30 * 60 * 1000
    prefer_one_in: int = 3
    early_ms: int = 5 * 60 * 1000
    pause_ms: int = 10 * 60 * 1000


END, PLACE, AFTER = "end", "place", "after"
"""Where an absent or parked visitor is put back: at the end, at the old place, or after the next so many."""


@dataclass(frozen=True, slots=True)
class PutBack:
    """The manager's setting; `after` counts for AFTER alone. Only at the old place does a priority go on to count."""

    where: str = AFTER
    after: int = 3

    def place(self, original: float, waiting: Sequence[float]) -> float | None:
        """The place in a queue whose places are `waiting`, in order; None for its end. A place between two is a fraction."""
        if self.where == PLACE:
            return original
        if self.where == END or len(waiting) <= self.after:
            return None
        return (waiting[self.after - 1] + waiting[self.after]) / 2


@dataclass(frozen=True, slots=True)
class WorkProfile:
    """What a counter serves: service → rank, lower ranks first, equal ranks as one queue. Empty: everything alike."""

    ranks: Mapping[str, int] = field(default_factory=dict)

    def serves(self, service: str) -> bool:
        return not self.ranks or service in self.ranks

    def rank(self, service: str) -> int:
        """Of a service that the counter does not serve (somebody was sent here) the last one."""
        return self.ranks.get(service, max(self.ranks.values(), default=0))


@dataclass(frozen=True, slots=True)
class Choice:
    """The visitor to call and the rule that picked them."""

    candidate: Candidate
    rule: str


def choose_next(waiting: Sequence[Candidate], rules: Rules, profile: WorkProfile, unpreferred_run: int) -> Choice | None:
    """The next visitor for a counter with this work profile, or None when nobody it serves waits.

    `waiting` need only hold the first of each service and class, and the first of each who waited past the cap.
    `unpreferred_run` counts this counter's calls since the last one that went by preference.
    """
    eligible = [one for one in waiting if one.reserved or profile.serves(one.service)]
    if not eligible:
        return None
    first = min(eligible, key=lambda one: one.place)
    preferred = min(eligible, key=lambda one: _preference(one, rules, profile))
    if preferred is first:
        return Choice(first, RESERVED if _is_reserved(first) else ARRIVAL)
    overdue = [one for one in eligible if one.waited_ms > rules.cap_ms]
    if overdue and unpreferred_run < rules.prefer_one_in - 1:
        return _past_the_cap(min(overdue, key=lambda one: one.place), first)
    return Choice(preferred, _reason(preferred, first, rules, profile))


def _past_the_cap(overdue: Candidate, first: Candidate) -> Choice:
    """Who was put back comes to their turn by place: while they wait past the cap, whoever stands first is called."""
    return Choice(first, ARRIVAL) if overdue.put_back and overdue is not first else Choice(overdue, WAITED_PAST_CAP)


def _preference(one: Candidate, rules: Rules, profile: WorkProfile) -> tuple[bool, int, bool, float]:
    early = not one.put_back and goes_first(one.priority, one.due_in_ms, rules)
    return not _is_reserved(one), profile.rank(one.service), not early, one.place


def _is_reserved(one: Candidate) -> bool:
    return one.reserved and not one.put_back


def goes_first(priority: str | None, due_in_ms: int | None, rules: Rules) -> bool:
    """Whether such a visitor goes before ordinary ones: by priority, or by an appointment whose time has come."""
    if priority == APPOINTMENT and due_in_ms is not None:
        priority = None
    return priority is not None or _is_due(due_in_ms, rules)


def _is_due(due_in_ms: int | None, rules: Rules) -> bool:
    return due_in_ms is not None and due_in_ms <= rules.early_ms


def _reason(preferred: Candidate, first: Candidate, rules: Rules, profile: WorkProfile) -> str:
    if _is_reserved(preferred):
        return RESERVED
    if profile.rank(preferred.service) < profile.rank(first.service):
        return SERVICE_ORDER
    return APPOINTMENT if _is_due(preferred.due_in_ms, rules) else PRIORITY
