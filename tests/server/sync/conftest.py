"""A portal on trial."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.server.sync.portals import TrialPortal


@pytest.fixture
def portal() -> Iterator[TrialPortal]:
    made = TrialPortal()
    yield made
    made.close()
