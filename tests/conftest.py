"""What tests share: a unit in a folder of its own, and clocks that are told the time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from server import settings
from server.app import Server
from server.clock import MS, Moment
from server.operations.making import make_unit, new_token
from server.unit import Unit
from server.visits import Caller
from tests.chromium import FLAGS, chromium
from tests.programs import Program
from tests.running import Running

pytest_plugins = ["tests.told_at_once"]

hypothesis_settings.register_profile("hall", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("hall")  # a busy machine is no fault: speed is measured by make bench

PAGES = Path(__file__).with_name("screens")


class ToldClock:
    """A clock that stands still until it is moved; wall and steady can be moved apart."""

    def __init__(self, start: str = "2026-11-23T09:00:00+01:00") -> None:
        at = int(datetime.fromisoformat(start).timestamp() * MS)
        self.moment = Moment(at, at)

    def __call__(self) -> Moment:
        return self.moment

    def pass_by(self, seconds: float) -> None:
        ms = int(seconds * MS)
        self.moment = Moment(self.moment.at + ms, self.moment.steady + ms)

    def jump(self, seconds: float) -> None:
        """The wall clock alone is set anew."""
        self.moment = Moment(self.moment.at + int(seconds * MS), self.moment.steady)

    def utc(self) -> datetime:
        return datetime.fromtimestamp(self.moment.at / MS, UTC)


KIOSK = Caller("device:1", "kiosk-1", "kiosk")
CLERK = Caller("person:1", "Salma", "clerk")
OTHER_CLERK = Caller("person:2", "Idir", "clerk")
MANAGER = Caller("person:9", "Brahim", "manager")


@pytest.fixture
def clock() -> ToldClock:
    return ToldClock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A unit just made, with the annex profile."""
    path = tmp_path / "unit"
    make_unit(path, "annexe")
    return path


@pytest.fixture
def unit(folder: Path, clock: ToldClock) -> Iterator[Unit]:
    """That unit, opened, on a clock that is told the time, its events owed to a portal."""
    text = (folder / "unit.toml").read_text().replace('adapter = "none"', 'adapter = "folder"')
    (folder / "unit.toml").write_text(text)
    opened = Unit(folder, settings.load(folder), clock)
    yield opened
    opened.close()


@pytest.fixture
def running(folder: Path) -> Iterator[Running]:
    """A server process; the test starts it, after it has written what unit.toml shall say."""
    made = Running(folder)
    yield made
    made.kill()


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    """The server of a new unit, in this process, its workers at rest."""
    made = Server(folder)
    yield made
    made.unit.close()


@pytest.fixture
def callers(folder: Path, server: Server) -> dict[str, Program]:
    """A caller for every role, and `nobody`."""
    roles = ("kiosk", "display", "counter", "tablet", "clerk", "manager", "administrator")
    tokens = {role: new_token(folder, role, f"{role}-1") for role in roles}
    made = {role: Program(server.app.test_client(use_cookies=False), token) for role, token in tokens.items()}
    return {**made, "nobody": Program(server.app.test_client(use_cookies=False), None)}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The pages first: a file of them takes minutes, and a process that begins one last keeps all others waiting."""
    items.sort(key=lambda item: not item.path.is_relative_to(PAGES))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium; a machine without one fails here, it never skips."""
    return {**browser_type_launch_args, "executable_path": chromium(), "args": list(FLAGS)}
