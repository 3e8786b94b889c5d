"""What a manager decides about the voice: the hall's languages, how loud at which hour, how often, and whether it speaks at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from server import setup
from server.journal import Journal
from server.voice.phrases import LANGUAGES

CHOICE = "voice"
TESTED = "voice_tested"
MOST_REPEATS = 3
MOST_HOURS = 6
TEST_SHOWN_MS = 15_000


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
    kept = setup.choice(conn, CHOICE, None)
    if kept is None:
        return VoiceChoices()
    volume = tuple(Loudness(**one) for one in kept["volume"])
    return VoiceChoices(tuple(kept["languages"]), kept["visitor_first"], kept["repeats"], volume)


def save_choices(conn: Any, journal: Journal, actor: str, chosen: VoiceChoices) -> None:
    """Keep the choices and tell the screens. Inside a transaction of the caller's."""
    before = choices(conn)
    setup.choose(conn, CHOICE, asdict(chosen))
    setup_changed(conn, journal, actor, "choices", asdict(before), asdict(chosen))


def setup_changed(conn: Any, journal: Journal, actor: str, id: str, before: Any, after: Any) -> None:
    """Write in the journal what was changed of the voice; every screen gets a new snapshot by it."""
    journal.append(conn, "setup_changed", {"what": CHOICE, "id": id, "before": before, "after": after}, actor=actor)


def ask_for_test(conn: Any, journal: Journal, actor: str, ticket: str, counter: int, languages: Sequence[str]) -> None:
    """Have the displays say a call that is none. Inside a transaction of the caller's."""
    event = journal.append(conn, TESTED, {"ticket": ticket, "counter": counter, "languages": [*languages]}, actor=actor)
    setup.choose(conn, TESTED, {"id": event.id, "at": event.at, **event.data})


def asked_test(conn: Any, now_ms: int) -> dict[str, Any] | None:
    """The test call of the last seconds: id, ticket, counter, languages."""
    asked: dict[str, Any] | None = setup.choice(conn, TESTED, None)
    return asked if asked and 0 <= now_ms - asked["at"] < TEST_SHOWN_MS else None
