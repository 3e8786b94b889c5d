"""The hall's counters as the estimate needs them: which are open, and whose visitors they call before whose.

What visitors are told goes by the open ones alone: a pause is part of their wait, and with everybody away nothing is promised. The
door (`server.opening.forecast`) also counts those that paused a short while ago: it decides about the rest of the day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from server.calling import WorkProfile
from server.estimates.estimator import Services


@dataclass(frozen=True)
class Counters:
    """By service: `views`, the services whose visitors may be called before its own; `able`, the open counters that serve it;
    `pausing`, the paused ones that do while a clerk holds them, and since when (UTC ms)."""

    views: Mapping[str, Services] = field(default_factory=dict)
    able: Mapping[str, frozenset[int]] = field(default_factory=dict)
    pausing: Mapping[str, Mapping[int, int]] = field(default_factory=dict)

    def open_for(self, service: str, paused_after: int | None = None) -> int:
        """How many open counters work on the queue that this service's visitors see; 0 when none of them serves it.

        With `paused_after` (UTC ms), those that have paused since then are taken for open.
        """
        if not self._able(service, paused_after):
            return 0
        seen = self.views.get(service, frozenset((service,)))
        return len(frozenset().union(*(self._able(one, paused_after) for one in seen)))

    def _able(self, service: str, paused_after: int | None) -> frozenset[int]:
        able = self.able.get(service, frozenset())
        if paused_after is None:
            return able
        return able | {id for id, since in self.pausing.get(service, {}).items() if since > paused_after}


def read_counters(conn: Any) -> Counters:
    """The counters as they are now."""
    services = [row[0] for row in conn.execute("SELECT id FROM services WHERE removed_at IS NULL")]
    ranks: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for profile, service, rank in conn.execute("SELECT profile, service, rank FROM work_profile_services"):
        ranks[profile][service] = rank
    rows = conn.execute(
        "SELECT id, state = 'open', profile, iif(state = 'paused' AND clerk IS NOT NULL, since, NULL) FROM counters"
        " WHERE removed_at IS NULL"
    ).fetchall()
    desks = [(id, bool(is_open), WorkProfile(ranks[profile] if profile is not None else {})) for id, is_open, profile, _ in rows]
    pauses = [(desk[0], desk[2], row[3]) for desk, row in zip(desks, rows, strict=True) if row[3] is not None]
    return Counters(
        {service: frozenset({service, *_before(service, services, desks)}) for service in services},
        {service: frozenset(id for id, is_open, profile in desks if is_open and profile.serves(service)) for service in services},
        {service: {id: since for id, profile, since in pauses if profile.serves(service)} for service in services},
    )


def _before(service: str, services: list[str], desks: list[tuple[int, bool, WorkProfile]]) -> set[str]:
    """Services that some counter which serves this one calls no later than this one."""
    return {
        other
        for other in services
        for _, _, profile in desks
        if profile.serves(service) and profile.serves(other) and profile.rank(other) <= profile.rank(service)
    }
