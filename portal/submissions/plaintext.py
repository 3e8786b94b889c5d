"""Text of strangers made harmless to read: nothing in it can hide, turn around or ring a bell."""

from __future__ import annotations

import unicodedata

KEPT = frozenset("\n\t\u200c\u200d")
"""Line ends, tabs, and the joiners that Arabic and emoji need."""


def harmless(text: str) -> str:
    """Control characters as their pictures (␛), bidi overrides and other invisible signs as ⟦U+202E⟧; all else as it is."""
    return "".join(
        sign if sign in KEPT or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") else _shown(sign)
        for sign in text
    )


def _shown(sign: str) -> str:
    code = ord(sign)
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"⟦U+{code:04X}⟧"
