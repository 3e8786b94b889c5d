"""The fault run, small: `make sync-faults` is the same with 20,000 events and 50 kills."""

from __future__ import annotations

import contextlib
import http.client
import random
import tempfile
from pathlib import Path

from tests.server.sync.portals import TrialPortal
from tests.sync_faults.line import FEWEST_LOST, LOST, PORTAL_AWAY, FaultyLine
from tests.sync_faults.run import UNIT, run


def test_every_acknowledged_event_is_stored_once_and_in_order_whatever_is_killed() -> None:
    with tempfile.TemporaryDirectory(prefix="istiqbal-faults-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        outcome = run(Path(name), events=120, kills=3, seed=6, longest_s=120, batch=10)
    assert outcome.wrong == []
    assert (outcome.acknowledged, outcome.refused.total()) == (120, 5)
    assert outcome.kills[UNIT] > 0


class Lucky(random.Random):
    """Dice that never hit."""

    def random(self) -> float:
        return 0.999


def test_a_fifth_of_the_replies_is_lost_whatever_the_dice_say_and_only_after_the_portal_had_the_request() -> None:
    portal = TrialPortal()
    line = FaultyLine(int(portal.url.rpartition(":")[2]), Lucky())

    def ask(count: int) -> int:
        """How many got no answer."""
        unanswered = 0
        for _ in range(count):
            with contextlib.closing(http.client.HTTPConnection(line.url.removeprefix("http://"), timeout=10)) as unit:
                unit.request("GET", "/v1/keys")
                try:
                    unit.getresponse().read()
                except (http.client.BadStatusLine, ConnectionError):
                    unanswered += 1
        return unanswered

    unanswered = ask(40)
    assert unanswered == line.counts[LOST] >= FEWEST_LOST * 40
    assert len(portal.requests) == 40
    portal.close()
    assert ask(10) == line.counts[PORTAL_AWAY] == 10
    assert line.counts[LOST] == unanswered, "a reply that nobody gave is not counted as lost"
    line.close()
