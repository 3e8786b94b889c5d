"""The manager's page of what a ticket says, with a picture of the ticket that follows the form."""

from __future__ import annotations

import io
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, jsonify, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from manager.guard import signed_in
from manager.setup import changing
from manager.setup.form import Form
from manager.slip_form import PARTS, Answers, ChooseAgain, Fault, read, too_large
from manager.words import SLIP_WORDS
from printers.drawing import preview
from server import setup
from server.clock import wall_ms
from server.editing.ticket import Ticket
from server.errors import UnknownService
from server.printing.slips import example, slip_of
from server.setup import Service
from server.setup.slip import FOOTER_LENGTH, LARGEST_LOGO, SlipChoices, choices
from server.web import identity, pages
from server.web.language import CITIZEN_LANGUAGES, reader_language

blueprint = Blueprint("slip", __name__, url_prefix="/tickets")

WIDTHS = (576, 384)
"""Dots across paper of 80 and of 58 mm."""

Values = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Example:
    """The ticket that is pictured."""

    language: str
    width: int
    service: Service

    def as_query(self) -> dict[str, str | int]:
        return {"language": self.language, "width": self.width, "service": self.service.id}


@blueprint.get("")
def edit() -> AnyResponse:
    """The choices as they are kept."""
    kept = _kept()
    return _page(Answers(kept), request.args, Ticket.of(kept).revision(), saved="saved" in request.args)


@blueprint.post("")
def save() -> AnyResponse:
    """Keep the form's choices, or show the form again with what is wrong, or with what somebody else changed."""
    form, answers = _sent()
    read_at = form.get("revision", "")
    if answers.faults:
        return _page(answers, form, read_at, status=answers.faults[0].refusal.status)
    shown = _example(form)
    if first := changing.keep_only(Ticket.of(answers.chosen), read_at):
        lost = (Fault("logo", ChooseAgain()),) if request.files.get("logo") else ()
        return _page(Answers(answers.chosen, lost), form, first.revision, first=first, status=first.status)
    return redirect(f"/manager/tickets?{urlencode({**shown.as_query(), 'saved': 1})}", 303)


@blueprint.get("/preview.png")
def kept_picture() -> Response:
    """A ticket by the choices that are kept."""
    signed_in()
    return _picture(_kept(), _example(request.args))


@blueprint.post("/preview")
def picture() -> Response:
    """A ticket by a form that is not saved yet; what is wrong with it instead, if anything is."""
    signed_in()
    form, answers = _sent()
    if answers.faults:
        response = jsonify(faults=[fault.told(reader_language().code) for fault in answers.faults])
        response.status_code = answers.faults[0].refusal.status
        return response
    return _picture(answers.chosen, _example(form))


def _page(
    answers: Answers, values: Values, revision: str, *, first: Form | None = None, saved: bool = False, status: int = 200
) -> AnyResponse:
    language = reader_language().code
    settings = identity.unit().settings
    return pages.page(
        "manager/slip.html",
        table=SLIP_WORDS,
        data={"largest_logo": LARGEST_LOGO},
        status=status,
        who=signed_in(),
        parts=PARTS,
        chosen=answers.chosen,
        has_logo=_kept().logo is not None,
        no_logo="no-logo" in values,
        revision=revision or Ticket.of(_kept()).revision(),  # none came with a form that was too large to be read
        first=first,
        faults={fault.field: fault.told(language) for fault in answers.faults},
        saved=saved,
        shown=_example(values),
        services=[(service.id, setup.name_in(service.name, language)) for service in _services()],
        citizens=CITIZEN_LANGUAGES,
        footer_length=FOOTER_LENGTH,
        has_address=settings.server.public_url is not None,
    )


def _sent() -> tuple[Values, Answers]:
    """The form that was sent and what it says; one that is larger than the server reads is taken for empty."""
    kept = _kept()
    try:
        return request.form, read(request.form, request.files.get("logo"), kept)
    except RequestEntityTooLarge:
        return MultiDict(), too_large(kept)


def _kept() -> SlipChoices:
    with identity.unit().reading() as conn:
        return choices(conn)


def _services() -> list[Service]:
    with identity.unit().reading() as conn:
        return setup.services(conn)


def _example(values: Values) -> Example:
    """Which ticket is asked for; what is not said is the reader's language, the first printer's paper, the first service."""
    reader = reader_language().code
    language = values.get("language", reader if reader in CITIZEN_LANGUAGES else CITIZEN_LANGUAGES[0])
    width = values.get("width", str(_usual_width()))
    wanted = values.get("service")
    service = next((one for one in _services() if wanted in (None, one.id)), None)
    if service is None:
        raise UnknownService(service=wanted or "")
    if language not in CITIZEN_LANGUAGES or width not in map(str, WIDTHS):
        abort(404)
    return Example(language, int(width), service)


def _usual_width() -> int:
    printers = identity.unit().settings.printers
    return WIDTHS[1] if printers and printers[0].width_dots == WIDTHS[1] else WIDTHS[0]


def _picture(chosen: SlipChoices, shown: Example) -> Response:
    payload = example(shown.service, shown.language, wall_ms())
    out = io.BytesIO()
    preview(slip_of(payload, shown.service, identity.unit().settings, chosen), shown.width).save(out, format="PNG")
    return Response(out.getvalue(), mimetype="image/png", headers={"Cache-Control": "no-store"})
