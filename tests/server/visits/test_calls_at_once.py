"""Many clerks pressing at once over HTTP: no visitor called twice, no call lost. (`make bench` does it 500 times.)"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tests.bench.calls import unit_with
from tests.running import Running

COUNTERS, AT_ONCE, ROUNDS = 6, 4, 5


@pytest.fixture
def hall(tmp_path: Path) -> Running:
    return Running(unit_with(tmp_path / "unit", COUNTERS * ROUNDS - 1, COUNTERS))


def test_counters_that_press_at_once_get_a_visitor_each_and_nobody_twice(hall: Running) -> None:
    hall.start()
    try:
        tokens = {counter: hall.token("clerk", f"clerk-{counter}") for counter in range(1, COUNTERS + 1)}

        def send(counter: int, action: str) -> requests.Response:
            return hall.post(tokens[counter], f"/counters/{counter}/{action}")

        called: list[str] = []
        with ThreadPoolExecutor(COUNTERS * AT_ONCE) as clerks:
            for counter in tokens:
                send(counter, "open")
            for turn in range(ROUNDS):
                pressed = [counter for counter in tokens for _ in range(AT_ONCE)]
                answers = list(clerks.map(lambda counter: send(counter, "call-next"), pressed))
                served = Counter(counter for counter, answer in zip(pressed, answers, strict=True) if answer.status_code == 200)
                assert set(served.values()) == {1}
                assert {answer.status_code for answer in answers} <= {200, 204, 409}
                called += [answer.json()["visit"] for answer in answers if answer.status_code == 200]
                assert len(served) == COUNTERS - (turn == ROUNDS - 1), "the last round has one visitor too few"
                list(clerks.map(lambda counter: send(counter, "no-show"), served))
        assert len(called) == len(set(called)) == COUNTERS * ROUNDS - 1
    finally:
        hall.kill()
