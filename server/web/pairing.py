"""The page of a screen that is not paired: a code to read out, and the question whether it is paired by now."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from server.access import devices
from server.access.keys import new_key
from server.access.pairing import LENGTH, Pairings, Waiting
from server.access.roles import ROLES_OF_SCREENS
from server.errors import N_
from server.web import identity, pages
from server.web.api import answer
from server.web.language import CITIZEN_LANGUAGES, LANGUAGES, in_language

blueprint = Blueprint("pairing", __name__, url_prefix="/pairing")

SENTENCES = {
    "kiosk": N_("This kiosk is not paired yet"),
    "display": N_("This display is not paired yet"),
    "counter": N_("This counter PC is not paired yet"),
    "tablet": N_("This tablet is not paired yet"),
}
WHAT_TO_DO = N_("The manager of this site types this code on the page “Devices”. This screen then goes on by itself.")
LOST = N_("The connection is lost. This screen goes on by itself when it is back.")
HOME = {"kiosk": "/kiosk/", "display": "/display/", "counter": "/counter/"}
"""Where a device goes on; a tablet does at its counter's own page."""
LONGEST_KEY = 100


def pairings() -> Pairings:
    """The screens of this server that wait to be paired."""
    found: Pairings = current_app.extensions["istiqbal.pairings"]
    return found


def not_paired(role: str, home: str | None = None) -> Response:
    """403 for a browser that holds no valid token of this role: a code in every language of the hall, until it is accepted.

    `home` is where it then goes on, by default the start of its role.
    """
    waiting = _ask(role)
    said = [
        (LANGUAGES[code], *(in_language(code, text) for text in (SENTENCES[role], WHAT_TO_DO, LOST))) for code in CITIZEN_LANGUAGES
    ]
    data = {"role": role, "home": home or HOME[role]}
    return pages.page("not_paired.html", data=data, status=403, said=said, code=waiting.code, half=LENGTH // 2)


@blueprint.get("/<role>")
def page(role: str) -> AnyResponse:
    """For a counter PC, whose own page is the sign-in."""
    if role not in HOME:
        abort(404)
    return redirect(HOME[role]) if identity.asking(role) else not_paired(role)


@blueprint.get("/<role>/state")
def state(role: str) -> Response:
    """`{paired, code, lasts}`: whether this browser is paired, else its code of now and how many seconds that lasts."""
    if role not in ROLES_OF_SCREENS:
        abort(404)
    if identity.asking(role):
        return answer({"paired": True, "code": None, "lasts": 0})
    waiting = _ask(role)
    return answer({"paired": False, "code": waiting.code, "lasts": pairings().left_s(waiting)})


def _ask(role: str) -> Waiting:
    """The code of this browser; its key is in its cookie, a new one when that was a token that is revoked."""
    key = request.cookies.get(identity.DEVICE_COOKIES[role], "")
    with identity.unit().reading() as conn:
        usable = 40 <= len(key) <= LONGEST_KEY and not devices.was_token(conn, key)
    if not usable:
        key = new_key()
    identity.keep_device_key(role, key, identity.DEVICE_COOKIE_S)
    return pairings().ask(key, role, str(request.remote_addr))
