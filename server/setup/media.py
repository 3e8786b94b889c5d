"""What displays show between calls, as far as a manager decides it: texts, times, the hall's results; how much there may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from server.setup.choices import choice, choose
from server.setup.names import Names

WHAT = "media"
"""What changes of an item are noted as, with its number; of the hall's results, with `results`."""
SWITCH = "results_on_displays"
MOST_ITEMS = 40
LONGEST_TEXT = 300
SHORTEST_S, USUAL_S, LONGEST_S = 3, 12, 600
"""Seconds that an item is shown at a time."""
NAME_LENGTH = 40


def results_switched_on(conn: Any) -> bool:
    """Whether the manager wants last month's results on the displays."""
    return bool(choice(conn, SWITCH, False))


def switch_results(conn: Any, on: bool) -> None:
    """Show them, or no longer. Inside a transaction of the writer."""
    choose(conn, SWITCH, on)


def told(name: str, file: str | None, text: Names | None, displays: Sequence[str], times: Mapping[str, Any]) -> dict[str, Any]:
    """An item as the journal tells it: what is said of it, and nothing of what is not."""
    said = {"name": name, "file": file, "text": text, "displays": list(displays), **times}
    return {key: value for key, value in said.items() if value}


def name_of(text: Names) -> str:
    """What a text is called in a list: how it begins."""
    return beginning(next(iter(text.values())))


def beginning(text: str) -> str:
    """How a text begins: its whole words, as many as a name has room for, and an ellipsis where it goes on."""
    line = " ".join(text.split())
    if len(line) <= NAME_LENGTH:
        return line
    cut = line[:NAME_LENGTH]
    return f"{cut.rpartition(' ')[0] or cut}…"
