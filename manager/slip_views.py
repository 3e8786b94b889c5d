"""The manager's page of what a ticket says, with a picture of the ticket that follows the form."""

from __future__ import annotations

import io
from dataclasses import dataclass

from flask import Blueprint, Response, abort, jsonify, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from manager.guard import signed_in, to_sign_in
from manager.slip_form import PARTS, Answers, read, too_large
from manager.words import SLIP_WORDS
from printers.drawing import preview
from server import setup
from server.clock import wall_ms
from server.errors import UnknownService
from server.printing.slips import FOOTER_LENGTH, LARGEST_LOGO, SlipChoices, choices, example, save_choices, slip_of
from server.setup import Service
from server.web import identity, pages
from server.web.language import CITIZEN_LANGUAGES, reader_language

blueprint = Blueprint("slip", __name__, url_prefix="/tickets")

WIDTHS = (576, 384)


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
    if identity.asking("manager") is None:
        return to_sign_in()
    return _page(Answers(_kept()), saved="saved" in request.args)


@blueprint.post("")
def save() -> AnyResponse:
    """Keep the form's choices, or show the form again with what is wrong."""
    who = signed_in()
    answers = _answers()
    if answers.faults:
        return _page(answers, status=answers.faults[0].refusal.status)
    shown = _example(request.form, _services())
    unit = identity.unit()
    unit.writer.run(lambda conn: save_choices(conn, unit.journal, who.caller().id, answers.chosen))
    return redirect(url_for("manager.slip.edit", saved=1, **shown.as_query()), 303)


@blueprint.get("/preview.png")
def kept_picture() -> Response:
    """A ticket by the choices that are kept."""
    signed_in()
    return _picture(_kept(), _example(request.args, _services()))


@blueprint.post("/preview")
def picture() -> Response:
    """A ticket by a form that is not saved yet; what is wrong with it instead, if anything is."""
    signed_in()
    answers = _answers()
    if answers.faults:
        told = [fault.told(reader_language().code) for fault in answers.faults]
        response = jsonify(faults=told)
        response.status_code = answers.faults[0].refusal.status
        return response
    return _picture(answers.chosen, _example(request.form, _services()))


def _page(answers: Answers, saved: bool = False, status: int = 200) -> AnyResponse:
    services = _services()
    told = {fault["field"]: fault for fault in (one.told(reader_language().code) for one in answers.faults)}
    return pages.page(
        "manager/slip.html",
        table=SLIP_WORDS,
        data={"largest_logo": LARGEST_LOGO},
        status=status,
        who=signed_in(),
        parts=PARTS,
        chosen=answers.chosen,
        faults=told,
        saved=saved,
        shown=_example(MultiDict() if status == 413 else request.values, services),
        services=[(service.id, setup.name_in(service.name, reader_language().code)) for service in services],
        widths=WIDTHS,
        footer_length=FOOTER_LENGTH,
        has_address=identity.unit().settings.server.public_url is not None,
    )


def _answers() -> Answers:
    kept = _kept()
    try:
        return read(request.form, request.files.get("logo"), kept)
    except RequestEntityTooLarge:
        return too_large(kept)


def _kept() -> SlipChoices:
    with identity.unit().reading() as conn:
        return choices(conn)


def _services() -> list[Service]:
    with identity.unit().reading() as conn:
        return setup.services(conn)


def _example(values: MultiDict[str, str], services: list[Service]) -> Example:
    """Which ticket is asked for; what is not said is the reader's language, the first printer's paper, the first service."""
    reader = reader_language().code
    language = values.get("language", reader if reader in CITIZEN_LANGUAGES else CITIZEN_LANGUAGES[0])
    width = values.get("width", str(_usual_width()))
    wanted = values.get("service")
    service = next((one for one in services if wanted in (None, one.id)), None)
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
