"""What a ticket says, as it is edited."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import asdict, fields
from typing import Any, Literal, Self

from pydantic import Field, field_validator

from printers.slip import Layout
from server import setup
from server.editing import refusals
from server.editing.section import Section
from server.editing.things import Names, Thing, Unfit, some_lines
from server.errors import Refused
from server.setup.slip import CHOICE, FOOTER_LENGTH, SlipChoices, checked_logo, choices

PARTS = tuple(part.name for part in fields(Layout))


class Footer(Names):
    """A text of several lines by language, each of which may be missing."""

    ar: some_lines(FOOTER_LENGTH) = ""  # type: ignore[valid-type]
    zgh: some_lines(FOOTER_LENGTH) = ""  # type: ignore[valid-type]
    fr: some_lines(FOOTER_LENGTH) = ""  # type: ignore[valid-type]


class Ticket(Thing):
    """`layout`: the parts that are switched off or on, by their names; `logo`: a PNG or JPEG picture, as base64."""

    id: Literal["ticket"] = "ticket"
    layout: dict[str, bool] = Field(default_factory=dict)
    footer: Footer = Footer()
    logo: str = ""

    @classmethod
    def of(cls, chosen: SlipChoices) -> Self:
        """As it is kept, without judging it anew."""
        kept = chosen.to_json()
        return cls.model_construct(
            None, id="ticket", layout=kept["layout"], footer=Footer.of(kept["footer"]), logo=kept["logo"] or ""
        )

    @field_validator("layout")
    @classmethod
    def _parts(cls, layout: dict[str, bool]) -> dict[str, bool]:
        for part in layout:
            if part not in PARTS:
                raise Unfit(refusals.UnknownKey(key=part), part)
        return asdict(Layout(**layout))

    @field_validator("logo")
    @classmethod
    def _picture(cls, logo: str) -> str:
        try:
            picture = base64.b64decode(logo, validate=True)
        except (binascii.Error, ValueError):
            raise Unfit(refusals.WrongKind(detail="base64")) from None
        if picture:
            _printable(picture)
        return logo

    def told(self) -> dict[str, Any]:
        """The logo by its size and the beginning of its digest."""
        data = self.data()
        if self.logo:
            picture = base64.b64decode(self.logo)
            data["logo"] = f"{len(picture)} B, {hashlib.sha256(picture).hexdigest()[:8]}"
        return data


def _printable(picture: bytes) -> None:
    try:
        checked_logo(picture)
    except Refused as refusal:
        raise Unfit(refusal) from refusal


def _read(conn: Any) -> list[Ticket]:
    return [Ticket.of(choices(conn))]


def _save(conn: Any, one: Ticket, position: int) -> None:
    data = {name: value for name, value in one.data().items() if name != "id"}
    setup.choose(conn, CHOICE, SlipChoices.from_json(data).to_json())


ticket = Section("ticket", Ticket, _read, _save, single=True)
