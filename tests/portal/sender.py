"""A unit as the portal sees one: makes events after the contract and sends them through a Flask test client."""

from __future__ import annotations

import base64
import gzip
import json
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal import contract
from portal.clock import rfc3339


def random_id() -> str:
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


class Sender:
    """One start of a unit; `again()` is its next start."""

    def __init__(self, client: FlaskClient, unit: str, secret: str) -> None:
        self.client, self.unit, self.secret = client, unit, secret
        self.epoch = random_id()
        self.sequence = 0
        self.token = self.new_token()

    def again(self) -> Sender:
        return Sender(self.client, self.unit, self.secret)

    def new_token(self) -> str:
        got = self.client.post("/v1/token", data={"grant_type": "client_credentials"}, auth=(self.unit, self.secret))
        assert got.status_code == 200, got.data
        return str(got.get_json()["access_token"])

    def leg(self, type: str = "served", at: datetime | None = None, **data: Any) -> dict[str, Any]:
        """The next event of this start."""
        self.sequence += 1
        when = rfc3339(at or datetime.now(UTC))
        filled = {
            "visit": random_id(),
            "leg": 1,
            "service": "etat-civil",
            "language": "ar",
            "joined": when,
            "waited": 60,
            "served": 90,
        }
        return contract.visit_event(
            id=random_id(), unit=self.unit, epoch=self.epoch, sequence=self.sequence, type=type, time=when, data={**filled, **data}
        )

    def rating(self, score: int, at: datetime | None = None, **data: Any) -> dict[str, Any]:
        self.sequence += 1
        filled = {"visit": random_id(), "service": "etat-civil", "score": score}
        when = rfc3339(at or datetime.now(UTC))
        return contract.rating_event(
            id=random_id(), unit=self.unit, epoch=self.epoch, sequence=self.sequence, time=when, data={**filled, **data}
        )

    def post(self, body: bytes, **headers: str) -> TestResponse:
        """A batch's bytes as they are."""
        sent = {"Authorization": f"Bearer {self.token}", "Content-Type": contract.BATCH_MEDIA_TYPE}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post("/v1/events", data=body, headers=sent)

    def send(self, events: Sequence[Any]) -> list[dict[str, Any]]:
        """The verdicts on a gzipped batch."""
        got = self.post(gzip.compress(contract.batch(events), 1), Content_Encoding="gzip")
        assert got.status_code == 200, got.data
        verdicts = json.loads(got.data)["verdicts"]
        assert len(verdicts) == len(events)
        return list(verdicts)

    def verdicts(self, events: Sequence[Any]) -> list[str]:
        return [one["verdict"] for one in self.send(events)]
