"""What a phone shows for a visit that is not known here: what to do now, in each of the citizens' languages."""

from __future__ import annotations

from flask import make_response, render_template
from werkzeug.wrappers import Response

from server import setup
from server.errors import N_, UnknownVisit
from server.web import identity
from server.web.language import CITIZEN_LANGUAGES, LANGUAGES, reader_language, words

WORDS = {
    "title": N_("This ticket is not known here"),
    "text": N_("A ticket is valid on the day it was taken. Please take a new one at the kiosk, or ask at the reception."),
    "help": N_("Help by telephone"),
}


def unknown_visit_page(refusal: UnknownVisit) -> Response:
    """Which language the ticket had is not known either: all are told, the phone's own first."""
    own = reader_language().code
    codes = sorted(CITIZEN_LANGUAGES, key=lambda code: code != own)
    first = LANGUAGES[codes[0]]
    response = make_response(
        render_template(
            "kiosk/unknown_visit.html",
            spoken=first,
            unit=setup.name_in(identity.unit().settings.unit.name, first.code),
            told=[(LANGUAGES[code], words(code, WORDS)) for code in codes],
        ),
        refusal.status,
    )
    response.headers["Cache-Control"] = "no-store"
    response.vary.update(("Accept-Language", "Cookie"))
    return response
