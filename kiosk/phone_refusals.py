"""What a phone shows when it is refused: what to do now, in the ticket's language, or in each of the citizens' languages."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, make_response, render_template, request

from server import setup
from server.errors import N_, NoMoreTime, Refused, UnknownVisit
from server.visits import look_at_visit
from server.web import identity, pages
from server.web.language import CITIZEN_LANGUAGES, LANGUAGES, reader_language, words

HELP = N_("Help by telephone")
UNKNOWN = {
    "title": N_("This ticket is not known here"),
    "text": N_("A ticket is valid on the day it was taken. Please take a new one at the kiosk, or ask at the reception."),
    "help": HELP,
}
TOO_LATE = {
    "title": N_("Your ticket has changed in the meantime"),
    "text": N_("Nothing was done. Look how your ticket stands now, or ask at the reception."),
    "again": N_("See my ticket"),
    "help": HELP,
}
ONCE = {**TOO_LATE, "title": N_("Not possible now"), "text": NoMoreTime.message}
TOO_MANY = {
    "title": N_("One moment, please…"),
    "text": N_("Many phones ask at the same time. Please wait a minute, then try again. Your ticket stays valid."),
    "again": N_("Try again"),
    "help": HELP,
}
BUSY = {**TOO_MANY, "text": N_("Nothing was changed, and your ticket stays valid. Please try again, or ask at the reception.")}
IN_ALL_LANGUAGES: Mapping[int, Mapping[str, str]] = {429: TOO_MANY, 503: BUSY}
"""Nothing is read for these, so that a hall in trouble is not asked more, and a guess learns nothing of a ticket."""


def refuse_as_for_phones(blueprint: Blueprint) -> None:
    """The pages of this blueprint are a phone's: their refusals are too."""
    blueprint.register_error_handler(Refused, _page)


def _page(refusal: Refused) -> Response:
    if isinstance(refusal, UnknownVisit):
        return _told(refusal, UNKNOWN, _own_first())
    visit = (request.view_args or {}).get("visit")
    if refusal.status == 409 and visit:
        with identity.unit().reading() as conn:
            code = look_at_visit(conn, visit)["language"]
        return _told(refusal, ONCE if isinstance(refusal, NoMoreTime) else TOO_LATE, [code], f"/t/{visit}")
    if told := IN_ALL_LANGUAGES.get(refusal.status):
        response = _told(refusal, told, _own_first(), f"/t/{visit}" if visit else request.path)
        response.headers["Retry-After"] = str(refusal.params.get("seconds", 1))
        return response
    return pages.refusal_page(refusal)


def _own_first() -> list[str]:
    """Which language the ticket had is not known, or not asked: all are told, the phone's own first."""
    own = reader_language().code
    return sorted(CITIZEN_LANGUAGES, key=lambda code: code != own)


def _told(refusal: Refused, table: Mapping[str, str], codes: list[str], again: str | None = None) -> Response:
    first = LANGUAGES[codes[0]]
    response = make_response(
        render_template(
            "kiosk/phone_refusal.html",
            spoken=first,
            unit=setup.name_in(identity.unit().settings.unit.name, first.code),
            told=[(LANGUAGES[code], words(code, table)) for code in codes],
            again=again,
        ),
        refusal.status,
    )
    response.headers["Cache-Control"] = "no-store"
    response.vary.update(("Accept-Language", "Cookie"))
    return response
