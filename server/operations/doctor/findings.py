"""What a look at one thing gave: a sentence, and a remedy wherever it is not good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from server.web.language import in_language

Level = Literal["good", "warning", "fault"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `message` and `remedy` are English msgids with `%(name)s` places, filled from `params`."""

    level: Level
    message: str
    remedy: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    detail: str = ""
    """What a device or a library said of it, in English, for who mends it."""

    def told(self, language: str) -> tuple[str, str]:
        """The sentence and the remedy as the reader's language writes them; in Arabic what is filled in is kept to itself."""
        filled = {name: _isolated(value) for name, value in self.params.items()} if language == "ar" else self.params
        sentence, remedy = (in_language(language, text, **filled) for text in (self.message, self.remedy))
        return sentence, remedy


def _isolated(value: Any) -> Any:
    """A name or path within first-strong isolates (UAX #9), so that Latin letters don't reorder the sentence around them."""
    return f"\u2068{value}\u2069" if isinstance(value, str) else value
