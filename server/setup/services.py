"""Services: what citizens come for. One that was removed keeps its row, so that what happened stays readable."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from server.errors import ServiceClosed, UnknownService
from server.setup.names import Names


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


def services(conn: Any) -> list[Service]:
    """All services in the order in which screens show them, without those that were removed."""
    rows = conn.execute(f"SELECT {_COLUMNS} FROM services WHERE removed_at IS NULL ORDER BY position, id")
    return [_service(row) for row in rows]


def service(conn: Any, id: str) -> Service:
    """One service, also one that was removed since; raises UnknownService."""
    return _one(conn, id, "")


def living_service(conn: Any, id: str) -> Service:
    """One service that was not removed; raises UnknownService."""
    return _one(conn, id, " AND removed_at IS NULL")


def open_service(conn: Any, id: str) -> Service:
    """One service that gives tickets now; raises UnknownService or ServiceClosed."""
    found = living_service(conn, id)
    if not found.open:
        raise ServiceClosed(service=found.name)
    return found


_COLUMNS = "id, position, prefix, series, name, icon, target_s, documents, open, range_first, range_last, keeps_place"


def _one(conn: Any, id: str, only: str) -> Service:
    row = conn.execute(f"SELECT {_COLUMNS} FROM services WHERE id = ?{only}", (id,)).fetchone()
    if row is None:
        raise UnknownService(service=id)
    return _service(row)


def _service(row: Any) -> Service:
    id, position, prefix, series, name, icon, target_s, documents, open, first, last, keeps_place = row
    return Service(
        id, position, prefix, series, json.loads(name), icon, target_s, json.loads(documents), bool(open), first, last,
        bool(keeps_place),
    )  # fmt: skip
