"""The visit's page on the visitor's phone, reached by the QR code of the ticket: whoever holds the id may look.

No cookie, no font, no framework; without script it refreshes itself. With the script it asks `/t/<visit>/state` every ten
seconds, which is mostly answered "not modified", and loads the page again only when something has changed.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from kiosk import qr
from kiosk.feedback_api import feedback
from kiosk.hours import hours_of_service
from kiosk.phone_refusals import refuse_as_for_phones
from server import setup
from server.clock import local
from server.errors import N_
from server.feedback.ratings import may_rate
from server.information import information_of
from server.visits import VISITOR, VisitLook, had_more_time, look_at_visit
from server.web import identity
from server.web.language import LANGUAGES, in_language
from server.web.waits import written_estimate

blueprint = Blueprint("visit", __name__, template_folder="templates")
refuse_as_for_phones(blueprint)

REFRESH_S = 10
SENTENCES = {
    "waiting": N_("People before you: %(ahead)s"),
    "next": N_("You are next. Please stay near."),
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
MAY_CANCEL = ("waiting", "parked")
MAY_WAIT_AGAIN = ("called", "no_show")
FACTS = (
    ("fees", N_("What it costs")),
    ("delay", N_("When it is ready")),
    ("steps", N_("How it goes")),
)
WORDS = {
    "number": N_("Your number"),
    "wait": N_("Estimated wait"),
    "bring": N_("Bring with you"),
    "hours": N_("Opening hours"),
    "cancel": N_("Give up my ticket"),
    "cancel_sure": N_("Do you want to give up your ticket? Your place in the queue is lost."),
    "cancel_yes": N_("Yes, give it up"),
    "cancel_no": N_("No, keep it"),
    "more_time": N_("I need more time"),
    "more_time_text": N_("You go back to the end of the queue. This can be done once."),
    "help_title": N_("Help by telephone"),
    "from_morocco": N_("From Morocco"),
    "from_abroad": N_("From abroad"),
    "rate": N_("Rate this visit"),
    "write": N_("Write to us"),
    "complain_title": N_("Complaint, observation or suggestion"),
}


@blueprint.get("/t/<visit>")
def visit(visit: str) -> Response:
    """The visit as it stands, in its own language; raises UnknownVisit."""
    unit = identity.unit()
    with unit.reading() as conn:
        look = look_at_visit(conn, visit, unit.estimates, unit.now())
        service = setup.service(conn, look["service"])
        told = information_of(conn, look["service"])
        may = may_rate(conn, unit.now(), visit)
        hours = hours_of_service(conn, look["service"], local(unit.now().at, unit.settings.unit.zone).date())
        again = look["state"] in MAY_WAIT_AGAIN and not had_more_time(conn, visit)
    lang = look["language"]
    facts = [(in_language(lang, title), setup.name_in(getattr(told, name), lang)) for name, title in FACTS]
    response = make_response(
        render_template(
            "kiosk/visit.html",
            spoken=LANGUAGES[lang],
            words={key: in_language(lang, word) for key, word in WORDS.items()},
            unit=setup.name_in(unit.settings.unit.name, lang),
            visit=visit,
            ticket=look["ticket"] or "",
            service=setup.name_in(service.name, lang),
            state=look["state"],
            sentence=_sentence(look),
            wait=_wait(look),
            documents=[setup.name_in(document, lang) for document in service.documents],
            facts=[(title, text) for title, text in facts if text],
            hours=hours.get(lang, []),
            may_cancel=look["state"] in MAY_CANCEL,
            may_wait_again=again,
            sure=request.args.get("cancel") == "1",
            may_rate=may,
            may_write=feedback().offers_submissions(),
            refresh=REFRESH_S if look["state"] in MAY_CHANGE else None,
            tag=_tag(look),
        )
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/t/<visit>/state")
def state(visit: str) -> Response:
    """A few letters that change whenever the page would; a phone that knows them gets 304 and no body."""
    with identity.unit().reading() as conn:
        tag = _tag(look_at_visit(conn, visit, now=identity.unit().now()))
    response = make_response(tag)
    response.mimetype = "text/plain"
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(tag.replace(" ", "-"))
    return response.make_conditional(request)


@blueprint.post("/t/<visit>/cancel")
def cancel(visit: str) -> Response:
    """The visitor gives the ticket up; raises IllegalTransition when it is too late."""
    identity.unit().visits.cancel(visit, VISITOR)
    return redirect(f"/t/{visit}", 303)


@blueprint.post("/t/<visit>/more-time")
def more_time(visit: str) -> Response:
    """The visitor goes back to the queue, once; raises NoMoreTime."""
    identity.unit().visits.more_time(visit, VISITOR)
    return redirect(f"/t/{visit}", 303)


@blueprint.get("/t/<visit>/qr.svg")
def code(visit: str) -> Response:
    """The QR code that leads a phone to the visit's page; 404 where phones can't reach this server."""
    unit = identity.unit()
    with unit.reading() as conn:
        look_at_visit(conn, visit)
    if unit.settings.server.public_url is None:
        raise NotFound
    return qr.code(f"{unit.settings.server.public_url}/t/{visit}")


def _sentence(look: VisitLook) -> str:
    places: dict[str, Any] = {"ahead": look["people_ahead"], "counter": look["counter"]}
    key = "next" if look["state"] == "waiting" and look["people_ahead"] == 0 else look["state"]
    kept_with_its_word = in_language(look["language"], SENTENCES[key]).replace(" %(", "\N{NO-BREAK SPACE}%(")
    return kept_with_its_word % places


def _wait(look: VisitLook) -> str | None:
    """The estimated wait with its range in words, or nothing at all when there is not enough history."""
    estimate = look["estimated_wait"]
    return written_estimate(estimate, look["language"]) if estimate is not None else None


def _tag(look: VisitLook) -> str:
    return f"{look['state']} {look['people_ahead']} {look['counter']} {_wait(look)}".replace('"', "")
