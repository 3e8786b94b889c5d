"""Work that is done again and again."""

from __future__ import annotations

import threading

import pytest

from server.periodic import Periodic


def test_it_goes_on_after_a_turn_that_failed(caplog: pytest.LogCaptureFixture) -> None:
    turns = []
    enough = threading.Event()

    def turn() -> None:
        turns.append(1)
        if len(turns) == 1:
            raise ValueError("the first fails")
        enough.set()

    worker = Periodic("trial", turn, 0.001)
    worker.start()
    assert enough.wait(10)
    worker.stop()
    assert "trial failed" in caplog.text


def test_a_first_turn_that_must_be_done_fails_the_start() -> None:
    def turn() -> None:
        raise ValueError("cannot")

    with pytest.raises(ValueError, match="cannot"):
        Periodic("trial", turn, 60, at_once=True).start()


def test_it_may_be_stopped_before_it_was_started() -> None:
    Periodic("trial", lambda: None, 60).stop()
