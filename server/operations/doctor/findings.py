"""What a look at one thing gave: a sentence, and a remedy wherever it is not good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from server.web.language import in_language, written_datetime

Level = Literal["good", "warning", "fault"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `message` and `remedy` are English msgids with `%(name)s` places, filled from `params`; an
    instant among these is an aware datetime.
    """

    level: Level
    message: str
    remedy: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    detail: str = ""
    """What a device or a library said of it, in English, for who mends it."""

    def told(self, language: str, zone: str = "UTC") -> tuple[str, str]:
        """The sentence and the remedy as the reader's language writes them, instants as the clocks of time zone `zone` show
        them; in Arabic what is filled in is kept to itself."""
        filled = {name: _written(value, language, zone) for name, value in self.params.items()}
        if language == "ar":
            filled = {name: _isolated(value) for name, value in filled.items()}
        sentence, remedy = (in_language(language, text, **filled) for text in (self.message, self.remedy))
        return sentence, remedy


def _written(value: Any, language: str, zone: str) -> Any:
    return written_datetime(value, language, zone) if isinstance(value, datetime) else value


def _isolated(value: Any) -> Any:
    """A name or path within first-strong isolates (UAX #9), so that Latin letters don't reorder the sentence around them."""
    return f"\u2068{value}\u2069" if isinstance(value, str) else value
