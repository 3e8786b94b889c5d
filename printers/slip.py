"""What a ticket says, as data: no drawing, no printer, no translation.

All words come in the citizen's language from the caller; this package has no wording of its own.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, cast

Direction = Literal["rtl", "ltr"]


@dataclass(frozen=True)
class Layout:
    """Which parts of a slip are printed: the manager's choice, without code. The number always is."""

    logo: bool = True
    unit: bool = True
    service: bool = True
    subtitle: bool = True
    issued: bool = True
    facts: bool = True
    documents: bool = True
    qr: bool = True
    help_line: bool = True
    footer: bool = True

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Layout:
        """Reads what `asdict` wrote; raises ValueError on an unknown part or a value that is no bool."""
        known = {item.name for item in fields(cls)}
        for name, value in data.items():
            if name not in known or not isinstance(value, bool):
                raise ValueError(f"layout.{name} is not a part of a slip that can be switched on or off")
        return cls(**data)


@dataclass(frozen=True)
class Slip:
    """One ticket. Text may be anything: it is made safe when it is drawn or encoded."""

    language: str
    """Language of the slip (ar, zgh, fr …), given to the shaper."""
    direction: Direction
    """Reading direction of the slip."""
    unit: str
    """Name of the unit."""
    number: str
    """The ticket, `A042`; line feeds in it begin a new line."""
    service: str
    """Name of the service."""
    issued: str
    """Local date and time, written for this language."""
    subtitle: str | None = None
    """The service's name in the second language."""
    facts: tuple[tuple[str, str], ...] = ()
    """(label, value) lines such as people ahead and estimated wait; the value may be empty."""
    documents_title: str = ""
    documents: tuple[str, ...] = ()
    """What the citizen must have at hand for this service."""
    qr: str | None = None
    """Address of the visit's page."""
    qr_text: str | None = None
    """A line under the QR code that says what it is for."""
    help_line: str | None = None
    """The help line's text (3737)."""
    footer: str | None = None
    """The manager's text; line feeds in it begin a new line."""
    duplicate: str | None = None
    """DUPLICATA in the slip's language, on a reprint only."""
    logo: bytes | None = None
    """A picture (PNG) for the head of the slip."""
    layout: Layout = field(default_factory=Layout)

    def to_json(self) -> dict[str, Any]:
        """A dict of JSON types; the logo as base64."""
        data = asdict(self)
        data["logo"] = base64.b64encode(self.logo).decode("ascii") if self.logo else None
        data["facts"] = [list(fact) for fact in self.facts]
        data["documents"] = list(self.documents)
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Slip:
        """Reads what `to_json` made; raises ValueError when it is something else."""
        known = {item.name for item in fields(cls)}
        if unknown := set(data) - known:
            raise ValueError(f"not a slip: it has {', '.join(sorted(unknown))}")
        values = dict(data)
        if values.get("direction") not in ("rtl", "ltr"):
            raise ValueError("not a slip: direction is neither rtl nor ltr")
        logo = values.get("logo")
        values["logo"] = base64.b64decode(logo) if logo else None
        values["facts"] = tuple((str(label), str(value)) for label, value in values.get("facts") or ())
        values["documents"] = tuple(str(item) for item in values.get("documents") or ())
        values["layout"] = Layout.from_json(cast(Mapping[str, Any], values.get("layout") or {}))
        try:
            return cls(**values)
        except TypeError as error:
            raise ValueError(f"not a slip: {error}") from None
