"""What a printer can do: python-escpos's printer database, read as data, and the installer's choices over it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from printers.errors import PrinterConfigError

Cut = Literal["partial", "full", "none"]
#: Code pages that hold French, best first, by the database's names, with Python's codec for each.
_FRENCH = (("CP1252", "cp1252"), ("CP858", "cp858"), ("CP850", "cp850"), ("ISO_8859-15", "iso8859-15"))
#: Makers whose printers start in a Chinese two-byte mode.
_CHINESE = ("Netum", "PBM", "Rongta", "Sunmi", "ZiJiang", "Zjiang")
#: Models of the database that know GS ( H, after Epson's command reference.
_PROCESS_IDS = ("TM-L90", "TM-P80", "TM-P80-42col", "TM-T20II", "TM-T20II-42col", "TM-T88IV", "TM-T88IV-SA", "TM-T88V")
DEFAULT_WIDTH = 576
#: Width and height in dots of a character of font A.
CELL = (12, 24)


@dataclass(frozen=True)
class CodePage:
    """A table of characters in the printer: its number for ESC t and Python's codec for it."""

    number: int
    codec: str


@dataclass(frozen=True)
class Profile:
    """What is sent to one printer. Widths in dots."""

    width_dots: int = DEFAULT_WIDTH
    native_text: bool = True
    native_qr: bool = True
    cut: Cut = "partial"
    code_page: CodePage | None = CodePage(16, "cp1252")
    columns: int = 48
    """Characters of font A (cells of 12 × 24 dots) in a line."""
    smoothing: bool = False
    """Whether GS b rounds enlarged characters; a printer that does not know it would print its bytes."""
    leave_kanji: bool = False
    """Whether the printer starts in a Chinese mode that eats accents until FS . is sent."""
    feed_unit: int = 1
    """Units of ESC J in a dot: Epson's 180 dpi models count in half dots (1/360 inch)."""
    process_ids: bool = False
    """Whether the printer tells by GS ( H that a ticket has come out; others would print the command's digits."""
    stored_graphics: bool = False
    """Whether fixed parts are kept in the printer's own memory (GS ( L)."""

    def raster(self) -> Profile:
        """The same paper, with everything drawn as dots: what a preview shows exactly."""
        return replace(self, native_text=False, native_qr=False, stored_graphics=False)


@lru_cache(maxsize=1)
def _database() -> dict[str, Any]:
    # Read as a file: importing the package's own reader loads YAML and writes to /tmp.
    spec = find_spec("escpos")
    if spec is None or spec.origin is None:
        raise PrinterConfigError("profile", "The python-escpos package is missing: pip install python-escpos.")
    text = Path(spec.origin).with_name("capabilities.json").read_text(encoding="utf-8")
    return dict(json.loads(text)["profiles"])


def names() -> tuple[str, ...]:
    """The profiles that `profile = "…"` may name."""
    return tuple(sorted(_database()))


def load(name: str, width_dots: int | None = None) -> Profile:
    """The profile of python-escpos's database with that name, for paper of `width_dots` (the profile's, else 576).

    Raises PrinterConfigError for a name that is not there, or paper wider than the print head.
    """
    data = _database().get(name)
    if data is None:
        near = ", ".join(names())
        raise PrinterConfigError("profile", f'profile "{name}" is not known; choose one of {near}.')
    head = data["media"]["width"].get("pixels")
    dots = _width(name, head if isinstance(head, int) else None, width_dots)
    features: Mapping[str, bool] = data["features"]
    columns = int(data["fonts"]["0"]["columns"])
    page = _french_page(data["codePages"])
    vendor = data.get("vendor", "")
    return Profile(
        width_dots=dots,
        native_text=page is not None,
        native_qr=bool(features.get("qrCode")),
        cut="partial" if features.get("paperPartCut") else "full" if features.get("paperFullCut") else "none",
        code_page=page,
        columns=min(dots // CELL[0], max(columns, dots // 14)) if isinstance(head, int) else dots // CELL[0],
        smoothing=vendor == "Epson",
        leave_kanji=vendor in _CHINESE,
        process_ids=name in _PROCESS_IDS,
        feed_unit=2 if vendor == "Epson" and data["media"].get("dpi") == 180 else 1,
    )


def _width(name: str, head: int | None, wanted: int | None) -> int:
    dots = wanted or head or DEFAULT_WIDTH
    if head is not None and dots > head:
        raise PrinterConfigError("width_dots", f'width_dots = {dots} is more than the {head} dots that profile "{name}" prints.')
    return dots


def _french_page(pages: Mapping[str, str]) -> CodePage | None:
    for wanted, codec in _FRENCH:
        numbers = sorted(int(number) for number, page in pages.items() if page == wanted)
        if numbers:
            return CodePage(numbers[0], codec)
    return None
