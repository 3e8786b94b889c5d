"""The estimate judged on visits of the past: a walk forward that knows at each arrival only what came before it.

Everything at the very moment of an arrival, too, counts as not yet known. The baselines are the field's usual ones; each
gets a range from its own recent errors, by the same calibration, so that like is compared with like:

- last to enter service: the wait of whoever was called last;
- head of line: how long the first in the queue has waited so far;
- queue length: (people ahead + 1) × mean of the last gaps between calls;
- mean of the day: mean wait of those called so far that local day, of the last day with calls before the first of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from itertools import groupby
from statistics import fmean, median

from server.estimates.calibration import Calibration
from server.estimates.estimator import QUEUE_LENGTH, Estimator, Guess, Joining, guess_of
from server.estimates.line import Line, scaled
from server.estimates.visits_file import Record

OURS = "estimate"
LAST_TO_ENTER = "last to enter service"
HEAD_OF_LINE = "head of line"
LENGTH = "queue length"
DAY_MEAN = "mean of the day"
BASELINES = (LAST_TO_ENTER, HEAD_OF_LINE, LENGTH, DAY_MEAN)
METHODS = (OURS, *BASELINES)
_JOINS, _CALLED, _LEAVES = range(3)


@dataclass(frozen=True, slots=True)
class Case:
    """One arrival: what each method said (seconds) and how long it was."""

    line: int
    service: str
    at: float
    waited: float
    said: dict[str, Guess]


@dataclass(frozen=True, slots=True)
class Measures:
    """Errors of a method in seconds, over `cases`; `coverage` is the share of waits in the range, `width` the range's mean width.

    `bias` is the mean of estimate − actual; `pinball_50` and `pinball_90` are the pinball losses of the point as median and of
    the range's upper end as 90th percentile.
    """

    cases: int
    mean_error: float
    median_error: float
    pinball_50: float
    pinball_90: float
    coverage: float
    width: float
    bias: float


def pinball(quantile: float, said: float, actual: float) -> float:
    """The loss of saying that `quantile` of all waits are at most `said`."""
    return max(quantile * (actual - said), (quantile - 1.0) * (actual - said))


def measure(cases: Sequence[tuple[Guess, float]]) -> Measures:
    """The measures of guesses beside actual waits (at least one)."""
    errors = [abs(guess.seconds - actual) for guess, actual in cases]
    return Measures(
        cases=len(cases),
        mean_error=fmean(errors),
        median_error=median(errors),
        pinball_50=fmean(pinball(0.5, guess.seconds, actual) for guess, actual in cases),
        pinball_90=fmean(pinball(0.9, guess.high, actual) for guess, actual in cases),
        coverage=fmean(guess.low <= actual <= guess.high for guess, actual in cases),
        width=fmean(guess.high - guess.low for guess, _ in cases),
        bias=fmean(guess.seconds - actual for guess, actual in cases),
    )


@dataclass(slots=True)
class _Seen:
    """What the baselines remember of one service."""

    queue: Line = field(default_factory=Line)
    today: date | None = None
    sum: float = 0.0
    count: int = 0
    yesterday: float | None = None

    def points(self, joining: Joining) -> dict[str, float | None]:
        queue = self.queue
        return {
            LAST_TO_ENTER: queue.waits[-1] if queue.waits else None,
            HEAD_OF_LINE: queue.oldest(joining.at) or 0.0,
            LENGTH: queue.queue_length_s(len(queue), 1),
            DAY_MEAN: self.sum / self.count if self.count else self.yesterday,
        }

    def called(self, waited: float) -> None:
        self.sum += waited
        self.count += 1

    def day_is(self, day: date) -> None:
        if day != self.today:
            if self.count:
                self.yesterday = self.sum / self.count
            self.today, self.sum, self.count = day, 0.0, 0


class Walk:
    """One walk through records, in the order of time."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._estimator = Estimator(zone)
        self._seen: defaultdict[str, _Seen] = defaultdict(_Seen)
        self._calibration = {name: Calibration() for name in BASELINES}
        self._said: dict[int, dict[str, Guess]] = {}
        self._day: date | None = None
        self.cases: list[Case] = []

    def through(self, records: Iterable[Record], tick: Callable[[int], object] = lambda _: None) -> list[Case]:
        """The cases that every method could say something to, in the order in which they were called."""
        walked = [record for record in records if usable(record)]
        events = sorted(event for number, record in enumerate(walked) for event in _events(number, record))
        for at, together in groupby(events, key=lambda event: event[0]):
            self._begin(at)
            for _, kind, number in together:
                self._step(kind, walked[number], number)
                tick(1)
        return self.cases

    def _begin(self, at: float) -> None:
        """A new local day: the nightly fit."""
        day = datetime.fromtimestamp(at, self._zone).date()
        if day != self._day:
            if self._day is not None:
                self._estimator.fit()
            self._day = day

    def _step(self, kind: int, record: Record, number: int) -> None:
        seen, id = self._seen[record.service], str(number)
        if kind == _JOINS:
            self._joins(seen, record, number)
        elif kind == _CALLED and record.call is not None and record.arrival is not None:
            seen.day_is(self._day or date.min)
            self._estimator.call(id, record.call)
            seen.queue.call(id, record.call, record.call - record.arrival, 1)
            seen.called(record.call - record.arrival)
            self._settle(record, number)
        else:
            self._estimator.leave(id)
            seen.queue.leave(id)
            self._said.pop(number, None)

    def _joins(self, seen: _Seen, record: Record, number: int) -> None:
        joining = Joining(record.service, record.arrival or 0.0, record.priority)
        seen.day_is(self._day or date.min)
        seen.queue.forget(joining.at)
        points = seen.points(joining)
        guess = self._estimator.join(str(number), joining)
        seen.queue.join(str(number), joining.at)
        said = {} if guess is None else {OURS: guess}
        for name, point in points.items():
            if point is not None:
                said[name] = guess_of(scaled(point), self._calibration[name], record.service, QUEUE_LENGTH)
        self._said[number] = said

    def _settle(self, record: Record, number: int) -> None:
        said = self._said.pop(number)
        waited = (record.call or 0.0) - (record.arrival or 0.0)
        for name in BASELINES:
            if name in said:
                self._calibration[name].learn(record.service, scaled(said[name].seconds), scaled(waited))
        if len(said) == len(METHODS):
            self.cases.append(Case(record.line, record.service, record.arrival or 0.0, waited, said))


def usable(record: Record) -> bool:
    """Whether somebody joined a queue here; faults of later stamps are no reason to leave a visitor out who was there."""
    return record.arrival is not None and (record.call is None or record.call >= record.arrival)


def _events(number: int, record: Record) -> list[tuple[float, int, int]]:
    """Joining, and the call or else the leaving; at the same moment joining comes first, so that it knows no call of it."""
    found = [(record.arrival or 0.0, _JOINS, number)]
    if record.call is not None:
        found.append((record.call, _CALLED, number))
    elif record.end is not None and record.end >= (record.arrival or 0.0):
        found.append((record.end, _LEAVES, number))
    return found


def table(cases: Sequence[Case]) -> dict[str, Measures]:
    """The measures of each method over cases (at least one)."""
    return {name: measure([(case.said[name], case.waited) for case in cases]) for name in METHODS}
