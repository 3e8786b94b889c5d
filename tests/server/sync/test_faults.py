"""The fault run, small: `make sync-faults` is the same with 20,000 events and 50 kills."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.sync_faults.run import UNIT, run


def test_every_acknowledged_event_is_stored_once_and_in_order_whatever_is_killed() -> None:
    with tempfile.TemporaryDirectory(prefix="istiqbal-faults-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        outcome = run(Path(name), events=120, kills=3, seed=6, longest_s=120, batch=10)
    assert outcome.wrong == []
    assert (outcome.acknowledged, outcome.refused.total()) == (120, 5)
    assert outcome.kills[UNIT] > 0
