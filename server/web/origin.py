"""Requests that change something must come from our own pages or from a program, never from a page of another site."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request

from server.errors import ForeignOrigin
from server.web.identity import DEVICE_COOKIES, SESSION_COOKIE

SAFE = ("GET", "HEAD", "OPTIONS")
OWN = ("same-origin", "none")
"""What `Sec-Fetch-Site` says of our own pages, and of an address that was typed."""


def refuse_foreign_origin() -> None:
    """Raises ForeignOrigin by what the browser says: Sec-Fetch-Site, Origin, else Referer.

    A request with our cookies that says none of them is refused too: every browser of the last ten years sends Origin with
    a POST, and a program has a bearer token instead of cookies.
    """
    if request.method in SAFE:
        return
    site, origin, referer = (request.headers.get(name) for name in ("Sec-Fetch-Site", "Origin", "Referer"))
    if site is not None and site not in OWN:
        raise ForeignOrigin
    said = origin if origin is not None else referer
    if said is not None and urlsplit(said).netloc != request.host:
        raise ForeignOrigin
    if said is None and site is None and "Authorization" not in request.headers and _has_our_cookies():
        raise ForeignOrigin


def _has_our_cookies() -> bool:
    return any(name in request.cookies for name in (SESSION_COOKIE, *DEVICE_COOKIES.values()))
