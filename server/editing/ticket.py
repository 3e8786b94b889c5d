"""What a ticket says, as it is edited."""

from __future__ import annotations

import base64
import binascii
import hashlib
import unicodedata
from dataclasses import asdict, fields
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, field_validator

from printers.slip import Layout
from server import setup
from server.editing import refusals
from server.editing.section import Section
from server.editing.things import Names, Thing, Unfit
from server.errors import Refused
from server.setup.slip import CHOICE, FOOTER_LENGTH, SlipChoices, checked_logo, choices

PARTS = tuple(part.name for part in fields(Layout))


def _lines(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if any(unicodedata.category(sign) == "Cc" for sign in text if sign != "\n"):
        raise Unfit(refusals.NotPlain())
    return text


FooterText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=FOOTER_LENGTH), AfterValidator(_lines)]


class Footer(Names):
    """A text of several lines by language, each of which may be missing."""

    ar: FooterText = ""
    zgh: FooterText = ""
    fr: FooterText = ""


class Ticket(Thing):
    """`layout`: the parts that are switched off or on, by their names; `logo`: a PNG or JPEG picture, as base64."""

    id: Literal["ticket"] = "ticket"
    layout: dict[str, bool] = Field(default_factory=dict)
    footer: Footer = Footer()
    logo: str = ""

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
    kept = choices(conn).to_json()
    return [Ticket.model_construct(id="ticket", layout=kept["layout"], footer=Footer.of(kept["footer"]), logo=kept["logo"] or "")]


def _save(conn: Any, one: Ticket, position: int) -> None:
    data = {name: value for name, value in one.data().items() if name != "id"}
    setup.choose(conn, CHOICE, SlipChoices.from_json(data).to_json())


ticket = Section("ticket", Ticket, _read, _save, single=True)
