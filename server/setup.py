"""The hall's set-up, as a manager decides it: services, counters, priorities, messages and rules. Kept in the database."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from server.calling import Rules, WorkProfile
from server.clock import local
from server.errors import ServiceClosed, UnitError, UnknownPriority, UnknownService
from server.journal import encode

Names = dict[str, str]
"""A text by language: `ar`, `zgh`, `fr`."""


LISTS = ("pause_reasons", "park_reasons", "outcomes")


class UnknownProfile(UnitError):
    """There is no profile of this name."""


@dataclass(frozen=True, slots=True)
class Service:
    """What the citizen comes for. `target_s`: seconds within which a visitor should be called.

    Numbers run from `range_first` to `range_last`; `keeps_place`: whoever is transferred here keeps the place in the queue
    that the first arrival gave.
    """

    id: str
    position: int
    prefix: str
    series: str
    name: Names
    icon: str
    target_s: int
    documents: list[Names]
    open: bool
    range_first: int
    range_last: int
    keeps_place: bool


def ticket(prefix: str, number: int) -> str:
    """The number as it is printed and called, `A042`."""
    return f"{prefix}{number:03d}"


def name_in(names: Mapping[Any, str], language: str) -> str:
    """A name in a language; where it is missing, in Arabic, then French, then whatever there is."""
    for code in (language, "ar", "fr"):
        if names.get(code):
            return names[code]
    return next(iter(names.values()), "")


def services(conn: Any) -> list[Service]:
    """All services in the order in which screens show them."""
    rows = conn.execute(f"SELECT {_SERVICE_COLUMNS} FROM services ORDER BY position, id")
    return [_service(row) for row in rows]


def service(conn: Any, id: str) -> Service:
    """One service; raises UnknownService."""
    row = conn.execute(f"SELECT {_SERVICE_COLUMNS} FROM services WHERE id = ?", (id,)).fetchone()
    if row is None:
        raise UnknownService(service=id)
    return _service(row)


def open_service(conn: Any, id: str) -> Service:
    """One service that gives tickets now; raises UnknownService or ServiceClosed."""
    found = service(conn, id)
    if not found.open:
        raise ServiceClosed(service=id)
    return found


def known_priority(conn: Any, id: str | None) -> None:
    """Raises UnknownPriority unless `id` is None or one of the hall's priorities."""
    if id is not None and not conn.execute("SELECT 1 FROM priorities WHERE id = ?", (id,)).fetchone():
        raise UnknownPriority(priority=id)


def priorities(conn: Any) -> dict[str, Names]:
    """The names of the hall's priorities by id, in order."""
    return {id: json.loads(name) for id, name in conn.execute("SELECT id, name FROM priorities ORDER BY position, id")}


