"""What a call says in each language, as names of clips, and what each clip says.

A ticket is its letter and its number without leading zeros, as people read it out: A042 is “A, forty-two”. Names of clips are
the same in every language: `ticket`, `counter`, `letter-a`, `n-42`, and `and-42` for a number behind hundreds or thousands.
"""

from __future__ import annotations

import re
from functools import lru_cache
from string import ascii_uppercase

from server.setup.voice import LANGUAGES
from server.voice.numbers import AND, LARGEST, and_, parts, words

CHIME = "chime"

Phrase = tuple[str, ...]
"""Clips said in one breath."""

_TICKET = {"ar": "الرَّقْمُ", "zgh": "ⵓⵟⵟⵓⵏ", "fr": "numéro"}
_COUNTER = {"ar": "الشُّبَّاكُ رَقْمُ", "zgh": "ⴰⵙⵉⵔⴰ", "fr": "guichet"}
_HUNDREDS = tuple(range(100, 1000, 100))
_THOUSANDS = tuple(range(1000, LARGEST, 1000))
_TICKET_NUMBER = re.compile(r"([A-Z]*)(\d+)", re.ASCII)


def said_number(language: str, number: int) -> Phrase:
    """The clips of a number; raises ValueError outside 0 to 9999."""
    first, *others = parts(number)
    before = "and" if language in AND else "n"
    return (f"n-{first}", *(f"{before}-{part}" for part in others))


def said_ticket(language: str, ticket: str) -> Phrase:
    """The clips of a ticket such as `A042`; raises ValueError for one that is not Latin letters and a number."""
    found = _TICKET_NUMBER.fullmatch(ticket.upper())
    if found is None:
        raise ValueError(f"“{ticket}” is not letters and a number")
    letters, number = found.groups()
    return ("ticket", *(f"letter-{letter.lower()}" for letter in letters), *said_number(language, int(number)))


def said_counter(language: str, counter: int) -> Phrase:
    """The clips of a counter; raises ValueError outside 0 to 9999."""
    return ("counter", *said_number(language, counter))


def said_call(language: str, ticket: str, counter: int) -> tuple[Phrase, Phrase]:
    """The ticket, then, after a breath, the counter; raises ValueError."""
    return said_ticket(language, ticket), said_counter(language, counter)


@lru_cache(maxsize=len(LANGUAGES))
def texts(language: str) -> dict[str, str]:
    """Every clip of a language and what it says, in the order in which a person would record them."""
    found = {"ticket": _TICKET[language], "counter": _COUNTER[language]}
    found |= {f"letter-{letter.lower()}": letter for letter in ascii_uppercase}
    numbers = (*range(100), *_HUNDREDS, *_THOUSANDS)
    found |= {f"n-{number}": words(language, number) for number in numbers}
    if language in AND:
        behind = (*range(1, 100), *_HUNDREDS)
        found |= {f"and-{number}": and_(language, words(language, number)) for number in behind}
    return found
