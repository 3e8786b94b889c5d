"""The hall's counters as the estimate needs them: which are open, and whose visitors they call before whose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from server.calling import WorkProfile
from server.estimates.estimator import Services


@dataclass(frozen=True)
class Counters:
    """By service: `views`, the services whose visitors may be called before its own; `able`, the open counters that serve it."""

    views: Mapping[str, Services] = field(default_factory=dict)
    able: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def open_for(self, service: str) -> int:
        """How many open counters work on the queue that this service's visitors see; 0 when none of them serves it."""
        if not self.able.get(service):
            return 0
        seen = self.views.get(service, frozenset((service,)))
        return len(frozenset().union(*(self.able.get(one, frozenset()) for one in seen)))


def read_counters(conn: Any) -> Counters:
    """The counters as they are now."""
    services = [row[0] for row in conn.execute("SELECT id FROM services WHERE removed_at IS NULL")]
    ranks: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for profile, service, rank in conn.execute("SELECT profile, service, rank FROM work_profile_services"):
        ranks[profile][service] = rank
    desks = [
        (id, state == "open", WorkProfile(ranks[profile] if profile is not None else {}))
        for id, state, profile in conn.execute("SELECT id, state, profile FROM counters WHERE removed_at IS NULL")
    ]
    return Counters(
        {service: frozenset({service, *_before(service, services, desks)}) for service in services},
        {service: frozenset(id for id, is_open, profile in desks if is_open and profile.serves(service)) for service in services},
    )


def _before(service: str, services: list[str], desks: list[tuple[int, bool, WorkProfile]]) -> set[str]:
    """Services that some counter which serves this one calls no later than this one."""
    return {
        other
        for other in services
        for _, _, profile in desks
        if profile.serves(service) and profile.serves(other) and profile.rank(other) <= profile.rank(service)
    }
