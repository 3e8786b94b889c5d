"""What the display is told to say: for each call the addresses of its clips, by language and in order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from server.clock import MS, Moment, local
from server.hall import Snapshot
from server.setup.voice import VoiceChoices, choices
from server.voice.choices import asked_test
from server.voice.clips import Library
from server.voice.phrases import CHIME, said_call

SPOKEN_FOR_S = 120
"""Calls older than this are shown without a voice: no display says old news."""


class Speech:
    """Adds the voice to what a display is shown."""

    def __init__(self, library: Library, zone: ZoneInfo) -> None:
        self._library = library
        self._zone = zone

    def on_display(self, conn: Any, now: Moment, board: Snapshot) -> Snapshot:
        """The board with `speech` in each call and `voice`, what holds for all of them."""
        chosen = choices(conn)
        calls = [{**call, "speech": self._of_call(chosen, call, now)} for call in board["calls"]]
        return {**board, "calls": calls, "voice": self._voice(conn, chosen, now)}

    def _voice(self, conn: Any, chosen: VoiceChoices, now: Moment) -> Snapshot:
        chime = self._library.find(CHIME)
        test = asked_test(conn, now.at)
        return {
            "chime": chime.address if chime else None,
            "volume": chosen.level(local(now.at, self._zone).strftime("%H:%M")) / 100,
            "repeats": chosen.repeats,
            "test": test and {"id": test["id"], "speech": self.said(test["ticket"], test["counter"], test["languages"])},
        }

    def _of_call(self, chosen: VoiceChoices, call: Snapshot, now: Moment) -> list[Snapshot]:
        age_s = now.at / MS - datetime.fromisoformat(call["called_at"]).timestamp()
        if age_s > SPOKEN_FOR_S:
            return []
        return self.said(call["ticket"], call["counter"], chosen.order(call["language"]))

    def said(self, ticket: str, counter: int, languages: Iterable[str]) -> list[Snapshot]:
        """`[{language, parts: [[address, …], …]}]`; a language that lacks one clip is left out: half a call misleads."""
        spoken = ((language, _said(self._library, self._library.changes, language, ticket, counter)) for language in languages)
        return [{"language": language, "parts": parts} for language, parts in spoken if parts]


@lru_cache(maxsize=256)
def _said(library: Library, changes: int, language: str, ticket: str, counter: int) -> list[list[str]] | None:
    """The addresses of a call's clips, None where one is missing; kept, since a call is in every snapshot for a while."""
    try:
        phrases = said_call(language, ticket, counter)
    except ValueError:  # a ticket that has no words, such as one with another script's letter
        return None
    found = [[library.find(f"{language}/{clip}") for clip in phrase] for phrase in phrases]
    addresses = [[clip.address for clip in phrase if clip] for phrase in found]
    return None if any(None in phrase for phrase in found) else addresses
