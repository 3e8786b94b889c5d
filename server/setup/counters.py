"""Which counter serves what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from server.calling import WorkProfile

SERVES_ALL = "NOT EXISTS (SELECT 1 FROM work_profile_services WHERE profile = counters.profile)"
"""As `WorkProfile.serves` in SQL over `counters`: without a profile, or with one that names nothing, all is served."""


def work_profile(conn: Any, counter: int) -> WorkProfile:
    """What a counter serves and in which order; a counter without a profile serves everything alike."""
    rows = conn.execute(
        "SELECT s.service, s.rank FROM counters c JOIN work_profile_services s ON s.profile = c.profile WHERE c.id = ?",
        (counter,),
    )
    return WorkProfile(dict(rows.fetchall()))


def work_profiles(conn: Any) -> dict[int, WorkProfile]:
    """As `work_profile`, of all counters that have one, read in one go."""
    ranks: dict[int, dict[str, int]] = {}
    for counter, service, rank in conn.execute(
        "SELECT c.id, s.service, s.rank FROM counters c JOIN work_profile_services s ON s.profile = c.profile"
    ):
        ranks.setdefault(counter, {})[service] = rank
    return {counter: WorkProfile(services) for counter, services in ranks.items()}


def unserved(conn: Any, services: Iterable[str]) -> list[str]:
    """Of these services, those that no counter calls for, open or not: by its work profile, or because it has none."""
    counters = conn.execute("SELECT id FROM counters WHERE removed_at IS NULL").fetchall()
    profiles = work_profiles(conn)
    called_for = [profiles.get(id, WorkProfile()) for (id,) in counters]
    return [one for one in services if not any(profile.serves(one) for profile in called_for)]


def shared_services(conn: Any, service: str) -> set[str] | None:
    """The services that share a counter with this one, itself among them; None when all do.

    As `WorkProfile.serves`: a profile without services serves everything, as a counter without a profile does.
    """
    if conn.execute(f"SELECT 1 FROM counters WHERE removed_at IS NULL AND {SERVES_ALL} LIMIT 1").fetchone():
        return None
    rows = conn.execute(
        "SELECT DISTINCT other.service FROM counters c JOIN work_profile_services mine ON mine.profile = c.profile"
        " JOIN work_profile_services other ON other.profile = c.profile WHERE mine.service = ? AND c.removed_at IS NULL",
        (service,),
    )
    return {row[0] for row in rows} | {service}
