"""The form of what a ticket says: what a manager sent, and what of it can't be kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from printers.errors import PrinterError
from printers.slip import Layout
from printers.told import Sentence
from server.editing.refusals import NotPlain
from server.editing.things import plain_lines
from server.errors import N_, Refused
from server.printing.telling import in_words
from server.setup.slip import FOOTER_LENGTH, LARGEST_LOGO, BadLogo, SlipChoices, checked_logo
from server.web.language import CITIZEN_LANGUAGES, in_language

PARTS: Mapping[str, str] = {
    "logo": N_("Logo"),
    "unit": N_("Name of this place"),
    "service": N_("Service"),
    "subtitle": N_("Service in a second language"),
    "issued": N_("Date and time"),
    "facts": N_("People before the visitor"),
    "documents": N_("Documents to bring"),
    "qr": N_("QR code to follow the turn on a phone"),
    "help_line": N_("Help line 3737"),
    "footer": N_("Text at the end"),
}
"""The parts of a ticket that can be switched, in their order on paper (but for the number, which always is)."""

_KINDS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
"""How a PNG and a JPEG file begin."""


class LogoTooLarge(Refused):
    status, slug = 413, "logo-too-large"
    message = N_("This file is too large for a logo; choose one of at most %(limit)s KB.")


class LogoOfOtherKind(Refused):
    status, slug = 422, "logo-kind"
    message = N_("This file is not a PNG or JPEG picture; choose another one.")


class LogoUnprintable(Refused):
    status, slug = 422, "logo-unprintable"
    message = N_("This picture can't be printed: it may be damaged, too pale or much too large. Choose a dark, simple one.")


class ChooseAgain(Refused):
    status, slug = 409, "choose-again"
    message = N_("Choose the picture again, then save.")


class FooterTooLong(Refused):
    status, slug = 422, "footer-too-long"
    message = N_("The text has %(length)s characters; %(limit)s are possible.")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one field can't be kept; `detail` is what the picture's reader said."""

    field: str
    refusal: Refused
    detail: Sentence = ""

    def told(self, language: str) -> dict[str, Any]:
        """As the page shows it beside the field."""
        sentence = in_language(language, self.refusal.message, **self.refusal.params)
        return {"field": self.field, "sentence": sentence, "detail": in_words(language, self.detail)}


@dataclass(frozen=True, slots=True)
class Answers:
    """What the form says; a logo with a fault is left as it was."""

    chosen: SlipChoices
    faults: tuple[Fault, ...] = ()


def too_large(kept: SlipChoices) -> Answers:
    """For a form that is larger than the server reads: only a logo can be the reason."""
    return Answers(kept, (_too_large(),))


def read(form: MultiDict[str, str], logo: FileStorage | None, kept: SlipChoices) -> Answers:
    """The choices of a filled-in form; a new logo replaces the one that was kept. Line breaks alone break a line."""
    on = set(form.getlist("parts"))
    footer = {code: _text(form.get(f"footer-{code}", "")) for code in CITIZEN_LANGUAGES}
    faults = [
        Fault(f"footer-{code}", FooterTooLong(length=len(text), limit=FOOTER_LENGTH))
        for code, text in footer.items()
        if len(text) > FOOTER_LENGTH
    ]
    faults += [Fault(f"footer-{code}", NotPlain()) for code, text in footer.items() if not plain_lines(text)]
    picture = None if "no-logo" in form else kept.logo
    if logo is not None and logo.filename:
        picture, fault = _logo(logo.read(), kept.logo)
        faults += [fault] if fault else []
    layout = Layout(**{part.name: part.name in on for part in fields(Layout)})
    texts = {code: text for code, text in footer.items() if text}
    return Answers(SlipChoices(layout, texts, picture), tuple(faults))


def _text(written: str) -> str:
    """One kind of line end, as the length is counted; no empty lines around."""
    return written.replace("\r\n", "\n").replace("\r", "\n").strip()


def _logo(data: bytes, kept: bytes | None) -> tuple[bytes | None, Fault | None]:
    if len(data) > LARGEST_LOGO:
        return kept, _too_large()
    if not data.startswith(_KINDS):
        return kept, Fault("logo", LogoOfOtherKind())
    try:
        return checked_logo(data), None
    except BadLogo as refusal:
        cause = refusal.__cause__
        return kept, Fault("logo", LogoUnprintable(), cause.told if isinstance(cause, PrinterError) else "")


def _too_large() -> Fault:
    return Fault("logo", LogoTooLarge(limit=LARGEST_LOGO // 1024))
