"""Rating a visit on the visitor's phone: one small form without script, for whoever holds the visit's id."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from kiosk.feedback_api import caller, feedback
from kiosk.phone_refusals import refuse_as_for_phones
from server.errors import N_, Refused
from server.feedback.ratings import COMMENT_LETTERS, LOW, REASONS, SCORES, check_may_rate
from server.feedback.refusals import AlreadyRated
from server.feedback.words import RATING_WORDS
from server.visits import look_at_visit
from server.web import identity
from server.web.language import LANGUAGES, in_language, words

blueprint = Blueprint("rating", __name__, template_folder="templates")
refuse_as_for_phones(blueprint)

CHOOSE = N_("Please choose a face first.")


@blueprint.get("/t/<visit>/rating")
def form(visit: str) -> Response:
    """The four faces, one question, a few words; what is not possible any more is said. Raises UnknownVisit."""
    return _page(visit)


@blueprint.post("/t/<visit>/rating")
def send(visit: str) -> Response:
    """Keep the rating; a fault is said above the form, with what was chosen and typed still in it."""
    score = request.form.get("score", "")
    reason, comment = request.form.get("reason", ""), request.form.get("comment", "")
    if score not in map(str, SCORES):
        return _page(visit, fault=in_language(_language(visit), CHOOSE), status=422)
    reasons = [reason] if reason in REASONS else []
    try:
        feedback().rate(visit, int(score), reasons, comment, "phone", caller())
    except AlreadyRated:
        return _page(visit)
    except Refused as error:
        fault = in_language(_language(visit), error.message, **error.params)
        return _page(visit, fault=fault, status=error.status)
    return _page(visit, thanked=int(score))


def _page(visit: str, *, fault: str | None = None, thanked: int | None = None, status: int = 200) -> Response:
    unit = identity.unit()
    with unit.reading() as conn:
        look = look_at_visit(conn, visit)
        refused = None if thanked else _refusal(conn, visit)
    lang = look["language"]
    response = make_response(
        render_template(
            "kiosk/rating.html",
            spoken=LANGUAGES[lang],
            words=words(lang, RATING_WORDS),
            visit=visit,
            ticket=look["ticket"] or "",
            scores=SCORES,
            reasons=REASONS,
            typed=request.form,
            letters=COMMENT_LETTERS,
            comments=feedback().offers_submissions(),
            refused=in_language(lang, refused.message, **refused.params) if refused else None,
            fault=fault,
            thanked=thanked,
            offer=thanked is not None and thanked <= LOW and feedback().offers_submissions(),
        ),
        status,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _refusal(conn: Any, visit: str) -> Refused | None:
    try:
        check_may_rate(conn, identity.unit().now(), visit)
    except Refused as error:
        return error
    return None


def _language(visit: str) -> str:
    with identity.unit().reading() as conn:
        return look_at_visit(conn, visit)["language"]
