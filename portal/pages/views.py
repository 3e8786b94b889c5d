"""Pages for officers: the units of the country, and the submissions of their administration. Plain HTML, no script."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import officers
from portal.clock import ZONE
from portal.contract.sealing import CantOpen
from portal.errors import Busy, Invalid, NotAllowed, NotSignedIn, Refused, TooManyAttempts
from portal.insight import showing
from portal.officers import Officer
from portal.pages.words import LANGUAGES, WORDS
from portal.state import connection, portal
from portal.submissions import comments as citizens_comments
from portal.submissions import working

pages = Blueprint("pages", __name__, template_folder="templates", static_folder="static", static_url_path="/static")
COOKIE = "istiqbal_portal_language"
PERIODS = (1, 7, 30)
PAGE_NUMBER = re.compile("[0-9]{1,5}")
POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none';"
    " base-uri 'none'"
)
SAID = {"out-of-turn": "out_of_turn", "invalid": "bad_answer", "no-such-submission": "not_found", "busy": "busy"}


def language() -> str:
    said = request.args.get("lang") or request.cookies.get(COOKIE, "")
    return said if said in LANGUAGES else "ar"


def word(key: str) -> str:
    return WORDS[key][language()]


def decimal(value: float, places: int = 1) -> str:
    """A number with decimals: all three languages write a comma."""
    return f"{value:.{places}f}".replace(".", ",")


def written(at: datetime | None) -> str:
    """Local date and time; digits and order read the same in both directions."""
    return f"{at.astimezone(ZONE):%d/%m/%Y %H:%M}" if at else ""


@pages.before_request
def refuse_foreign_origin() -> None:
    """A form of another site must not act in an officer's name. Raises NotAllowed."""
    origin = request.headers.get("Origin")
    if request.method == "POST" and origin and urlsplit(origin).netloc != request.host:
        raise NotAllowed("A request from another site is not accepted.")


