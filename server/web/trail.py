"""A line of the log for each request that failed or was slow: which route, never which visit."""

from __future__ import annotations

import logging
import time

from flask import Flask, Response, g, request

from server.web import identity

log = logging.getLogger(__name__)

SLOW_S = 1.0


def init_trail(app: Flask) -> None:
    """Time every request."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.began = time.monotonic()


def _end(response: Response) -> Response:
    seconds = time.monotonic() - g.get("began", time.monotonic())
    failed = response.status_code >= 500 or response.status_code == 429
    if failed or seconds > SLOW_S:
        route = request.url_rule.rule if request.url_rule else "no route"
        role = next((one.role for one in identity.principals()), "nobody") if request.url_rule else "nobody"
        fields = {
            "method": request.method if request.method in _METHODS else "other",
            "route": route,
            "status": response.status_code,
            "ms": round(seconds * 1000),
            "role": role,
        }
        log.log(
            logging.WARNING if failed else logging.INFO,
            "a request %s",
            "failed" if failed else "was slow",
            extra={"fields": fields},
        )
    return response


_METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE")
