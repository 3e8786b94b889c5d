"""Complaints, observations and suggestions on the phone: a form, and the page of the stage. Small, without script or cookie."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from kiosk import qr
from kiosk.feedback_api import LARGEST_SUBMISSION, caller, feedback, place
from kiosk.phone_refusals import refuse_as_for_phones
from server import setup
from server.errors import Refused
from server.feedback.refusals import UnknownReference
from server.feedback.sealing import Contact
from server.feedback.service import Wish
from server.feedback.submissions import TYPES, tidy_reference
from server.feedback.telling import told
from server.feedback.words import WRITING_WORDS
from server.printing.slips import grouped
from server.visits import look_at_visit
from server.web import identity
from server.web.api import allow_body
from server.web.language import CITIZEN_LANGUAGES, LANGUAGES, in_language, normalise, reader_language, words

blueprint = Blueprint("submission", __name__, template_folder="templates", url_prefix="/s")
refuse_as_for_phones(blueprint)

FORM_BYTES = 3 * LARGEST_SUBMISSION
"""A form writes each byte of Arabic as three letters."""
LONGEST_KEY = 64
CHOOSE = WRITING_WORDS["write_what"]


@blueprint.before_request
def _large() -> None:
    allow_body(FORM_BYTES)


@blueprint.get("/new")
def form() -> Response:
    """What to leave and about which service; `?visit=` knows both language and service."""
    return _form(request.args)


@blueprint.post("/new")
def send() -> Response:
    """Seal and keep it, then show the reference; a fault is said above the form, with all that was typed still in it."""
    typed = request.form
    lang = _language(typed)
    wish = Wish(
        typed.get("type", ""),
        typed.get("text", "").replace("\r\n", "\n"),
        lang,
        Contact(typed.get("phone"), typed.get("email")),
        typed.get("service") or None,
    )
    if wish.type not in TYPES:
        return _form(typed, fault=in_language(lang, CHOOSE), status=422)
    try:
        kept = feedback().submit(wish, caller(), place(), typed.get("once", "")[:LONGEST_KEY] or None)
    except Refused as error:
        return _form(typed, fault=in_language(lang, error.message, **error.params), status=error.status)
    return redirect(f"/s/{kept['reference']}?new=1&lang={lang}", 303)


@blueprint.get("/")
def ask() -> Response:
    """Where a reference is typed; leads to its page."""
    if typed := request.args.get("reference"):
        return redirect(f"/s/{tidy_reference(typed)[:64]}?lang={reader_language().code}")
    return _page("kiosk/submission_ask.html", reader_language().code)


@blueprint.get("/<reference>")
def stage(reference: str) -> Response:
    """How far it is, in the language of who wrote it; raises UnknownReference."""
    lang = normalise(request.args.get("lang"))
    try:
        found = feedback().stage(reference)
    except UnknownReference as error:
        lang = lang or reader_language().code
        return _page("kiosk/submission_ask.html", lang, 404, fault=in_language(lang, error.message), typed=grouped(reference[:32]))
    lang = lang or found["language"]
    zone = identity.unit().settings.unit.timezone
    new = request.args.get("new") == "1"
    return _page("kiosk/submission_stage.html", lang, told=told(found, lang, zone), new=new)


@blueprint.get("/<reference>/qr.svg")
def code(reference: str) -> Response:
    """The QR code that leads a phone to the stage; 404 where phones can't reach this server. Raises UnknownReference."""
    address = identity.unit().settings.server.public_url
    known = feedback().known(reference)
    if address is None:
        raise NotFound
    return qr.code(f"{address}/s/{known}")


def _form(typed: Any, *, fault: str | None = None, status: int = 200) -> Response:
    unit = identity.unit()
    lang = _language(typed)
    with unit.reading() as conn:
        visit = typed.get("visit", "")
        about = typed.get("service") or (look_at_visit(conn, visit)["service"] if visit else "")
        services = [(one.id, setup.name_in(one.name, lang)) for one in setup.services(conn)]
    return _page(
        "kiosk/submission_form.html",
        lang,
        status,
        typed=typed,
        about=about,
        visit=visit,
        services=services,
        types=TYPES,
        offered=feedback().offers_submissions(),
        once=typed.get("once", "")[:LONGEST_KEY] or secrets.token_hex(16),
        fault=fault,
    )


def _language(typed: Any) -> str:
    if visit := typed.get("visit"):
        with identity.unit().reading() as conn:
            return look_at_visit(conn, visit)["language"]
    return normalise(typed.get("lang")) or reader_language().code


def _page(template: str, lang: str, status: int = 200, **more: Any) -> Response:
    unit = identity.unit()
    others = [LANGUAGES[code] for code in CITIZEN_LANGUAGES if code != lang]
    name = setup.name_in(unit.settings.unit.name, lang)
    made = render_template(template, spoken=LANGUAGES[lang], words=words(lang, WRITING_WORDS), unit=name, others=others, **more)
    response = make_response(made, status)
    response.headers["Cache-Control"] = "no-store"
    return response
