"""What a manager decides about tickets: which parts, a text below, a logo."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from printers.errors import LogoUnusable
from printers.logo import check_logo, clean_logo
from printers.slip import Layout
from server.errors import N_, Refused
from server.setup.choices import choice

CHOICE = "slip"
FOOTER_LENGTH = 300
LARGEST_LOGO = 48 * 1024


class BadLogo(Refused):
    status, slug = 422, "bad-logo"
    message = N_("The logo can't be used: %(reason)s")


@dataclass(frozen=True)
class SlipChoices:
    """What the manager decides about tickets: which parts, a text below, a logo (PNG or JPEG bytes)."""

    layout: Layout = field(default_factory=Layout)
    footer: Mapping[str, str] = field(default_factory=dict)
    logo: bytes | None = None

    def to_json(self) -> dict[str, Any]:
        logo = base64.b64encode(self.logo).decode() if self.logo else None
        return {"layout": asdict(self.layout), "footer": dict(self.footer), "logo": logo}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> SlipChoices:
        logo = base64.b64decode(data["logo"]) if data.get("logo") else None
        return cls(Layout.from_json(data.get("layout", {})), data.get("footer", {}), logo)


def choices(conn: Any) -> SlipChoices:
    """The manager's choices, or the plain ticket."""
    return SlipChoices.from_json(choice(conn, CHOICE, {}))


def checked_logo(data: bytes) -> bytes:
    """A logo that can be printed, encoded anew; raises BadLogo with a sentence."""
    if len(data) > LARGEST_LOGO:
        raise BadLogo(reason=f"{len(data) // 1024} KB > {LARGEST_LOGO // 1024} KB")
    try:
        check_logo(data)
        return clean_logo(data)
    except LogoUnusable as error:
        raise BadLogo(reason=str(error)) from error
