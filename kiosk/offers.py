"""What the kiosk tells beside the hall's snapshot: each service's sentence, documents, fees and delays, and the priorities."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from server import setup
from server.information import Information, information

Offers = dict[str, Any]


def offers(conn: Any) -> Offers:
    """`{services: {id: {documents, sentence, fees, delay, steps, heading}}, priorities: [{id, name}]}`, texts by language."""
    told = information(conn)
    return {
        "services": {
            service.id: {"documents": service.documents, **asdict(told.get(service.id, Information()))}
            for service in setup.services(conn)
        },
        "priorities": [{"id": id, "name": name} for id, name in setup.priorities(conn).items()],
    }
