"""The kiosk's page: the touch screen where a citizen takes a ticket."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from kiosk.visit_page import visit_page
from kiosk.words import WORDS
from server.web import identity, pages
from server.web.language import CITIZEN_LANGUAGES

blueprint = Blueprint("kiosk", __name__, template_folder="templates", static_folder="static")

SERVICES_SECONDS = 30
TICKET_SECONDS = 15


@blueprint.get("/kiosk/")
def kiosk() -> Response:
    """The kiosk, for a browser that holds a kiosk's token; `?token=` is remembered and taken out of the address."""
    token = request.args.get("token")
    if token:
        identity.remember_device("kiosk", token)
        return redirect("/kiosk/")
    if identity.asking("kiosk") is None:
        return pages.not_paired()
    data = {"choices": CITIZEN_LANGUAGES, "seconds": {"services": SERVICES_SECONDS, "ticket": TICKET_SECONDS}}
    return pages.page("kiosk/kiosk.html", table=WORDS, data=data, spoken=CITIZEN_LANGUAGES)


@blueprint.get("/t/<visit>")
def visit(visit: str) -> Response:
    """The visit on the visitor's phone."""
    return visit_page(visit)
