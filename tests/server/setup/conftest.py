"""Who changes the set-up by its pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.app import Server
from server.unit import Unit
from tests.server.setup.browser import Browser
from tests.server.setup.office import Office


@pytest.fixture
def manager(server: Server, folder: Path) -> Browser:
    return Browser(server, folder, "brahim", "manager")


@pytest.fixture
def administrator(server: Server, folder: Path) -> Browser:
    return Browser(server, folder, "amina", "administrator")


@pytest.fixture
def office(unit: Unit) -> Office:
    return Office(unit)
