"""The page on which everybody who is signed in chooses their own password and PIN."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from server.access import Principal, own, passwords
from server.access.audit import Audit
from server.access.own import GIVEN, OWN, NotAlike, SameAsBefore, Secret
from server.access.people import Person
from server.errors import N_, Refused
from server.web import identity, pages
from server.web.language import in_language, reader_language

blueprint = Blueprint("own", __name__)

ADDRESS = "/my-password"
HOME = {"clerk": "/counter/", "manager": "/manager/", "administrator": "/manager/"}
DONE = {
    "password": N_("Your password is changed. Wherever else you were signed in, you no longer are."),
    "pin": N_("Your PIN is changed. Wherever else you were signed in, you no longer are."),
}


def on_the_way(who: Principal, target: str, *, by_pin: bool) -> str:
    """Where somebody goes who has just signed in: first to this page if somebody else chose their password or PIN."""
    secret: Secret = "pin" if by_pin else "password"
    with identity.unit().reading() as conn:
        given = own.chosen_by(conn, who.id, secret) != OWN
    return f"{ADDRESS}?{urlencode({'next': target, 'given': secret})}" if given else target


@blueprint.get(ADDRESS)
def page() -> Response:
    """The two forms; `given` is the one that somebody else chose, `next` where to go afterwards."""
    return _page()


@blueprint.post(ADDRESS)
def choose() -> Response:
    """Choose another password or PIN (`what`), or put the `given` one off (`later`)."""
    who = identity.permitted("choose one's own password")
    found, what = _themselves(who), request.form.get("what")
    home = pages.local_path(request.values.get("next"), HOME[who.role])
    unit = identity.unit()
    asked = request.form.get("given") if what == "later" else what
    secret: Secret = "pin" if asked == "pin" else "password"
    if what == "later":
        unit.writer.run(lambda conn: own.put_off(conn, found.id, secret))
        return redirect(home, 303)
    try:
        _change(who, found, secret)
    except Refused as refusal:
        return _page(secret, refusal)
    return redirect(home if request.form.get("given") else f"{ADDRESS}?{urlencode({'next': home, 'done': secret})}", 303)


def _change(who: Principal, found: Person, secret: Secret) -> None:
    """Raises what keeps it from being done; who says the old one wrongly has to wait as at the sign-in."""
    old, new = request.form.get("old", ""), request.form.get("new", "")
    if new != request.form.get("again", ""):
        raise NotAlike
    if secret == "password":
        hash: str | None = passwords.new_password(found.details.login, new)
    else:
        hash = passwords.new_pin(new) if new else None
    identity.prove_again(found, old, pin=secret == "pin" and found.has_pin)
    if new == old:
        raise SameAsBefore
    unit = identity.unit()
    audit = Audit(unit.journal, who.caller().id)
    unit.writer.run(lambda conn: own.choose(conn, audit, who, secret, hash))


def _page(fault: Secret | None = None, refusal: Refused | None = None) -> Response:
    who = identity.permitted("choose one's own password")
    found, language = _themselves(who), reader_language().code
    asked = request.values.get("given", "")
    given: Any = asked if asked in ("password", "pin") else None
    with identity.unit().reading() as conn:
        state = own.chosen_by(conn, found.id, given) if given else OWN
    done = DONE.get(request.args.get("done", "")) if refusal is None else None
    return pages.page(
        "counter/own.html",
        status=refusal.status if refusal else 200,
        who=who,
        person=found,
        home=pages.local_path(request.values.get("next"), HOME[who.role]),
        given=given if state != OWN else None,
        may_wait=state == GIVEN,
        fault=fault,
        sentence=in_language(language, refusal.message, **refusal.params) if refusal else None,
        done=in_language(language, done) if done else None,
    )


def _themselves(who: Principal) -> Person:
    with identity.unit().reading() as conn:
        return own.themselves(conn, who)
