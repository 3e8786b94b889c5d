"""What citizens are told of each service before they take a ticket, in every language: kiosk, phone page and manager use it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from server import setup
from server.journal import encode
from server.setup import Names


@dataclass(frozen=True, slots=True)
class Information:
    """Texts by language, each empty where nothing is said. The documents to bring are the service's own.

    `sentence` says what the service is for, `fees` what it costs, `delay` when the result is there, `steps` how it goes;
    `heading` is the group under which the kiosk shows the service when there are many.
    """

    sentence: Names = field(default_factory=dict)
    fees: Names = field(default_factory=dict)
    delay: Names = field(default_factory=dict)
    steps: Names = field(default_factory=dict)
    heading: Names = field(default_factory=dict)


TEXTS = tuple(one.name for one in fields(Information))


def information(conn: Any) -> dict[str, Information]:
    """By service's id; services of which nothing is said are missing."""
    rows = conn.execute(f"SELECT service, {', '.join(TEXTS)} FROM service_information")
    return {service: Information(*map(json.loads, texts)) for service, *texts in rows}


def information_of(conn: Any, service: str) -> Information:
    """What is said of one service."""
    return information(conn).get(service, Information())


def save(conn: Any, service: str, told: Information) -> None:
    """Keep what is said of a service. Inside a transaction of the writer."""
    if told == Information():
        conn.execute("DELETE FROM service_information WHERE service = ?", (service,))
        return
    texts = [encode(text) for text in asdict(told).values()]
    conn.execute(
        f"INSERT OR REPLACE INTO service_information(service, {', '.join(TEXTS)}) VALUES (?, ?, ?, ?, ?, ?)", (service, *texts)
    )


def seed(conn: Any, profile: str) -> None:
    """Fill a new unit with what its profile says of the services. Inside a transaction of the caller's."""
    for entry in setup.profile(profile)["services"]:
        save(conn, entry["id"], Information(**{name: entry[name] for name in TEXTS if name in entry}))
