"""The counter's pages: signing in, choosing a counter, and the clerk's calling screen."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from counter import own_views
from counter.own_views import HOME
from counter.words import WORDS
from server.access import Principal, people, sessions
from server.errors import IllegalTransition, Refused
from server.visits import leaving
from server.visits.leaving import Held
from server.web import identity, pages
from server.web.language import CITIZEN_LANGUAGES, in_language, offsets, reader_language

blueprint = Blueprint("counter", __name__, template_folder="templates", static_folder="static")
blueprint.register_blueprint(own_views.blueprint)


@blueprint.get("/sign-in")
def sign_in_form() -> Response:
    """The form; `next` is where to go afterwards, a path on this server, `numbered` a visit whose number is still to be told."""
    return _form(request.args.get("next"), numbered=request.args.get("numbered"))


@blueprint.post("/sign-in")
def sign_in() -> Response:
    """Sign in and go on, or show the form again with the sentence that says why not."""
    login, target, by_pin = request.form.get("login", "").strip(), request.form.get("next"), "pin" in request.form
    try:
        who = _by_pin() if by_pin else identity.sign_in(login, request.form.get("password", ""))
    except Refused as refusal:
        return _form(target, login, refusal)
    return redirect(own_views.on_the_way(who, pages.local_path(target, HOME.get(who.role, "/")), by_pin=by_pin), 303)


def _by_pin() -> Principal:
    """On a paired counter PC; a person's number that is none is nobody's."""
    return identity.sign_in_by_pin(request.form.get("person", -1, type=int), request.form["pin"])


@blueprint.get("/sign-out")
def signing_out() -> Response:
    """Asks what becomes of a visitor who is still at a counter of whoever wants to sign out."""
    who = identity.person()
    if who is None:
        return redirect("/sign-in")
    unit, here = identity.unit(), _here()
    with unit.reading() as conn:
        held = _to_leave(conn, who, here, unit.now().at)
    busy = next((one for one in held if one.visit), None)
    return pages.page("counter/sign_out.html", who=who, busy=busy, here=here)


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End the session and close its person's counters; while a visitor is at one of them, ask about the visitor first."""
    who, here = identity.person(), _here()
    left, numbered = _leave(who) if who is not None else (True, None)
    if not left:
        return redirect("/sign-out" if here is None else f"/sign-out?here={here}", 303)
    identity.sign_out()
    return redirect(f"/sign-in?{urlencode({'numbered': numbered})}" if numbered else "/sign-in", 303)


def _here() -> int | None:
    """The counter on whose screen signing out was asked for."""
    return request.values.get("here", type=int)


def _to_leave(conn: Any, who: Principal, here: int | None, at: int) -> list[Held]:
    """The counters that are left by signing out: all, or this screen's alone while the same person works in another browser."""
    held = leaving.held_by(conn, who.caller().id)
    return [one for one in held if one.counter == here] if sessions.elsewhere(conn, who.id, who.proof, at) else held


def _leave(who: Principal) -> tuple[bool, str | None]:
    """Part from the visitor as was decided, then close the counters; False when a visitor is still at one of them.

    Beside it the visit of whoever got their number by that, and has to be told it.
    """
    unit, caller, here = identity.unit(), who.caller(), _here()
    visit, how = request.form.get("visit"), request.form.get("how", "")

    def leave(conn: Any) -> tuple[bool, str | None]:
        now, numbered = unit.now(), None
        for one in _to_leave(conn, who, here, now.at):
            if one.visit and one.visit == visit:
                numbered = visit if leaving.part(unit.visits, conn, now, one, how, caller) else None
        held = _to_leave(conn, who, here, now.at)
        if any(one.visit for one in held):
            return False, numbered
        for one in held:
            unit.visits.close_counter(conn, now, one.counter, caller)
        return True, numbered

    with suppress(IllegalTransition):  # the visitor is not as far as the form said: the page shows how it is now
        return unit.writer.run(leave)
    return False, None


@blueprint.get("/counter/")
def choose() -> Response:
    """The counters, to choose one."""
    return _screen(None)


@blueprint.get("/counter/<int:counter>")
def calling(counter: int) -> Response:
    """The calling screen of one counter."""
    return _screen(counter)


def _screen(counter: int | None) -> Response:
    who = identity.asking("clerk", "manager")
    if who is None:
        return redirect(f"/sign-in?next={quote(request.path)}")
    data = {
        "counter": counter,
        "me": {"id": who.caller().id, "role": who.role},
        "spoken": CITIZEN_LANGUAGES,
        "offsets": offsets(identity.unit().settings.unit.timezone, datetime.now(UTC)),
    }
    return pages.page("counter/counter.html", table=WORDS, data=data, who=who, counter=counter)


def _form(target: str | None, login: str = "", refusal: Refused | None = None, numbered: str | None = None) -> Response:
    """On a paired counter PC the names, then the PIN of the chosen one; elsewhere, and on wish, login and password."""
    paired = identity.asking("counter") is not None
    by_password = request.args.get("with") == "password" or "login" in request.form
    with identity.unit().reading() as conn:
        names = [one for one in people.everyone(conn) if one.has_pin] if paired and not by_password else []
        number = _number_of(conn, numbered)
    wanted = request.values.get("person", type=int)
    return pages.page(
        "counter/sign_in.html",
        status=refusal.status if refusal else 200,
        target=pages.local_path(target, ""),
        login=login,
        number=number,
        sentence=in_language(reader_language().code, refusal.message, **refusal.params) if refusal else None,
        paired=paired,
        names=names,
        chosen=next((one for one in names if one.id == wanted), None),
    )


def _number_of(conn: Any, visit: str | None) -> str | None:
    """The number of a visit, if there is one with this id: nothing that an address merely says is shown as a number."""
    row = conn.execute("SELECT ticket FROM visits WHERE visit = ?", (visit,)).fetchone() if visit else None
    return row[0] if row else None
