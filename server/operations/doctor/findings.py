"""What a look at one thing gave: a sentence, and a remedy wherever it is not good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from printers.told import Sentence, Told
from server.printing.telling import in_words
from server.setup.names import Names, name_in
from server.web.language import in_language, written_datetime, written_number
from server.web.terms import TERMS

Level = Literal["good", "warning", "fault"]
LONGEST = 60
"""Letters of a name within a sentence."""


@dataclass(frozen=True, slots=True)
class Called:
    """What a thing is called by those who read of it: `id` at the command line, whose English no name is in, its names elsewhere.

    Parts of a thing (a document of a service) are called by all the names that lead to it.
    """

    id: str
    names: tuple[Names, ...]

    def told(self, language: str) -> str:
        found = [] if language == "en" else [_short(name_in(one, language)) for one in self.names]
        return " · ".join(filter(None, found)) or self.id


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `message` and `remedy` are English msgids with `%(name)s` places, filled from `params`; an
    instant among these is an aware datetime, a thing of the set-up is `Called`.
    """

    level: Level
    message: str
    remedy: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    detail: Sentence = ""
    """What a device or a library said of it, for who mends it."""

    def told(self, language: str, zone: str = "UTC") -> tuple[str, str]:
        """The sentence and the remedy as the reader's language writes them, instants as the clocks of time zone `zone` show
        them; in Arabic what is filled in is kept to itself."""
        filled = {name: _written(value, language, zone) for name, value in self.params.items()}
        if language == "ar":
            numbers = {name for name, value in self.params.items() if isinstance(value, int | float)}
            filled = {
                name: value if name in numbers or value in TERMS.get(name, ()) else _isolated(value)
                for name, value in filled.items()
            }
        sentence, remedy = (in_language(language, text, **filled) for text in (self.message, self.remedy))
        return sentence, remedy


def _short(text: str) -> str:
    """How a long text begins, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST].rstrip()}…"


def _written(value: Any, language: str, zone: str) -> Any:
    if isinstance(value, Called):
        return value.told(language)
    if isinstance(value, Told):
        return in_words(language, value)
    if isinstance(value, int | float):
        return written_number(value, language, 1 if isinstance(value, float) else 0)
    return written_datetime(value, language, zone) if isinstance(value, datetime) else value


def _isolated(value: Any) -> Any:
    """A name or path within first-strong isolates (UAX #9), so that Latin letters don't reorder the sentence around them."""
    return f"\u2068{value}\u2069" if isinstance(value, str) else value
