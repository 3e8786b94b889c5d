"""A printer's sentences in the reader's language, and how they are kept with a delivery."""

from __future__ import annotations

import json
from typing import Any

from printers.status import PrinterStatus
from printers.told import Says, Sentence, Told
from server.journal import encode
from server.web.language import in_language

WORDS = {f"says_{one.kind}": one.value for one in Says}
"""For a screen: `says_…`, its kind → the English sentence."""

_SAID_BY_THE_STATE = (Says.COVER_OPEN, Says.NO_PAPER, Says.NEAR_END)


def besides(status: PrinterStatus) -> Sentence:
    """What a printer's sentence tells beyond the word for its state; empty where both say the same."""
    said = status.detail
    return "" if isinstance(said, Told) and said.says in _SAID_BY_THE_STATE else said


def in_words(language: str, sentence: Sentence) -> str:
    """A sentence as the reader's language writes it; what is filled in is kept to itself, whatever its script."""
    if not isinstance(sentence, Told):
        return sentence
    filled = {name: in_words(language, one) if isinstance(one, Told) else _isolated(one) for name, one in sentence.params.items()}
    return in_language(language, sentence.says.value, **filled)


def as_json(sentence: Sentence | None) -> dict[str, Any] | str | None:
    """A sentence as data: `{kind, params?}`, or a text in English as it is."""
    return sentence.to_json() if isinstance(sentence, Told) else sentence or None


def as_text(sentence: Sentence | None) -> str | None:
    """For a column of text; read again by `from_text`."""
    return encode(sentence.to_json()) if isinstance(sentence, Told) else sentence


def from_text(text: str | None) -> dict[str, Any] | str | None:
    """What was kept, as data; a text that an earlier version kept is English as it is."""
    if not text or not text.startswith("{"):
        return text or None
    return Told.from_json(json.loads(text)).to_json()


def _isolated(text: str) -> str:
    return f"\u2068{text}\u2069"
