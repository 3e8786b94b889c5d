"""What is usual here: mean waits by hour, by hour of the week and by class of visitor, each drawn towards the coarser one."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from server.estimates.line import scaled

REMEMBERED = 300.0
"""A mean moves by at least 1/REMEMBERED with each wait, so that it follows a place that changes."""
TRUST = 8.0
"""As many waits as the coarser mean counts for."""
FEATURES = 4


class Mean:
    """A running mean that forgets slowly."""

    def __init__(self) -> None:
        self.value = 0.0
        self.count = 0.0

    def learn(self, value: float) -> None:
        self.count = min(REMEMBERED, self.count + 1.0)
        self.value += (value - self.value) / self.count

    def beside(self, coarser: float) -> float:
        return (self.value * self.count + coarser * TRUST) / (self.count + TRUST)


class Habits:
    """Scaled waits of the past by the local time of joining and by class."""

    def __init__(self) -> None:
        self._hall = Mean()
        self._by: defaultdict[tuple[object, ...], Mean] = defaultdict(Mean)

    def features(self, service: str, klass: str, joined: datetime) -> list[float]:
        """The usual waits, scaled, from coarse to fine: service, class, hour, hour of the week."""
        usual = self._of("service", service).beside(self._hall.value)
        hour = self._of("hour", service, joined.hour).beside(usual)
        return [
            usual,
            self._of("class", service, klass).beside(usual),
            hour,
            self._of("week", service, joined.weekday(), joined.hour).beside(hour),
        ]

    def learn(self, service: str, klass: str, joined: datetime, waited: float) -> None:
        """A wait of `waited` seconds became known."""
        value = scaled(waited)
        self._hall.learn(value)
        for key in (
            ("service", service),
            ("class", service, klass),
            ("hour", service, joined.hour),
            ("week", service, joined.weekday(), joined.hour),
        ):
            self._by[key].learn(value)

    def _of(self, *key: object) -> Mean:
        return self._by.get(key) or Mean()
