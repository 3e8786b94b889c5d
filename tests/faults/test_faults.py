"""A few of each fault of `make faults`; the whole table is in docs/faults.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import power
from tests.faults.__main__ import BEGIN, END, TRIALS, run

QUICK = ("kill", "power", "full", "damaged", "frozen", "nonsense")
"""The others take half a minute each; `make faults` runs them all."""


@pytest.mark.parametrize("name", QUICK)
def test_nothing_is_lost_and_nothing_let_in(name: str) -> None:
    for result in run(name, quick=True):
        assert result.held, result
        assert (result.lost, result.twice) == (0, 0), result


def test_the_model_of_a_power_cut_does_lose_what_was_not_synced() -> None:
    assert power.lost_without_sync() == 100


ROWS: dict[str, tuple[str, ...]] = {
    "kill": ("| `kill -9` at a random moment under load | 200 times |",),
    "power": ("| power cut: what was not synced is gone | at 300 ", "| power cut: any sectors of it are there | at 300 "),
    "full": ("| disk full at any write | 40 times |",),
    "tmpfs": ("| disk full: a file system of 16 MB |",),
    "locked": ("| database locked by a stranger for 7 s | 3 times |",),
    "damaged": ("| a damaged page of `unit.db` |",),
    "clock": tuple(f"| clock set {how} |" for how in ("a day forth", "a day back", "an hour forth", "over the end of summer time")),
    "printers": ("| printer faults |",),
    "crowd": ("| websocket clients at once, some never read | 1000 clients |",),
    "frozen": ("| a display that freezes |",),
    "slow": ("| slow requests (slow loris) | 600 connections |",),
    "nonsense": ("| malformed requests and socket frames | 10000 |",),
    "blocked": ("| the worker blocked for 45 s |",),
    "memory": ("| no more than 16 MB of further memory |",),
}
"""The rows that `make faults` writes for each trial, up to how often it was tried."""


@pytest.mark.parametrize("name", TRIALS)
def test_the_whole_table_is_in_the_documentation(name: str) -> None:
    text = (Path(__file__).parents[2] / "docs" / "faults.md").read_text(encoding="utf-8")
    table = [line for line in text.split(BEGIN)[1].split(END)[0].splitlines() if line.startswith("| ")]
    assert len(table) == 2 + sum(len(rows) for rows in ROWS.values())
    for row in ROWS[name]:
        (found,) = [line for line in table if line.startswith(row)]
        *_, lost, twice, _, held = found.strip("| ").split(" | ")
        assert (lost, twice, held) == ("0", "0", "yes")
