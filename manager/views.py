"""The manager's pages: the live hall, the tickets of a virtual printer, and what a ticket says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, abort, current_app, jsonify, request
from werkzeug.wrappers import Response as AnyResponse

from manager import (
    day_views,
    device_views,
    display_views,
    doctor_views,
    estimate_views,
    hours_views,
    media_views,
    portal_views,
    rating_views,
    slip_views,
    today_views,
    voice_views,
)
from manager.guard import signed_in
from manager.people_views import blueprint as people_pages
from manager.report_views import blueprint as reports
from manager.sections import add_menu
from manager.setup import file_views as setup_file_views
from manager.setup import views as setup_views
from manager.words import WORDS
from server.printing.telling import WORDS as PRINTERS_SAY
from server.web import pages
from server.web.language import offsets

blueprint = Blueprint("manager", __name__, template_folder="templates", static_folder="static", url_prefix="/manager")
add_menu(blueprint)
PAGES = (
    day_views.blueprint,
    estimate_views.blueprint,
    device_views.blueprint,
    display_views.blueprint,
    doctor_views.blueprint,
    hours_views.blueprint,
    media_views.blueprint,
    people_pages,
    portal_views.blueprint,
    rating_views.blueprint,
    reports,
    setup_file_views.blueprint,
    setup_views.blueprint,
    slip_views.blueprint,
    today_views.blueprint,
    voice_views.blueprint,
)
for _page in PAGES:
    blueprint.register_blueprint(_page)


@blueprint.get("/")
def hall() -> AnyResponse:
    """The hall now."""
    who = signed_in()
    settings = current_app.extensions["istiqbal"].settings
    now = datetime.now(UTC)
    data = {
        "pictured": [printer.name for printer in settings.printers if printer.transport == "virtual"],
        "printer": None,
        "offsets": offsets(settings.unit.timezone, now),
    }
    return pages.page("manager/hall.html", table={**WORDS, **PRINTERS_SAY}, data=data, who=who)


@blueprint.get("/printers/<name>")
def tickets(name: str) -> AnyResponse:
    """The last tickets of a virtual printer, as pictures."""
    who = signed_in()
    _known(name)
    return pages.page("manager/tickets.html", table=WORDS, data={"pictured": [name], "printer": name}, who=who)


@blueprint.get("/printers/<name>/tickets.json")
def ticket_list(name: str) -> Response:
    """`[{id, url}]`, newest first."""
    signed_in()
    _known(name)
    return jsonify([{"id": id, "url": f"/manager/printers/{quote(name)}/tickets/{quote(id)}.png"} for id, _ in _pictures(name)])


@blueprint.get("/printers/<name>/tickets/<id>.png")
def ticket_picture(name: str, id: str) -> Response:
    """One ticket; a browser asks again each time, since another unit at this address has the same ids."""
    signed_in()
    png = dict(_pictures(name)).get(id)
    if png is None:
        abort(404)
    response = Response(png, mimetype="image/png", headers={"Cache-Control": "private, no-cache"})
    response.add_etag()
    response.make_conditional(request)
    return response


def _pictures(name: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = current_app.extensions["istiqbal.printing"].pictures(name)
    return found


def _known(name: str) -> None:
    printers: list[Any] = current_app.extensions["istiqbal"].settings.printers
    if name not in [printer.name for printer in printers]:
        abort(404)
