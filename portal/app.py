"""The portal's WSGI application: stateless, as many processes as wanted behind any load balancer."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import psycopg
from flask import Flask, Response, request
from psycopg_pool import PoolTimeout
from werkzeug.exceptions import HTTPException

from portal import settings as reading_settings
from portal.api import api, problem
from portal.clock import Clock, utc_now
from portal.errors import Refused, TooLarge
from portal.keys import Keys
from portal.pages.views import pages
from portal.state import Portal
from portal.store.database import open_pool

API_PATH = re.compile(r"/v\d")


class NotFound(Refused):
    status, slug, title = 404, "not-found", "There is nothing here."


class Http(Refused):
    """What the web layer itself refuses, a wrong method for instance: its own status under one slug."""

    slug, title = "http", "This request can't be taken."

    def __init__(self, error: HTTPException) -> None:
        super().__init__(error.name)
        self.status = error.code or 500  # type: ignore[misc]


def make_app(folder: Path, clock: Clock = utc_now) -> Flask:
    """The application of a portal's folder; raises PortalError when its settings can't be read."""
    settings = reading_settings.load(folder)
    app = Flask(__name__, static_folder=None)
    app.config.update(SECRET_KEY=settings.secret, SESSION_COOKIE_NAME="istiqbal_portal", SESSION_COOKIE_SAMESITE="Lax")
    app.config.update(PERMANENT_SESSION_LIFETIME=timedelta(hours=8), SESSION_COOKIE_SECURE=settings.serving.secure_cookies)
    app.extensions["portal"] = Portal(settings, open_pool(settings.database, settings.serving.threads), Keys(folder), clock)
    app.register_blueprint(api)
    app.register_blueprint(pages)
    app.register_error_handler(HTTPException, _http_problem)
    app.add_url_rule("/healthz", "healthz", lambda: Response("ok\n", mimetype="text/plain"))
    app.add_url_rule("/readyz", "readyz", lambda: _ready(app))
    return app


def _http_problem(error: HTTPException) -> Response | HTTPException:
    if not API_PATH.match(request.path):
        return error
    if error.code == 404:
        return problem(NotFound())
    if error.code == 413:
        return problem(TooLarge())
    return problem(Http(error))


def _ready(app: Flask) -> Response:
    portal = app.extensions["portal"]
    try:
        with portal.pool.connection(timeout=2) as conn:
            conn.execute("SELECT 1")
    except (psycopg.Error, PoolTimeout):
        return Response("no database\n", 503, mimetype="text/plain")
    return Response("ready\n", mimetype="text/plain")