@pages.after_request
def protect(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if request.endpoint != "pages.static":
        response.headers["Cache-Control"] = "no-store"
    if request.args.get("lang") in LANGUAGES:
        response.set_cookie(COOKIE, request.args["lang"], max_age=31_536_000, samesite="Lax")
    return response


@pages.errorhandler(Refused)
def refuse(refused: Refused) -> AnyResponse:
    if isinstance(refused, NotSignedIn):
        return redirect(url_for("pages.sign_in"))
    said = word(SAID.get(refused.slug, "refused"))
    return page("refused", status=refused.status, sentence=said)


def page(name: str, status: int = 200, **values: Any) -> AnyResponse:
    shown = render_template(
        f"portal/{name}.html",
        w=word,
        written=written,
        decimal=decimal,
        language=language(),
        languages=LANGUAGES,
        officer=g.get("officer"),
        **values,
    )
    return make_response(shown, status)


def signed_in() -> Officer:
    """Raises NotSignedIn."""
    with connection() as conn:
        found = officers.find(conn, str(session.get("login", "")), str(session.get("mark", "")))
    if found is None:
        raise NotSignedIn
    g.officer = found
    return found


@pages.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> AnyResponse:
    fault, login = None, request.form.get("login", "").replace("\0", "")[:64]
    if request.method == "POST":
        try:
            with connection() as conn:
                officer = officers.sign_in(conn, login, request.form.get("password", "")[:1000])
            session.clear()
            session["login"], session["mark"] = officer.login, officer.mark
            session.permanent = True
            return redirect(url_for("pages.national"), 303)
        except NotSignedIn:
            fault = word("wrong")
        except TooManyAttempts:
            fault = word("wait_a_while")
        except Busy:
            fault = word("busy")
    return page("sign_in", status=422 if fault else 200, fault=fault, login=login)


@pages.post("/sign-out")
def sign_out() -> AnyResponse:
    session.clear()
    return redirect(url_for("pages.sign_in"), 303)


INCIDENTS = """
SELECT unit, u.name, kind, sum(times), max(last_seen) FROM incidents i JOIN units u USING (unit)
WHERE settled_at IS NULL GROUP BY unit, u.name, kind ORDER BY max(last_seen) DESC LIMIT 50
"""


@pages.get("/")
def national() -> AnyResponse:
    signed_in()
    said = request.args.get("days", "7")
    days = int(said) if said in map(str, PERIODS) else 7
    now, settings = portal().clock(), portal().settings
    today = now.astimezone(ZONE).date()
    with connection() as conn:
        units = showing.units(conn, today - timedelta(days=days - 1), today, settings.keeping.smallest_cell)
        incidents = conn.execute(INCIDENTS).fetchall()
        load = working.load(conn, settings.deadlines, now)
    lately = sum(1 for one in units if one.last_contact and one.last_contact > now - timedelta(days=1))
    return page(
        "national", units=units, incidents=incidents, load=load, lately=lately, days=days, periods=PERIODS,
        silent_since=now - timedelta(days=1), target=settings.figures.target_minutes,
    )  # fmt: skip


@pages.get("/submissions")
def submissions() -> AnyResponse:
    officer = signed_in()
    stage = request.args.get("stage")
    stage = stage if stage in working.STAGES else None
    with connection() as conn:
        listed = working.of_administration(conn, officer, stage)
    return page(
        "submissions",
        listed=listed,
        stage=stage,
        stages=working.STAGES,
        deadlines=portal().settings.deadlines,
        now=portal().clock(),
    )


@pages.get("/submissions/<reference>")
def submission(reference: str) -> AnyResponse:
    return _submission(signed_in(), reference)


def _submission(officer: Officer, reference: str, status: int = 200, **more: Any) -> AnyResponse:
    with connection() as conn:
        one = working.one(conn, officer, reference)
        history = working.history(conn, reference)
        others = [name for name in working.administrations(conn) if name != officer.administration]
    shown = {"opened": None, "fault": None, "draft": ""} | more
    return page(
        "submission", status=status, one=one, history=history, others=others, stages=working.STAGES,
        deadlines=portal().settings.deadlines, now=portal().clock(), **shown,
    )  # fmt: skip


@pages.post("/submissions/<reference>/read")
def read(reference: str) -> AnyResponse:
    """A POST, because that it was read is written down; the text is in this answer alone."""
    officer = signed_in()
    try:
        with connection() as conn:
            opened = working.open_sealed(conn, officer, reference, portal().keys)
        return _submission(officer, reference, opened=opened)
    except CantOpen:
        return _submission(officer, reference, status=422, fault=word("cant_open"))


@pages.post("/submissions/<reference>/<what>")
def step(reference: str, what: str) -> AnyResponse:
    officer = signed_in()
    answer = request.form.get("answer", "").replace("\r\n", "\n")
    try:
        with connection() as conn:
            if what == "hand-over":
                working.hand_over(conn, officer, reference, request.form.get("administration", ""))
                return redirect(url_for("pages.submissions"), 303)
            if what not in working.NEXT:
                return page("refused", status=404, sentence=word("not_found"))
            working.step(conn, officer, reference, what, answer, language() if what == "answer" else None)
        return redirect(url_for("pages.submission", reference=reference), 303)
    except (Invalid, working.OutOfTurn) as error:
        return _submission(officer, reference, status=error.status, fault=word(SAID[error.slug]), draft=answer[:8000])


@pages.route("/comments", methods=["GET", "POST"])
def comments() -> AnyResponse:
    """What visitors added to their ratings. A POST opens it, because that it was read is written down."""
    officer = signed_in()
    said = request.args.get("page", "1")
    number = max(1, int(said)) if PAGE_NUMBER.fullmatch(said) else 1
    reads = request.method == "POST"
    with connection() as conn:
        if reads:
            listed, more = citizens_comments.opened(conn, officer, number, portal().keys)
        else:
            listed, more = citizens_comments.listed(conn, officer, number)
        looks = citizens_comments.looks(conn, officer)
    return page("comments", listed=listed, more=more, number=number, reads=reads, looks=looks)
