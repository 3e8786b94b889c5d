"""Pictures that a printer keeps in its own memory (NV graphics, GS ( L): written once, then printed by a name.

The memory stands few writes (Epson: about ten a day), so a picture is written only when its content changes. Its
name is made from its content; a one-dot picture under a second such name proves that the first is not a
namesake with other content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image

from printers.compose import compose
from printers.pieces import Dots
from printers.profiles import Profile
from printers.slip import Slip

#: GS ( L function 64: which names are taken; answered in blocks, each of which wants an ACK.
ASK_NAMES = b"\x1d(L\x04\x000@KC"
ACKNOWLEDGE = b"\x06"
NAMES_HEADER = b"\x37\x72"
MORE = 0x41

_LETTERS = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_DOT = Image.new("1", (8, 1), 255)


@dataclass(frozen=True)
class Plan:
    """What to send so that all pictures are kept, and the name of each."""

    commands: bytes
    names: dict[str, bytes]
    written: int
    """Pictures that are written: none when nothing changed."""


def fixed_pictures(slips: Iterable[Slip], profile: Profile) -> dict[str, Dots]:
    """The parts of these slips that are the same on every ticket, by the digest of their content."""
    found: dict[str, Dots] = {}
    for slip in slips:
        for piece in compose(slip, profile):
            if isinstance(piece, Dots) and piece.fixed:
                found.setdefault(digest(piece), piece)
    return found


@lru_cache(maxsize=512)
def digest(piece: Dots) -> str:
    """The identity of a picture's content."""
    head = f"{piece.image.width}x{piece.image.height}:".encode("ascii")
    return hashlib.sha256(head + piece.image.tobytes()).hexdigest()


def plan(wanted: Mapping[str, Dots], present: frozenset[bytes]) -> Plan:
    """Deletes what is no longer wanted and writes what is missing; names already taken by others are passed over."""
    names: dict[str, bytes] = {}
    proofs: dict[str, bytes] = {}
    taken: set[bytes] = set()
    for content in sorted(wanted):
        names[content] = _free(int(content[:16], 16), taken)
        proofs[content] = _free(int(content[16:32], 16), taken)
    commands = b"".join(_delete(name) for name in sorted(present - taken))
    written = 0
    for content, piece in sorted(wanted.items()):
        name, proof = names[content], proofs[content]
        if name in present and proof in present:
            continue
        # The proof goes first and comes last: a write cut in between leaves no proof of a picture that is not there.
        commands += _delete(proof) + _define(name, piece.image) + _define(proof, _DOT)
        written += 1
    return Plan(commands, names, written)


def print_stored(name: bytes) -> bytes:
    """GS ( L function 69: prints a kept picture at its own size."""
    return b"\x1d(L\x06\x000E" + name + b"\x01\x01"


def _free(number: int, taken: set[bytes]) -> bytes:
    """A name of two letters that no other picture of this set has."""
    count = len(_LETTERS)
    while True:
        name = bytes((_LETTERS[number // count % count], _LETTERS[number % count]))
        if name not in taken:
            taken.add(name)
            return name
        number += 1


def _delete(name: bytes) -> bytes:
    """GS ( L function 66."""
    return b"\x1d(L\x04\x000B" + name


def _define(name: bytes, image: Image.Image) -> bytes:
    """GS ( L function 67, or GS 8 L for pictures above 64 kB."""
    width, height = image.size
    body = b"0C0" + name + b"\x01" + width.to_bytes(2, "little") + height.to_bytes(2, "little") + b"1" + image.tobytes()
    if len(body) <= 0xFFFF:
        return b"\x1d(L" + len(body).to_bytes(2, "little") + body
    return b"\x1d8L" + len(body).to_bytes(4, "little") + body
