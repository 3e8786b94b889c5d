"""Serial LED boards: a module per make turns a call into that make's bytes; `[[boards]]` of unit.toml names the make.

A new make is one module with `frame` and `LINE` (how its serial line is set), one line in MAKES, and its name in BoardSettings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from display.boards import alpha, plain
from display.boards.line import Line

Frame = Callable[[str | None, int | None, int], bytes]
"""Turns a call (ticket and counter, both None to clear the board) into bytes for the board with this address."""


@dataclass(frozen=True, slots=True)
class Make:
    """How boards of a make are spoken to."""

    line: Line
    frame: Frame


MAKES: Mapping[str, Make] = {
    "alpha": Make(alpha.LINE, alpha.frame),
    "plain": Make(plain.LINE, plain.frame),
}
