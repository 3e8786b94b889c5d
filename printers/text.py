"""Making text from people safe for a printer, and finding out what it needs.

Names of services and a manager's messages are data: a control byte in them must never reach the printer,
where ESC and GS begin commands, and a bidi override must not turn a number round.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from printers.slip import Direction, Slip

#: Embeddings, overrides and isolates: what a slip says is ordered by its own letters alone.
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: Invisible marks that shape or order neighbours (joiners, LRM, RLM, ALM): kept, and no glyph is missed for them.
INVISIBLE = frozenset("\u200b\u200c\u200d\u200e\u200f\u061c\u00ad")
_BREAKS = frozenset("\n\r\v\f\u0085\u2028\u2029")


def clean(text: str) -> str:
    """One line of printable text: no control characters, no bidi overrides, single spaces, NFC."""
    kept = []
    for character in unicodedata.normalize("NFC", text):
        if character in _BREAKS or character == "\t":
            kept.append(" ")
        elif _printable(character):
            kept.append(character)
    return " ".join(part for part in "".join(kept).split(" ") if part)


def clean_lines(text: str) -> tuple[str, ...]:
    """The same for text of several lines; empty lines at both ends are dropped."""
    lines = [clean(line) for line in text.splitlines()]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return tuple(lines)


def direction_of(line: str, slip: Direction) -> Direction:
    """Base direction of a line: the slip's, save that a line with no right-to-left letter is left-to-right
    and a line that begins in Arabic on a left-to-right slip is right-to-left."""
    first: Direction | None = None
    has_rtl = False
    for character in line:
        kind = unicodedata.bidirectional(character)
        if kind in ("R", "AL"):
            has_rtl = True
            first = first or "rtl"
        elif kind == "L":
            first = first or "ltr"
    if not has_rtl:
        return "ltr"
    return "rtl" if slip == "rtl" or first == "rtl" else "ltr"


def script_language(line: str, language: str) -> str:
    """Language to shape a line in: `ar` where there is Arabic on a slip of another language."""
    if language != "ar" and any(unicodedata.bidirectional(character) == "AL" for character in line):
        return "ar"
    return language


def missing_characters(texts: Iterable[str]) -> tuple[str, ...]:
    """The characters that the slip font lacks, in order of appearance: they print as an empty box."""
    from printers.shaping import covered

    seen: dict[str, None] = {}
    for text in texts:
        for line in clean_lines(text):
            for character in line:
                if character not in INVISIBLE and not covered(character):
                    seen.setdefault(character)
    return tuple(seen)


def describe(character: str) -> str:
    """A character for the doctor's list: its code and its name."""
    return f"U+{ord(character):04X} {unicodedata.name(character, 'unnamed')}"


def words_of(slip: Slip) -> tuple[str, ...]:
    """Every text of a slip, for `missing_characters`."""
    facts = tuple(part for fact in slip.facts for part in fact)
    optional = (slip.subtitle, slip.qr_text, slip.help_line, slip.footer, slip.duplicate, slip.documents_title)
    return (slip.unit, *clean_lines(slip.number), slip.service, slip.issued, *facts, *slip.documents, *(o for o in optional if o))


def _printable(character: str) -> bool:
    if character in _BIDI_CONTROLS or character == "\ufeff":
        return False
    # Cc: C0 and C1 controls. Cs: lone surrogates, which can't be encoded or drawn.
    return unicodedata.category(character) not in ("Cc", "Cs")
