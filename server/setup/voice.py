"""What a manager decides about the voice: the hall's languages, how loud at which hour, how often, and whether it speaks at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from server.setup.choices import choice

CHOICE = "voice"
LANGUAGES = ("ar", "zgh", "fr")
"""The languages that calls can be said in."""
MOST_REPEATS = 3
MOST_HOURS = 6
LOUDEST = 100


@dataclass(frozen=True, slots=True)
class Loudness:
    """From an hour of the local day on (`HH:MM`), how loud, 0 (silent) to 100."""

    since: str
    level: int


@dataclass(frozen=True, slots=True)
class VoiceChoices:
    """`languages` in the order in which the hall says them; the visitor's own comes before them when `visitor_first`.
    `repeats` is how often a call is said in all.
    """

    languages: tuple[str, ...] = ("ar", "fr")
    visitor_first: bool = True
    repeats: int = 1
    volume: tuple[Loudness, ...] = (Loudness("00:00", 80),)

    def order(self, visitor: str) -> list[str]:
        """The languages in which this visitor's call is said."""
        first = [visitor] if self.visitor_first and visitor in LANGUAGES else []
        return [*first, *(code for code in self.languages if code not in first)]

    def level(self, hour: str) -> int:
        """How loud at a local `HH:MM`; before the first hour of the day, what the last one said."""
        ordered = sorted(self.volume, key=lambda one: one.since)
        return next((one.level for one in reversed(ordered) if one.since <= hour), ordered[-1].level)


def choices(conn: Any) -> VoiceChoices:
    """The manager's choices, or those that come with Istiqbal."""
    kept = choice(conn, CHOICE, None)
    if kept is None:
        return VoiceChoices()
    volume = tuple(Loudness(**one) for one in kept["volume"])
    return VoiceChoices(tuple(kept["languages"]), kept["visitor_first"], kept["repeats"], volume)
