"""Text as bytes of a printer's own character table, or not at all."""

from __future__ import annotations

from printers.profiles import CodePage
from printers.text import clean

#: Signs that no table has, written with the nearest that all have.
_NEAREST = str.maketrans(
    {
        "\u202f": "\u00a0",
        "\u2009": "\u00a0",
        "\u2019": "'",
        "\u2018": "'",
        "\u2010": "-",
        "\u2011": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2026": "...",
        "\u200e": "",
        "\u200f": "",
        "\u00ad": "",
    }
)


def plain(text: str) -> str:
    """The text as printers write it: plain quotes and dashes, and one kind of space that does not break."""
    return clean(text).translate(_NEAREST)


def encode(text: str, page: CodePage | None) -> bytes | None:
    """The bytes that print `plain(text)`, or None when the table lacks one of its characters.

    Never returns a byte below 0x20 or 0x7F: `plain` has dropped the controls, and no table puts one there.
    """
    if page is None:
        return None
    try:
        encoded = plain(text).replace("\u00a0", " ").encode(page.codec)
    except UnicodeEncodeError:
        return None
    return encoded if all(byte >= 0x20 and byte != 0x7F for byte in encoded) else None