def calling_rules(conn: Any) -> Rules:
    """The calling rules' settings."""
    defaults = Rules()
    return Rules(
        cap_ms=int(choice(conn, "wait_cap_s", defaults.cap_ms // 1000)) * 1000,
        prefer_one_in=int(choice(conn, "prefer_one_in", defaults.prefer_one_in)),
        early_ms=int(choice(conn, "appointment_early_s", defaults.early_ms // 1000)) * 1000,
    )


def work_profile(conn: Any, counter: int) -> WorkProfile:
    """What a counter serves and in which order; a counter without a profile serves everything alike."""
    rows = conn.execute(
        "SELECT s.service, s.rank FROM counters c JOIN work_profile_services s ON s.profile = c.profile WHERE c.id = ?",
        (counter,),
    )
    return WorkProfile(dict(rows.fetchall()))


def shared_services(conn: Any, service: str) -> set[str] | None:
    """The services that share a counter with this one, itself among them; None when all do."""
    if conn.execute("SELECT 1 FROM counters WHERE profile IS NULL LIMIT 1").fetchone():
        return None
    rows = conn.execute(
        "SELECT DISTINCT other.service FROM counters c JOIN work_profile_services mine ON mine.profile = c.profile"
        " JOIN work_profile_services other ON other.profile = c.profile WHERE mine.service = ?",
        (service,),
    )
    return {row[0] for row in rows} | {service}


def service_day(conn: Any, at: int, zone: ZoneInfo) -> str:
    """The day that a moment's numbers belong to: it begins at the manager's hour (`day_starts`, midnight when not set)."""
    hours, minutes = choice(conn, "day_starts", "00:00").split(":")
    shifted = local(at, zone).replace(tzinfo=None) - timedelta(hours=int(hours), minutes=int(minutes))
    return shifted.date().isoformat()


def choice(conn: Any, name: str, default: Any) -> Any:
    """One of the manager's settings, or its default."""
    row = conn.execute("SELECT value FROM choices WHERE name = ?", (name,)).fetchone()
    return json.loads(row[0]) if row else default


def lists(conn: Any) -> dict[str, list[dict[str, Any]]]:
    """What clerks choose from (LISTS), each entry `{id, name}`: the manager's, or those that come with Istiqbal."""
    return {name: choice(conn, name, defaults()[name]) for name in LISTS}


@lru_cache(maxsize=1)
def defaults() -> dict[str, Any]:
    """The lists that come with Istiqbal."""
    return tomllib.loads(files("server").joinpath("defaults.toml").read_text(encoding="utf-8"))


def choose(conn: Any, name: str, value: Any) -> None:
    """Keep one of the manager's settings."""
    conn.execute("INSERT INTO choices VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", (name, encode(value)))


def messages(conn: Any) -> list[Names]:
    """The notices for the hall, in order."""
    return [json.loads(row[0]) for row in conn.execute("SELECT text FROM messages ORDER BY position, id")]


def profiles() -> list[str]:
    """The names of the profiles that come with Istiqbal."""
    return sorted(p.name.removesuffix(".toml") for p in files("server").joinpath("profiles").iterdir() if p.name.endswith(".toml"))


def profile(name: str) -> dict[str, Any]:
    """What a profile says; raises UnknownProfile."""
    if name not in profiles():
        raise UnknownProfile(f"There is no profile “{name}”; choose one of: {', '.join(profiles())}.")
    return tomllib.loads(files("server").joinpath("profiles", f"{name}.toml").read_text(encoding="utf-8"))


def seed(conn: Any, name: str) -> None:
    """Fill an empty database with a profile's set-up; raises UnknownProfile. Inside a transaction of the caller's."""
    data = profile(name)
    for position, entry in enumerate(data["services"]):
        conn.execute(
            "INSERT INTO services(id, position, prefix, series, name, icon, target_s, documents) VALUES (?,?,?,?,?,?,?,?)",
            (
                entry["id"], position, entry["prefix"], entry.get("series", entry["id"]), encode(entry["name"]),
                entry["icon"], entry["target_minutes"] * 60, encode(entry.get("documents", [])),
            ),
        )  # fmt: skip
    for number in range(1, data["counters"] + 1):
        conn.execute("INSERT INTO counters(id, number) VALUES (?, ?)", (number, number))
    for position, entry in enumerate(data["priorities"]):
        conn.execute("INSERT INTO priorities VALUES (?, ?, ?)", (entry["id"], position, encode(entry["name"])))
    for position, text in enumerate(data.get("messages", [])):
        conn.execute("INSERT INTO messages(position, text) VALUES (?, ?)", (position, encode(text)))


_SERVICE_COLUMNS = "id, position, prefix, series, name, icon, target_s, documents, open, range_first, range_last, keeps_place"


def _service(row: Any) -> Service:
    id, position, prefix, series, name, icon, target_s, documents, open, first, last, keeps_place = row
    return Service(
        id, position, prefix, series, json.loads(name), icon, target_s, json.loads(documents), bool(open), first, last,
        bool(keeps_place),
    )  # fmt: skip
