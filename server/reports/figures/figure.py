"""What one figure is called and counts in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What a figure counts in."""

    CASES = "cases"
    SECONDS = "seconds"
    SIGNED = "signed seconds"
    SHARE = "share"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its name in data, its unit, and its English words."""

    name: str
    unit: Unit
    words: str
