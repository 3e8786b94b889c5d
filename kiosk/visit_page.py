"""The visit's page on the visitor's phone, reached by the QR code of the ticket: whoever holds the id may look."""

from __future__ import annotations

from typing import Any

from flask import make_response, render_template
from werkzeug.wrappers import Response

from server import setup
from server.errors import N_
from server.visits import VisitLook, look_at_visit
from server.web import identity
from server.web.language import LANGUAGES, in_language

REFRESH_S = 10
SENTENCES = {
    "waiting": N_("People before you: %(ahead)s"),
    "called": N_("It is your turn: counter %(counter)s"),
    "serving": N_("You are at counter %(counter)s"),
    "served": N_("Your visit is finished. Thank you."),
    "no_show": N_("You were called and did not come. Please speak to a clerk."),
    "parked": N_("Your visit is put aside. Please come back to the counter with what was missing."),
    "transferred": N_("You were sent on to another service."),
    "cancelled": N_("Your ticket was cancelled."),
    "expired": N_("The hall has closed. Please take a new ticket another day."),
}
MAY_CHANGE = ("waiting", "called", "serving", "no_show", "parked")


def visit_page(visit: str) -> Response:
    """Without script or cookie, in the visit's own language; raises UnknownVisit."""
    unit = identity.unit()
    with unit.reading() as conn:
        look = look_at_visit(conn, visit)
        service = setup.service(conn, look["service"])
    spoken = LANGUAGES[look["language"]]
    response = make_response(
        render_template(
            "kiosk/visit.html",
            spoken=spoken,
            unit=setup.name_in(unit.settings.unit.name, spoken.code),
            ticket=look["ticket"] or "",
            service=setup.name_in(service.name, spoken.code),
            state=look["state"],
            sentence=_sentence(look, spoken.code),
            help=in_language(spoken.code, N_("Help and complaints: 3737")),
            again=REFRESH_S if look["state"] in MAY_CHANGE else None,
        )
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _sentence(look: VisitLook, language: str) -> str:
    places: dict[str, Any] = {"ahead": look["people_ahead"], "counter": look["counter"]}
    sentence = SENTENCES[look["state"]]
    return in_language(language, sentence) % places
