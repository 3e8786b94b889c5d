"""The plan of a day: who comes when, what for, and how long each step takes. Seconds of the simulated day."""

from __future__ import annotations

import random
from dataclasses import dataclass

SERVICES = ("etat-civil", "legalisation", "copies-conformes", "residence", "carte-identite", "autres")
WEIGHTS = (30, 25, 20, 12, 8, 5)
LANGUAGES = ("ar", "ar", "ar", "zgh", "fr", "fr")
PER_HOUR = (0.10, 0.20, 0.20, 0.16, 0.10, 0.08, 0.10, 0.06)
"""The share of the day's visitors that each hour brings (as in `tests.bench.years`)."""
HOUR_S = 3600.0
BUSY = 0.85
"""The share of the day in which a counter is occupied."""


@dataclass(frozen=True, slots=True)
class Size:
    """The hall: a day's visits and what stands in it. `speed`: seconds of the day that pass in one second."""

    visits: int = 3000
    counters: int = 40
    displays: int = 30
    kiosks: int = 6
    phones: int = 500
    speed: float = 60.0

    @property
    def day_s(self) -> float:
        return len(PER_HOUR) * HOUR_S

    @property
    def stay_s(self) -> float:
        """How long a visitor is at the counter on average, walking included."""
        return BUSY * self.counters * self.day_s / self.visits


@dataclass(frozen=True, slots=True)
class Arrival:
    at: float
    service: str
    language: str
    priority: str | None


def arrivals(size: Size, chance: random.Random) -> list[Arrival]:
    """Everyone who comes, in order."""
    found = []
    for hour, share in enumerate(PER_HOUR):
        for _ in range(round(size.visits * share)):
            at = (hour + chance.random()) * HOUR_S
            priority = "elderly" if chance.random() < 0.05 else None
            found.append(Arrival(at, chance.choices(SERVICES, WEIGHTS)[0], chance.choice(LANGUAGES), priority))
    return sorted(found, key=lambda one: one.at)
