"""The estimate: from queue length at first, from a regression on what was seen once there is enough history.

Pure, and told what happens in the order of time; what it says at a moment depends on nothing later. The hall's follower
(`server.estimates.following`) and the replay of a file (`server.estimates.evaluation`) drive the same object.
Times and durations are seconds, UTC.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from math import exp, log

from server.estimates import habits, line, ridge
from server.estimates.calibration import Calibration
from server.estimates.habits import Habits
from server.estimates.line import OFFSET_S, Line, scaled
from server.estimates.ridge import Ridge

FIRST_GAPS = 5
"""Gaps between calls that must have been seen before anything is said."""
ENOUGH_HISTORY = 200
"""Waits known before the regression takes over from the queue length."""
OWN_HISTORY = 1500
"""Waits of a service before it has a regression of its own."""
KEPT_A_DAY = 0.98
QUEUE_LENGTH = "queue-length"
REGRESSION = "regression"
ORDINARY = ""
UNDOABLE_CALLS = 50
Services = frozenset[str]
WIDTH = 2 * line.FEATURES + habits.FEATURES + 1


@dataclass(frozen=True, slots=True)
class Guess:
    """An estimated wait in seconds, unrounded, with the range that four of five waits fall into; `method` made it."""

    seconds: float
    low: float
    high: float
    method: str


@dataclass(frozen=True, slots=True)
class Joining:
    """Somebody who joins a queue: `klass` is the priority, ORDINARY without one; None for what is not known from outside.

    `ahead`: how many are to be called before them; `counters`: how many are open that may call them.
    """

    service: str
    at: float
    klass: str = ORDINARY
    ahead: int | None = None
    counters: int | None = None


@dataclass(slots=True)
class _Waiting:
    joining: Joining
    features: list[float]
    sizes: dict[str, float]
    """The scaled point of each method that had one, to learn from."""
    counts: bool = True
    """Whether this wait says something to others: not of those who had been called or put aside before."""


class Estimator:
    """Follows the queues and says how long whoever joins now will wait."""

    def __init__(self, zone: tzinfo, enough_history: int = ENOUGH_HISTORY) -> None:
        self._zone = zone
        self._enough = enough_history
        self._early = {enough_history * times for times in (1, 2, 4, 8)}
        self._hall = Line()
        self._lines: defaultdict[Services, Line] = defaultdict(Line)
        self._views: dict[str, Services] = {}
        self._habits = Habits()
        self._pooled = Ridge(WIDTH)
        self._own: defaultdict[str, Ridge] = defaultdict(lambda: Ridge(WIDTH))
        self._coefficients: dict[str | None, Sequence[float]] = {}
        self._calibration = {method: Calibration() for method in (QUEUE_LENGTH, REGRESSION)}
        self._waiting: dict[str, _Waiting] = {}
        self._just_called: OrderedDict[str, _Waiting] = OrderedDict()

    def set_enough_history(self, waits: int) -> None:
        """Hear the regression from so many waits on; what was learned stays."""
        self._enough = waits

    def set_views(self, views: Mapping[str, Services]) -> None:
        """By service, the services whose visitors may be called before its own by counters that serve it, itself among them."""
        self._views = dict(views)

    def view(self, service: str) -> Services:
        """What `set_views` said of a service; nothing said: it has counters of its own."""
        return self._views.get(service) or frozenset((service,))

    def work_begins(self, service: str, at: float) -> None:
        """The first counter that serves it opened: time before says nothing of the pace."""
        self._lines[self.view(service)].work_begins(at)

    def estimate(self, joining: Joining, share: float = 1.0) -> Guess | None:
        """For somebody who joins so; None below the minimum of evidence or when no counter is open for them.

        `share` is for who waits already: the part of the queue that is still before them.
        """
        sizes = self._sizes(joining, self._features(joining))
        return self._guess(joining, {method: scaled(share * _seconds(size)) for method, size in sizes.items()})

    def join(self, id: str, joining: Joining) -> Guess | None:
        """Somebody joins; what `estimate` says, remembered to learn from."""
        features = self._features(joining)
        sizes = self._sizes(joining, features)
        self._add(id, _Waiting(joining, features, sizes))
        return self._guess(joining, sizes)

    def join_again(self, id: str, joining: Joining) -> None:
        """Somebody who had been called, put aside or sent to one clerk waits: counted among the others, not learnt from."""
        self._add(id, _Waiting(joining, [], {}, counts=False))

    def call(self, id: str, at: float, counters: int = 1) -> None:
        """Somebody who waits is called by one of `counters` open ones: their wait is known now, and the pace with it."""
        self._just_called.pop(id, None)
        known = self._waiting.pop(id, None)
        if known is None:
            return
        waited = at - known.joining.at
        for queue in self._queues(known.joining.service):
            queue.call(id, at, waited if known.counts else None, counters)
        if known.counts:
            self._learn(known, waited)
        self._just_called[id] = known
        if len(self._just_called) > UNDOABLE_CALLS:
            self._just_called.popitem(last=False)

    def uncall(self, id: str, at: float) -> None:
        """A call was taken back. What was learnt from it stays: it is learnt again, and better, with the next call."""
        if (known := self._just_called.pop(id, None)) is not None:
            self._waiting[id] = known
            for queue in self._queues(known.joining.service):
                queue.back(id, at, known.joining.at, counted=known.counts)

    def leave(self, id: str) -> None:
        """Somebody who waits leaves without having been called, or is put aside: a call before that is not taken back any more."""
        self._just_called.pop(id, None)
        if (known := self._waiting.pop(id, None)) is not None:
            for queue in self._queues(known.joining.service):
                queue.leave(id)

    def fit(self) -> None:
        """The nightly fit, of what the waits so far have shown."""
        for service, model in ((None, self._pooled), *self._own.items()):
            self._fit(service, model)
            model.fade(KEPT_A_DAY)

    def _fit(self, service: str | None, model: Ridge) -> None:
        if model.cases >= (self._enough if service is None else OWN_HISTORY):
            self._coefficients[service] = model.solve()

    def _add(self, id: str, known: _Waiting) -> None:
        self._waiting[id] = known
        for queue in self._queues(known.joining.service):
            queue.join(id, known.joining.at)

    def _queues(self, service: str) -> list[Line]:
        """Every queue that somebody of this service is seen in: the hall's and those of the services they may be called before."""
        views = {self.view(service), *(view for view in self._views.values() if service in view)}
        return [self._hall, *(self._lines[view] for view in views)]

    def _features(self, joining: Joining) -> list[float]:
        own, hall = self._lines[self.view(joining.service)], self._hall
        ahead = joining.ahead if joining.ahead is not None else len(own)
        counters = 1 if joining.counters is None else joining.counters
        local = datetime.fromtimestamp(joining.at, self._zone)
        return [
            *own.features(joining.at, ahead, counters),
            *hall.features(joining.at, len(hall), 1),
            *self._habits.features(joining.service, joining.klass, local),
            log(1 + counters),
        ]

    def _sizes(self, joining: Joining, features: list[float]) -> dict[str, float]:
        if len(self._lines[self.view(joining.service)].gaps) < FIRST_GAPS or joining.counters == 0:
            return {}
        beginning = _beginning(joining, features)
        sizes = {QUEUE_LENGTH: beginning}
        coefficients = self._coefficients.get(joining.service) or self._coefficients.get(None)
        if coefficients is not None:
            size = beginning + ridge.forecast(coefficients, features)
            sizes[REGRESSION] = max(scaled(0.0), min(scaled(86400.0), size))
        return sizes

    def _guess(self, joining: Joining, sizes: dict[str, float]) -> Guess | None:
        if not sizes:
            return None
        method = REGRESSION if REGRESSION in sizes else QUEUE_LENGTH
        return guess_of(sizes[method], self._calibration[method], joining.service, method)

    def _learn(self, known: _Waiting, waited: float) -> None:
        joining, actual = known.joining, scaled(waited)
        self._habits.learn(joining.service, joining.klass, datetime.fromtimestamp(joining.at, self._zone), waited)
        for method, size in known.sizes.items():
            self._calibration[method].learn(joining.service, size, actual)
        if not known.sizes:
            return
        weight = ridge.weight_of(known.sizes.get(REGRESSION, known.sizes[QUEUE_LENGTH]), actual)
        correction = actual - known.sizes[QUEUE_LENGTH]
        self._pooled.add(known.features, correction, weight)
        self._own[joining.service].add(known.features, correction, weight)
        if self._pooled.cases in self._early:
            self._fit(None, self._pooled)


def _beginning(joining: Joining, features: list[float]) -> float:
    """The scaled estimate from queue length alone; who has no priority may lean on the last waits too."""
    if joining.klass != ORDINARY:
        return features[line.QUEUE_LENGTH]
    return (features[line.QUEUE_LENGTH] + features[line.LAST_WAIT] + features[line.LATE_WAITS]) / 3


def guess_of(size: float, calibration: Calibration, service: str, method: str) -> Guess:
    """A scaled point with the range that the errors of its like ask for."""
    spread = calibration.spread(service, size)
    return Guess(_seconds(size), _seconds(size + spread.low), _seconds(size + spread.high), method)


def _seconds(size: float) -> float:
    return max(0.0, exp(size) - OFFSET_S)
