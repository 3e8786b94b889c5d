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

    def told(self, language: str) -> tuple[str, str]:
        """The sentence and the remedy as the reader's language writes them."""
        sentence, remedy = (in_language(language, text, **self.params) for text in (self.message, self.remedy))
        return sentence, remedy
