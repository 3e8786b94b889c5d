"""The manager's settings: calling rules, the hour at which a day begins, priorities, and what clerks choose from."""

from __future__ import annotations

import json
import tomllib
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from server.calling import PutBack, Rules
from server.clock import MS, local
from server.errors import UnknownPriority
from server.journal import encode
from server.setup.names import Names

LISTS = ("pause_reasons", "park_reasons", "outcomes")
RATING_DAYS = 7
"""How many days after its end a visit can be rated, unless the manager says otherwise."""


def choice(conn: Any, name: str, default: Any) -> Any:
    """One of the manager's settings, or its default."""
    row = conn.execute("SELECT value FROM choices WHERE name = ?", (name,)).fetchone()
    return json.loads(row[0]) if row else default


def choose(conn: Any, name: str, value: Any) -> None:
    """Keep one of the manager's settings."""
    conn.execute("INSERT INTO choices VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", (name, encode(value)))


def calling_rules(conn: Any) -> Rules:
    """The calling rules' settings."""
    defaults = Rules()
    return Rules(
        cap_ms=int(choice(conn, "wait_cap_s", defaults.cap_ms // 1000)) * 1000,
        prefer_one_in=int(choice(conn, "prefer_one_in", defaults.prefer_one_in)),
        early_ms=int(choice(conn, "appointment_early_s", defaults.early_ms // 1000)) * 1000,
    )


def put_back(conn: Any) -> PutBack:
    """Where absent and parked visitors are put back."""
    default = PutBack()
    return PutBack(choice(conn, "put_back", default.where), int(choice(conn, "put_back_after", default.after)))


def rating_days(conn: Any) -> int:
    """How many days after its end a visit can be rated."""
    return int(choice(conn, "rating_days", RATING_DAYS))


def service_day(conn: Any, at: int, zone: ZoneInfo) -> str:
    """The day that a moment's numbers belong to: it begins at the manager's hour (`day_starts`, midnight when not set)."""
    return day_that_starts(choice(conn, "day_starts", "00:00"), at, zone)


def day_that_starts(day_starts: str, at: int, zone: ZoneInfo) -> str:
    """The service day of a moment where days begin at the local time `day_starts` (`HH:MM`)."""
    hours, minutes = day_starts.split(":")
    shifted = local(at, zone).replace(tzinfo=None) - timedelta(hours=int(hours), minutes=int(minutes))
    return shifted.date().isoformat()


def day_begins(conn: Any, day: str, zone: ZoneInfo) -> int:
    """The UTC millisecond at which a service day begins; an hour that the clock skips is as if it had not been set yet."""
    hours, minutes = choice(conn, "day_starts", "00:00").split(":")
    begins = datetime.fromisoformat(day).replace(hour=int(hours), minute=int(minutes), tzinfo=zone)
    return int(begins.timestamp() * MS)


def known_priority(conn: Any, id: str | None) -> None:
    """Raises UnknownPriority unless `id` is None or one of the hall's priorities."""
    if id is not None and not conn.execute("SELECT 1 FROM priorities WHERE id = ? AND removed_at IS NULL", (id,)).fetchone():
        raise UnknownPriority(priority=id)


def priorities(conn: Any) -> dict[str, Names]:
    """The names of the hall's priorities by id, in order."""
    rows = conn.execute("SELECT id, name FROM priorities WHERE removed_at IS NULL ORDER BY position, id")
    return {id: json.loads(name) for id, name in rows}


def lists(conn: Any) -> dict[str, list[dict[str, Any]]]:
    """What clerks choose from (LISTS), each entry `{id, name}`: the manager's, or those that come with Istiqbal."""
    return {name: choice(conn, name, defaults()[name]) for name in LISTS}


@lru_cache(maxsize=1)
def defaults() -> dict[str, Any]:
    """The lists that come with Istiqbal."""
    return tomllib.loads(files("server").joinpath("defaults.toml").read_text(encoding="utf-8"))
