"""A few of each fault of `make faults`; the whole table is in docs/faults.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import power
from tests.faults.__main__ import BEGIN, TRIALS, run

QUICK = ("kill", "power", "full", "damaged", "frozen", "nonsense")
"""The others take half a minute each; `make faults` runs them all."""


@pytest.mark.parametrize("name", QUICK)
def test_nothing_is_lost_and_nothing_let_in(name: str) -> None:
    for result in run(name, quick=True):
        assert result.held, result
        assert (result.lost, result.twice) == (0, 0), result


def test_the_model_of_a_power_cut_does_lose_what_was_not_synced() -> None:
    assert power.lost_without_sync() == 100


def test_the_table_is_in_the_documentation() -> None:
    text = (Path(__file__).parents[2] / "docs" / "faults.md").read_text(encoding="utf-8")
    assert text.split(BEGIN)[1].count("| yes |") >= len(TRIALS)
    assert "| NO |" not in text
