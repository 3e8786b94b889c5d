"""Who is asking: bearer tokens, device cookies and people's sessions, found for each request once."""

from __future__ import annotations

import threading
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, g, request
from werkzeug.wrappers import Response

from server import access
from server.access import PERMISSIONS, Principal
from server.clock import wall_ms
from server.errors import ForeignOrigin, NotAllowed, NotSignedIn, TooManyAttempts, WrongPassword
from server.unit import Unit

SESSION_COOKIE = "istiqbal_session"
DEVICE_COOKIES = {"kiosk": "istiqbal_kiosk", "display": "istiqbal_display"}
DEVICE_COOKIE_S = 10 * 365 * 24 * 3600
FREE_ATTEMPTS = 5
LONGEST_DELAY_S = 300


def unit() -> Unit:
    """The unit that this server runs."""
    found: Unit = current_app.extensions["istiqbal"]
    return found


def principals() -> list[Principal]:
    """Everyone this request proves to be: its bearer token alone if it has one, else its cookies."""
    if "principals" not in g:
        g.principals = _find(request.headers.get("Authorization"), request.cookies)
    found: list[Principal] = g.principals
    return found


def _find(authorization: str | None, cookies: Any) -> list[Principal]:
    with unit().reading() as conn:
        if authorization is not None:
            scheme, _, token = authorization.partition(" ")
            bearer = access.by_token(conn, token.strip()) if scheme.lower() == "bearer" else None
            return [bearer] if bearer else []
        found = []
        if key := cookies.get(SESSION_COOKIE):
            found.append(access.by_session(conn, key, wall_ms()))
        for role, cookie in DEVICE_COOKIES.items():
            if token := cookies.get(cookie):
                device = access.by_token(conn, token)
                found.append(device if device and device.role == role else None)
        return [principal for principal in found if principal]


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
    """The principal with one of these roles, for pages that show a sentence of their own instead of refusing."""
    return next((principal for principal in principals() if principal.role in roles), None)


def of_socket(token: str | None, permission: str) -> Principal | None:
    """Who opened this socket: by the token sent with `auth`, else by the cookies of its handshake."""
    authorization = f"Bearer {token}" if token else request.headers.get("Authorization")
    found = _find(authorization, request.cookies)
    return next((principal for principal in found if principal.role in PERMISSIONS[permission]), None)


def refuse_foreign_origin() -> None:
    """A browser says where a request comes from; one that changes something must come from our own pages."""
    origin = request.headers.get("Origin")
    if request.method in ("GET", "HEAD", "OPTIONS") or origin is None:
        return
    if urlsplit(origin).netloc != request.host:
        raise ForeignOrigin


def remember_device(role: str, token: str) -> bool:
    """Keep a device's token in an HttpOnly cookie, sent with the response; False when the token is not for this role."""
    with unit().reading() as conn:
        device = access.by_token(conn, token)
    if device is None or device.role != role:
        return False
    _set_cookie(DEVICE_COOKIES[role], token, DEVICE_COOKIE_S)
    return True


def sign_in(login: str, password: str) -> Principal:
    """Begin a session, its key in a cookie sent with the response; raises WrongPassword or TooManyAttempts."""
    attempts.wait_over(login.lower())
    with unit().reading() as conn:
        person = access.check_password(conn, login, password)
    if person is None:
        attempts.failed(login.lower())
        raise WrongPassword
    attempts.forget(login.lower())
    key = unit().writer.run(lambda conn: access.begin_session(conn, person.id, wall_ms()))
    _set_cookie(SESSION_COOKIE, key, None)
    return person


def sign_out() -> None:
    """End this browser's session at once."""
    if key := request.cookies.get(SESSION_COOKIE):
        unit().writer.run(lambda conn: access.end_session(conn, key))
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


class Attempts:
    """Wrong passwords by login: after FREE_ATTEMPTS the next try waits, twice as long each time."""

    def __init__(self) -> None:
        self._wrong: dict[str, tuple[int, int]] = {}
        self._lock = threading.Lock()

    def wait_over(self, login: str) -> None:
        """Raises TooManyAttempts while this login must wait."""
        with self._lock:
            count, last = self._wrong.get(login, (0, 0))
        delay_s = min(LONGEST_DELAY_S, 2 ** (count - FREE_ATTEMPTS)) if count >= FREE_ATTEMPTS else 0
        left_ms = last + delay_s * 1000 - wall_ms()
        if left_ms > 0:
            raise TooManyAttempts(seconds=-(-left_ms // 1000))

    def failed(self, login: str) -> None:
        with self._lock:
            count, _ = self._wrong.get(login, (0, 0))
            if len(self._wrong) > 10_000:
                self._wrong.clear()
            self._wrong[login] = (count + 1, wall_ms())

    def forget(self, login: str) -> None:
        with self._lock:
            self._wrong.pop(login, None)


attempts = Attempts()
