"""The first page: a link to every screen; in the demo also the keys to them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint
from flask_babel import gettext
from werkzeug.wrappers import Response

from server.web import pages
from server.web.styleguide import styleguide


@dataclass(frozen=True, slots=True)
class Demo:
    """The keys of a demo unit, which are no secret."""

    kiosk_token: str
    display_token: str
    tablet_token: str
    clerk: str
    manager: str
    administrator: str
    password: str
    printer: str


def blueprint(demo: Demo | None) -> Blueprint:
    """The landing page at `/`."""
    found = Blueprint("landing", __name__)

    @found.get("/")
    def landing() -> Response:
        return pages.page("landing.html", demo=demo, demo_screens=_screens(demo) if demo else [])

    if demo:
        found.add_url_rule("/styleguide", view_func=styleguide)
    return found


def _screens(demo: Demo) -> list[dict[str, str]]:
    """The screens that somebody signs in to; one press does it."""
    return [
        {
            "login": demo.clerk,
            "path": "/counter/",
            "name": gettext("Counter screen"),
            "what": gettext("The clerk's calling screen."),
        },
        {
            "login": demo.manager,
            "path": "/manager/",
            "name": gettext("Manager"),
            "what": gettext("The hall as it stands, and the wait-time report."),
        },
        {
            "login": demo.administrator,
            "path": "/manager/people",
            "name": gettext("People"),
            "what": gettext("Who signs in here, and as what."),
        },
        {
            "login": demo.administrator,
            "path": "/manager/devices",
            "name": gettext("Devices"),
            "what": gettext("The screens of the hall: pairing, and taking their access away."),
        },
        {
            "login": demo.manager,
            "path": f"/manager/printers/{demo.printer}",
            "name": gettext("Printed tickets"),
            "what": gettext("What the virtual printer has printed, as pictures."),
        },
    ]
