"""What the kiosk tells beside the hall's snapshot: each service's sentence, documents, fees and delays, and the priorities."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from kiosk.hours import hours_of_hall, hours_of_service
from server import setup
from server.editing import audit
from server.information import Information, information

Offers = dict[str, Any]


def mark(conn: Any, today: date, *, writing: bool) -> str:
    """What a kiosk knows its offers by: another one means that the manager, the day or the line to the portal changed them."""
    return f"{audit.newest(conn)}.{today.isoformat()}.{int(writing)}"


def offers(conn: Any, today: date) -> Offers:
    """`{services: {id: {documents, sentence, fees, delay, steps, heading, hours}}, hours, priorities: [{id, name}]}`.

    Texts by language; `hours` are lines by language of the seven days from the local day `today` on, the hall's or a service's.
    """
    told = information(conn)
    return {
        "services": {
            service.id: {
                "documents": service.documents,
                "hours": hours_of_service(conn, service.id, today),
                **asdict(told.get(service.id, Information())),
            }
            for service in setup.services(conn)
        },
        "hours": hours_of_hall(conn, today),
        "priorities": [{"id": id, "name": name} for id, name in setup.priorities(conn).items()],
    }
