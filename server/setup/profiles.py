"""The set-ups that come with Istiqbal, to begin with."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

from server.errors import UnitError
from server.journal import encode


class UnknownProfile(UnitError):
    """There is no profile of this name."""


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
        values = (entry["id"], position, encode(entry["name"]))
        conn.execute("INSERT INTO priorities(id, position, name) VALUES (?, ?, ?)", values)
    for position, text in enumerate(data.get("messages", [])):
        conn.execute("INSERT INTO messages(position, text) VALUES (?, ?)", (position, encode(text)))
