"""The kiosk's page: the touch screen where a citizen takes a ticket, what it tells, and what it says aloud."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, jsonify, redirect, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from kiosk import rating_page, submission_page, tablet_page, visit_page
from kiosk.feedback_api import feedback
from kiosk.offers import mark, offers
from kiosk.said import said
from kiosk.words import WORDS
from server import speech
from server.clock import local_day
from server.feedback.refusals import UnknownReference
from server.feedback.telling import told
from server.unit import Unit
from server.web import identity, pages
from server.web.language import CITIZEN_LANGUAGES, in_language
from server.web.pairing import not_paired

LONGEST_REFERENCE = 300

blueprint = Blueprint("kiosk", __name__, template_folder="templates", static_folder="static")
for _pages in (visit_page, rating_page, submission_page, tablet_page):
    blueprint.register_blueprint(_pages.blueprint)

SECONDS = {
    "services": 60, "ticket": 25, "ticket_noted": 90, "warning": 20, "more": 60, "rate_thanks": 25, "rate_comment": 120,
    "write_text": 180, "write_contact": 120, "write_review": 120, "write_done": 90, "follow_stage": 90,
}  # fmt: skip
"""How long a screen waits for a touch, how long before its end it warns, and what “more time” gives (WCAG 2.2, 2.2.1)."""


@blueprint.get("/kiosk/")
def kiosk() -> Response:
    """The kiosk, for a browser that holds a kiosk's token; `?token=` is remembered and taken out of the address."""
    token = request.args.get("token")
    if token:
        identity.remember_device("kiosk", token)
        return redirect("/kiosk/")
    if identity.asking("kiosk") is None:
        return not_paired("kiosk")
    unit = identity.unit()
    with unit.reading() as conn:
        offered = _told(conn, unit)
    data = {
        "choices": CITIZEN_LANGUAGES,
        "seconds": SECONDS,
        "offers": offered,
        "qr": unit.settings.server.public_url is not None,
        "audio": speech.available(),
    }
    return pages.page("kiosk/kiosk.html", table=WORDS, data=data, spoken=CITIZEN_LANGUAGES)


@blueprint.get("/kiosk/offers.json")
def kiosk_offers() -> Response:
    """What is told of the services now; asked for when a snapshot has another mark, and for each visitor in case of a new day."""
    unit = _for_kiosks()
    with unit.reading() as conn:
        answer = jsonify(_told(conn, unit))
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag()
    return answer.make_conditional(request)


@blueprint.get("/kiosk/say/<lang>/<path:what>")
def kiosk_say(lang: str, what: str) -> Response:
    """A word, a name or a number as sound; only what the kiosk can show can be said."""
    unit = _for_kiosks()
    with unit.reading() as conn:
        text = said(conn, lang, what, _today(unit))
    if text is None or not speech.available():
        raise NotFound
    answer = Response(speech.spoken(text, lang), mimetype="audio/wav")
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


@blueprint.post("/kiosk/say/<lang>")
def kiosk_aloud(lang: str) -> Response:
    """The `text` of what stands on the screen as sound: a refusal, a reference, an answer. It is in no address and not kept."""
    _for_kiosks()
    body = request.get_json(silent=True)
    text = body.get("text") if isinstance(body, dict) else None
    if lang not in CITIZEN_LANGUAGES or not isinstance(text, str) or not text.strip() or not speech.available():
        raise NotFound
    answer = Response(speech.spoken_once(text, lang), mimetype="audio/wav")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/kiosk/stage/<lang>")
def kiosk_stage(lang: str) -> Response:
    """`{told}`: how far the submission of a `reference` is, in words; else `{detail}`. The reference is in no address."""
    unit = _for_kiosks()
    body = request.get_json(silent=True)
    written = body.get("reference") if isinstance(body, dict) else None
    if lang not in CITIZEN_LANGUAGES or not isinstance(written, str):
        raise NotFound
    try:
        found = feedback().stage(written[:LONGEST_REFERENCE])
    except UnknownReference as error:
        answer = jsonify({"detail": in_language(lang, error.message)})
    else:
        answer = jsonify({"told": told(found, lang, unit.settings.unit.timezone)})
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _told(conn: Any, unit: Unit) -> dict[str, Any]:
    """What is offered, whether something written can be taken, and the mark of it: read first, so that it is never the newer."""
    today, writing = _today(unit), feedback().offers_submissions()
    known_by = mark(conn, today, writing=writing)
    return {**offers(conn, today), "writing": writing, "mark": known_by}


def _for_kiosks() -> Unit:
    identity.permitted("use the kiosk")
    return identity.unit()


def _today(unit: Unit) -> date:
    """The local day."""
    return date.fromisoformat(local_day(unit.now().at, unit.settings.unit.zone))
