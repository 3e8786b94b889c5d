"""Who is asking: bearer tokens, device cookies and people's sessions, found for each request once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from flask import current_app, g, redirect, request
from werkzeug.wrappers import Response

from server.access import PERMISSIONS, Principal, devices, people, sessions
from server.access.activity import Activity
from server.access.attempts import Attempts, Key, of_login
from server.access.people import Person
from server.access.roles import ROLES_OF_SCREENS
from server.access.routes import ANYONE, permission_of
from server.errors import NotAllowed, NotSignedIn, WrongOldPassword, WrongPassword, WrongPin
from server.unit import Unit

SESSION_COOKIE = "istiqbal_session"
DEVICE_COOKIES = {role: f"istiqbal_{role}" for role in ROLES_OF_SCREENS}
DEVICE_COOKIE_S = 10 * 365 * 24 * 3600


def unit() -> Unit:
    """The unit that this server runs."""
    found: Unit = current_app.extensions["istiqbal"]
    return found


def attempts() -> Attempts:
    """This server's count of wrong passwords, PINs and codes."""
    found: Attempts = current_app.extensions["istiqbal.attempts"]
    return found


def principals() -> list[Principal]:
    """Everyone this request proves to be: its bearer token alone if it has one, else its cookies."""
    if "principals" not in g:
        g.principals = _find(request.headers.get("Authorization"), request.cookies)
    found: list[Principal] = g.principals
    return found


def _find(authorization: str | None, cookies: Any) -> list[Principal]:
    now = unit().now().at
    with unit().reading() as conn:
        found = _by_bearer(conn, authorization) if authorization is not None else _by_cookies(conn, cookies, now)
    activity: Activity = current_app.extensions["istiqbal.activity"]
    for principal in found:
        activity.seen(principal.proof, now)
    return found


def _by_bearer(conn: Any, authorization: str) -> list[Principal]:
    scheme, _, token = authorization.partition(" ")
    bearer = devices.by_token(conn, token.strip()) if scheme.lower() == "bearer" else None
    return [bearer] if bearer else []


def _by_cookies(conn: Any, cookies: Any, now: int) -> list[Principal]:
    found = []
    if key := cookies.get(SESSION_COOKIE):
        found.append(sessions.by_key(conn, key, now))
    for role, cookie in DEVICE_COOKIES.items():
        if token := cookies.get(cookie):
            device = devices.by_token(conn, token)
            found.append(device if device and device.role == role else None)
    return [principal for principal in found if principal]


def enforce() -> Response | None:
    """Before-request hook: nobody gets to a route without its permission. A page of staff leads to the sign-in instead."""
    if request.endpoint is None or (permission := permission_of(request.endpoint)) == ANYONE:
        return None
    try:
        permitted(permission)
    except (NotSignedIn, NotAllowed):
        if request.method in ("GET", "HEAD") and request.accept_mimetypes.accept_html and not request.path.startswith("/api/"):
            return redirect(f"/sign-in?next={quote(request.path)}")
        raise
    return None


def permitted(permission: str) -> Principal:
    """The principal that may do this; raises NotSignedIn when there is none at all, NotAllowed when none may."""
    found = principals()
    for principal in found:
        if principal.may(permission):
            return principal
    if not found:
        raise NotSignedIn
    raise NotAllowed(role=found[0].role)


def asking(*roles: str) -> Principal | None:
    """The principal with one of these roles, for pages that show a sentence of their own instead of refusing.

    An administrator is a manager too.
    """
    wanted = {*roles, "administrator"} if "manager" in roles else set(roles)
    return next((principal for principal in principals() if principal.role in wanted), None)


def person() -> Principal | None:
    """Whoever is signed in in this browser."""
    return next((principal for principal in principals() if principal.kind == "person"), None)


def of_socket(token: str | None, permission: str) -> Principal | None:
    """Who opened this socket: by the token sent with `auth`, else by the cookies of its handshake."""
    authorization = f"Bearer {token}" if token else request.headers.get("Authorization")
    found = _find(authorization, request.cookies)
    return next((principal for principal in found if principal.role in PERMISSIONS[permission]), None)


def remember_device(role: str, token: str) -> bool:
    """Keep a device's token in an HttpOnly cookie, sent with the response; False when the token is not for this role."""
    with unit().reading() as conn:
        device = devices.by_token(conn, token)
    if device is None or device.role != role:
        return False
    keep_device_key(role, token, DEVICE_COOKIE_S)
    return True


def keep_device_key(role: str, key: str, seconds: int | None) -> None:
    """Have the browser keep the key by which it is this device: until it is closed, or for so long."""
    _set_cookie(DEVICE_COOKIES[role], key, seconds)


def last_seen(proof: str) -> int | None:
    """When a session or device was last seen since this server's start, UTC milliseconds."""
    activity: Activity = current_app.extensions["istiqbal.activity"]
    return activity.last(proof)


def sign_in(login: str, password: str) -> Principal:
    """Begin a session, its key in a cookie sent with the response; raises WrongPassword or TooManyAttempts."""
    about, place = of_login(login), _place()
    attempts().begin(about, place)
    with unit().reading() as conn:
        person = people.check_password(conn, login, password)
    if person is None:
        raise WrongPassword
    attempts().succeeded(about, place)
    _begin_session(person, None)
    return person


def sign_in_by_pin(person: int, pin: str) -> Principal:
    """As `sign_in`, on a paired counter PC and nowhere else; raises NotSignedIn, WrongPin or TooManyAttempts."""
    device = permitted("sign in by PIN")
    with unit().reading() as conn:
        about, place = of_login(people.person(conn, person).details.login), _place()
        attempts().begin(about, place)
        found = people.check_pin(conn, person, pin)
    if found is None:
        raise WrongPin
    attempts().succeeded(about, place)
    _begin_session(found, device.id)
    return replace(found, role="clerk")


def prove_again(person: Person, secret: str, *, pin: bool) -> None:
    """Whoever is signed in says their password (or PIN) once more; raises WrongOldPassword, WrongPin or TooManyAttempts."""
    about, place = of_login(person.details.login), _place()
    attempts().begin(about, place)
    with unit().reading() as conn:
        found = people.check_pin(conn, person.id, secret) if pin else people.check_password(conn, person.details.login, secret)
    if found is None:
        raise WrongPin if pin else WrongOldPassword
    attempts().succeeded(about, place)


def _place() -> Key:
    """Where attempts come from: the paired PC, else the address."""
    pc = asking("counter")
    return "place", pc.proof if pc else str(request.remote_addr)


def _begin_session(person: Principal, device: int | None) -> None:
    old, now = request.cookies.get(SESSION_COOKIE), unit().now().at

    def command(conn: Any) -> str:
        if old:
            sessions.end(conn, old)
        return sessions.begin(conn, person.id, now, device)

    _set_cookie(SESSION_COOKIE, unit().writer.run(command), None)


def sign_out() -> None:
    """End this browser's session at once."""
    if key := request.cookies.get(SESSION_COOKIE):
        unit().writer.run(lambda conn: sessions.end(conn, key))
    _set_cookie(SESSION_COOKIE, "", 0)


def _set_cookie(name: str, value: str, max_age: int | None) -> None:
    """Have a cookie sent with this request's response; a page of another site never gets it sent along."""
    g.setdefault("cookies", []).append((name, value, max_age))


def add_cookies(response: Response) -> Response:
    """After-request hook: the cookies that this request asked for."""
    for name, value, max_age in g.get("cookies", []):
        response.set_cookie(
            name, value, max_age=max_age, httponly=True, samesite="Strict", secure=unit().settings.server.secure_cookies
        )
    return response
