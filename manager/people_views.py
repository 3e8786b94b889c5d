"""The manager's pages of people: who signs in, as what, with which password or PIN, and where they are signed in now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from manager.device_views import ROLE_NAMES
from manager.guard import signed_in
from manager.setup.form import changed_since
from server.access import Principal, passwords, people, sessions
from server.access.attempts import of_login
from server.access.audit import Audit
from server.access.people import Details, Person
from server.access.roles import ROLES_OF_PEOPLE, looks_after
from server.clock import wall_ms
from server.errors import N_, Refused
from server.revisions import ChangedMeanwhile
from server.unit import Unit
from server.visits.leaving import leave_counters
from server.web import identity, pages
from server.web.language import CITIZEN_LANGUAGES, in_language, reader_language, written_datetime

blueprint = Blueprint("people", __name__, url_prefix="/people")

DONE = {
    "added": N_("Added."),
    "saved": N_("Saved."),
    "password": N_("The password is changed; all sessions have ended."),
    "pin": N_("The PIN is changed; all sessions have ended."),
    "no-pin": N_("There is no PIN any more; all sessions have ended."),
    "out": N_("All sessions have ended."),
    "unlocked": N_("The waiting time after wrong attempts is over."),
    "removed": N_("Removed. The name stays in reports and in the journal."),
}


@blueprint.get("")
def everyone() -> Response:
    """All people, and the form to add one."""
    return _list()


@blueprint.post("")
def add() -> Response:
    """A new person with a password."""
    who, form = signed_in(), _sent()
    audit = _audit(who)
    try:
        form.checked()
        secret = passwords.new_password(form.login, request.form.get("password", ""))
        _change(lambda _, conn: people.add(conn, audit, who.role, form, secret, wall_ms(), given=True))
    except Refused as refusal:
        return _list(refusal)
    return redirect("/manager/people?done=added", 303)


@blueprint.get("/<int:id>")
def one(id: int) -> Response:
    """One person: all that can be changed, and the sessions."""
    return _one(id)


@blueprint.post("/<int:id>")
def save(id: int) -> Response:
    """Name, login, role and languages."""
    form, read_at = _sent(), request.form.get("revision", "")
    return _do(id, "saved", "details", lambda who, audit, _, conn: people.edit(conn, audit, who.role, id, form, read_at))


@blueprint.post("/<int:id>/password")
def password(id: int) -> Response:
    """A new password."""
    typed, login = request.form.get("password", ""), _person(id).details.login
    try:
        secret = passwords.new_password(login, typed)
    except Refused as refusal:
        return _one(id, refusal, "password")
    return _do(id, "password", "password", lambda who, audit, _, conn: people.set_password(conn, audit, who, id, secret))


@blueprint.post("/<int:id>/pin")
def pin(id: int) -> Response:
    """A new PIN; an empty one takes it away."""
    typed = request.form.get("pin", "")
    try:
        secret = passwords.new_pin(typed) if typed else None
    except Refused as refusal:
        return _one(id, refusal, "pin")
    done = "pin" if typed else "no-pin"
    return _do(id, done, "pin", lambda who, audit, _, conn: people.set_pin(conn, audit, who, id, secret))


@blueprint.post("/<int:id>/sign-out")
def sign_out(id: int) -> Response:
    """End all sessions, at once."""

    return _do(id, "out", "sessions", lambda who, audit, _, conn: people.sign_out(conn, audit, who.role, id))


@blueprint.post("/<int:id>/unlock")
def unlock(id: int) -> Response:
    """The next attempt to sign in is heard at once."""
    about = of_login(_person(id).details.login)
    answer = _do(id, "unlocked", "sessions", lambda who, audit, _, conn: people.note_unlocked(conn, audit, who.role, id))
    if answer.status_code == 303:
        identity.attempts().end(about)
    return answer


@blueprint.post("/<int:id>/remove")
def remove(id: int) -> Response:
    """Nobody signs in as this person any more; counters they hold are closed, or left to another clerk with their visitor."""
    who = signed_in()
    audit = _audit(who)

    def command(unit: Unit, conn: Any) -> None:
        found = people.remove(conn, audit, who.role, id, wall_ms())
        leave_counters(unit.visits, conn, unit.now(), found.key, who.caller())

    try:
        _change(command)
    except Refused as refusal:
        return _one(id, refusal, "remove")
    return redirect("/manager/people?done=removed", 303)


def _do(id: int, done: str, part: str, change: Callable[[Principal, Audit, Unit, Any], object]) -> Response:
    """Make a change and show the person again, with what it did or why it was refused beside that part of the page."""
    who = signed_in()
    audit = _audit(who)
    try:
        _change(lambda unit, conn: change(who, audit, unit, conn))
    except Refused as refusal:
        return _one(id, refusal, part)
    return redirect(f"/manager/people/{id}?done={done}", 303)


def _list(refusal: Refused | None = None) -> Response:
    who = signed_in()
    with identity.unit().reading() as conn:
        found = people.everyone(conn)
        signed = {session.person for session in sessions.open_sessions(conn, wall_ms())}
    return _page(
        "manager/people.html",
        refusal,
        who=who,
        people=found,
        signed=signed,
        locked={one.id: identity.attempts().left_s(of_login(one.details.login)) for one in found},
        typed=request.form,
        chosen=request.form.getlist("languages"),
    )


def _one(id: int, refusal: Refused | None = None, fault: str | None = None) -> Response:
    who, language = signed_in(), reader_language().code
    read_at = request.form.get("revision", "") if fault == "details" else ""
    with identity.unit().reading() as conn:
        found = people.person(conn, id)
        overtaken = isinstance(refusal, ChangedMeanwhile)
        changed = changed_since(conn, Audit.PERSON, str(id), read_at, found.details.facts(), {}) if overtaken else ()
        theirs = [session for session in sessions.open_sessions(conn, wall_ms()) if session.person == id]
    zone = identity.unit().settings.unit.timezone

    def written(at: int) -> str:
        return written_datetime(datetime.fromtimestamp(at / 1000, UTC), language, zone)

    return _page(
        "manager/person.html",
        refusal,
        who=who,
        person=found,
        shown=_sent() if fault == "details" else found.details,
        fault=fault,
        revision=found.revision if overtaken or not read_at else read_at,
        changed=changed,
        mine=found.key == who.caller().id,
        may=looks_after(who.role, found.details.role),
        sessions=[(written(one.created_at), written(one.seen_at), one.device) for one in theirs],
        locked=identity.attempts().left_s(of_login(found.details.login)),
    )


def _page(template: str, refusal: Refused | None, *, who: Principal, **shown: Any) -> Response:
    language = reader_language().code
    done = DONE.get(request.args.get("done", "")) if refusal is None else None
    return pages.page(
        template,
        status=refusal.status if refusal else 200,
        who=who,
        roles=[role for role in ROLES_OF_PEOPLE if looks_after(who.role, role)],
        names={role: in_language(language, text) for role, text in ROLE_NAMES.items()},
        citizens=CITIZEN_LANGUAGES,
        sentence=in_language(language, refusal.message, **refusal.params) if refusal else None,
        done=in_language(language, done) if done else None,
        **shown,
    )


def _sent() -> Details:
    form = request.form
    spoken = tuple(code for code in CITIZEN_LANGUAGES if code in form.getlist("languages"))
    return Details(form.get("login", "").strip(), form.get("name", "").strip(), form.get("role", ""), spoken)


def _person(id: int) -> Person:
    with identity.unit().reading() as conn:
        return people.person(conn, id)


def _change(change: Callable[[Unit, Any], object]) -> None:
    unit = identity.unit()
    unit.writer.run(lambda conn: change(unit, conn))


def _audit(who: Principal) -> Audit:
    return Audit(identity.unit().journal, who.caller().id)
