"""A hall with clerks."""

from __future__ import annotations

import pytest

from tests.running import Running
from tests.screens.counter.keys import Arrive, with_clerks


@pytest.fixture
def hall(running: Running) -> Running:
    return with_clerks(running)


@pytest.fixture
def arrive(hall: Running) -> Arrive:
    """Somebody takes a ticket; answers its number."""
    kiosk = hall.token("kiosk", "kiosk-1")

    def take(service: str = "etat-civil", language: str = "ar") -> str:
        answer = hall.post(kiosk, "/tickets", {"service": service, "language": language})
        assert answer.status_code == 201
        return str(answer.json()["ticket"])

    return take
