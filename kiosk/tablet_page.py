"""The rating tablet at a counter: it rests, and asks the visitor whom the clerk has let go how the visit was."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from kiosk.asking import ASK_S
from kiosk.words import WORDS
from server.errors import UnknownCounter
from server.web import identity, pages
from server.web.language import CITIZEN_LANGUAGES
from server.web.pairing import not_paired

blueprint = Blueprint("tablet", __name__, template_folder="templates")

SECONDS = {
    "rate_face": 45, "rate_reason": 30, "rate_comment": 120, "rate_thanks": 20, "services": 60, "warning": 10, "more": 60,
    "write_text": 180, "write_contact": 120, "write_review": 120, "write_done": 90,
}  # fmt: skip
"""As the kiosk's: how long a screen waits for a touch, how long before its end it warns, what “more time” gives."""


@blueprint.get("/counter/<int:number>/rating")
def tablet(number: int) -> Response:
    """For a browser that holds a tablet's token; `?token=` is remembered and taken out of the address. Raises UnknownCounter."""
    token = request.args.get("token")
    if token:
        identity.remember_device("tablet", token)
        return redirect(request.path)
    if identity.asking("tablet") is None:
        return not_paired("tablet", request.path)
    unit = identity.unit()
    with unit.reading() as conn:
        known = {found for (found,) in conn.execute("SELECT number FROM counters WHERE removed_at IS NULL")}
    if number not in known:
        raise UnknownCounter(counter=number)
    data = {
        "counter": number,
        "choices": CITIZEN_LANGUAGES,
        "seconds": SECONDS,
        "ask_s": ASK_S,
        "modes": ["strong"],
        "qr": unit.settings.server.public_url is not None,
    }
    return pages.page("kiosk/tablet.html", table=WORDS, data=data, spoken=CITIZEN_LANGUAGES, number=number)
