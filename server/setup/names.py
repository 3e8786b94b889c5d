"""Names by language, and how a ticket's number is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Names = dict[str, str]
"""A text by language: `ar`, `zgh`, `fr`."""


def ticket(prefix: str, number: int) -> str:
    """The number as it is printed and called, `A042`."""
    return f"{prefix}{number:03d}"


def name_in(names: Mapping[Any, str], language: str) -> str:
    """A name in a language; where it is missing, in Arabic, then French, then whatever there is."""
    for code in (language, "ar", "fr"):
        if names.get(code):
            return names[code]
    return next(filter(None, names.values()), "")
