"""A unit that can seal: the portal's keys are on its disk, the private one is with the test."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import OKPKey

from portal.contract import sealing
from server.app import Server
from server.feedback import Feedback
from server.lifecycle import Action
from server.sync.line import KEYS_FILE
from server.unit import Unit
from server.visits import Order
from tests.conftest import CLERK, KIOSK


@dataclass
class PortalKey:
    """A key pair of the portal."""

    kid: str = "portal-2026"
    pair: Any = field(default_factory=lambda: OKPKey.generate_key("X25519"))

    def public(self, valid_from: str = "2026-01-01T00:00:00.000Z", valid_until: str = "2030-01-01T00:00:00.000Z") -> dict[str, Any]:
        return {
            **self.pair.as_dict(private=False),
            "kid": self.kid,
            "use": "enc",
            "valid_from": valid_from,
            "valid_until": valid_until,
        }

    def private(self, kid: str) -> Mapping[str, Any]:
        return dict(self.pair.as_dict(private=True)) if kid == self.kid else {}[kid]

    def open(self, sealed: str, reference: str) -> dict[str, Any]:
        return sealing.unseal(sealed, reference, self.private)


def give_keys(folder: Path, *public: Mapping[str, Any]) -> None:
    """Put the portal's public keys where a unit keeps them."""
    (folder / KEYS_FILE).write_text(json.dumps({"keys": public}))


@dataclass
class StagePortal:
    """An adapter that knows stages; what is sent is taken."""

    stages: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def stage(self, reference: str) -> Mapping[str, Any] | None:
        self.asked.append(reference)
        return self.stages.get(reference)

    def send(self, owed: Any) -> Any:
        raise NotImplementedError

    submit = keys = send


@pytest.fixture
def portal_key(folder: Path) -> PortalKey:
    key = PortalKey()
    give_keys(folder, key.public())
    return key


@pytest.fixture
def portal() -> StagePortal:
    return StagePortal()


@pytest.fixture
def feedback(unit: Unit, portal_key: PortalKey, portal: StagePortal) -> Iterator[Feedback]:
    made = Feedback(unit, portal)
    yield made
    made.stages.stop()


def serve_one(unit: Unit, language: str = "fr") -> str:
    """A visit that has just ended at counter 3."""
    visit = unit.visits.issue(Order("etat-civil", language), KIOSK)["visit"]
    unit.visits.desk(3, "open", CLERK)
    unit.visits.call_next(3, CLERK)
    for action in (Action.START, Action.FINISH):
        unit.visits.at_counter(3, action, CLERK)
    return visit


@pytest.fixture
def visit(unit: Unit) -> str:
    return serve_one(unit)


def payloads(unit: Unit, kind: str) -> list[dict[str, Any]]:
    """What is owed to the portal, of one kind."""
    with unit.reading() as conn:
        rows = conn.execute("SELECT payload FROM deliveries WHERE kind = ? AND target = 'portal' ORDER BY id", (kind,)).fetchall()
    return [json.loads(text) for (text,) in rows]


@pytest.fixture
def sealing_server(folder: Path, portal_key: PortalKey) -> Iterator[Server]:
    """The server of a unit whose outbox is a folder, its workers at rest."""
    text = (folder / "unit.toml").read_text().replace('adapter = "none"', 'adapter = "folder"')
    (folder / "unit.toml").write_text(text)
    made = Server(folder)
    yield made
    made.unit.close()
