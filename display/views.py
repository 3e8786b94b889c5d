"""The hall display's page: the call of the moment, the last calls, and how many wait."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, current_app, redirect, request
from werkzeug.wrappers import Response

from display.clips import clip
from display.media import medium
from display.words import WORDS
from server.web import identity, pages
from server.web.language import CITIZEN_LANGUAGES, calendar, offsets
from server.web.pairing import not_paired

blueprint = Blueprint("display", __name__, template_folder="templates", static_folder="static", url_prefix="/display")
blueprint.add_url_rule("/clips/<path:name>", view_func=clip)
blueprint.add_url_rule("/media/<name>", view_func=medium)


@blueprint.get("/")
def display() -> Response:
    """The display, for a browser that holds a display's token; `?token=` is remembered and taken out of the address."""
    token = request.args.get("token")
    if token:
        identity.remember_device("display", token)
        return redirect("/display/")
    screen = identity.asking("display")
    if screen is None:
        return not_paired("display")
    zone = current_app.extensions["istiqbal"].settings.unit.timezone
    data = {
        "screen": screen.name,
        "hall": CITIZEN_LANGUAGES,
        "offsets": offsets(zone, datetime.now(UTC)),
        "calendars": {code: calendar(code) for code in CITIZEN_LANGUAGES},
    }
    return pages.page("display/display.html", table=WORDS, data=data, spoken=CITIZEN_LANGUAGES)
