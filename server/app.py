"""The composition root: the one place that knows every screen and puts the unit together."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from flask import Blueprint, Flask, Response, request
from flask_openapi3 import OpenAPI
from flask_socketio import SocketIO
from werkzeug.exceptions import HTTPException, InternalServerError

import counter.api
import counter.views
import display.api
import display.board
import display.views
import kiosk.api
import kiosk.feedback_api
import kiosk.views
import manager.alert_api
import manager.api
import manager.views
from kiosk import offers
from kiosk.asking import asked
from kiosk.openings import openings, special_day
from server import media, settings, setup, sync
from server.access import routes
from server.access.activity import Activity
from server.access.attempts import Attempts
from server.access.pairing import Pairings
from server.access.rates import Rates
from server.alerts import store as alerts
from server.alerts.facts import Reader
from server.alerts.watch import Watch, watch
from server.clock import Moment, local_day, wall_ms
from server.day.closing import closing
from server.day.closing import look as closing_look
from server.day.noticeboard import noticeboard
from server.day.timekeeper import timekeeper
from server.errors import Refused, StoreDamaged
from server.estimates.following import nightly_fit
from server.feedback import Feedback
from server.live import PING_INTERVAL_S, PING_TIMEOUT_S, Live, most_screens
from server.live.doorkeeper import Doorkeeper
from server.live.doorstep import doorstep
from server.media.results import counting
from server.media.sweeping import sweeping
from server.operations.backup.making import last_backups
from server.operations.doctor import examine
from server.operations.doctor.examining import Examination
from server.printing import Printing
from server.reports.exports import Exports
from server.reports.packing import packing
from server.reports.retention import retention
from server.reports.sending import sending
from server.settings import ServerSettings, Settings
from server.store import is_damage
from server.store.checkpoint import checkpointer
from server.unit import Unit
from server.voice.clips import Library
from server.voice.speech import Speech
from server.web import api, health, identity, json, landing, pages, pairing, problems, rating, trail
from server.web.addresses import WholeNumber
from server.web.gate import Gate
from server.web.language import init_language
from server.web.proxies import TrustedProxies
from server.web.sockets import NoCompression, make_cheap

ROOMS = (kiosk, counter, display, manager)
CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; base-uri 'none';"
    " frame-ancestors 'none'; form-action 'self'"
)
HTTPS_ONLY_S = 365 * 24 * 3600
"""For so long a browser that came by https asks no other way, where the unit says that all do (`secure_cookies`)."""


class UnguardedRoute(Exception):
    """Somebody added a route and did not say who may use it."""


class Worker(Protocol):
    """Something that works in a thread of its own while the server runs."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


class Server:
    """A unit with its web application, its screens and its workers."""

    def __init__(self, folder: Path, unit_settings: Settings | None = None, demo: landing.Demo | None = None) -> None:
        self.unit = Unit(folder, unit_settings or settings.load(folder))
        self.app = OpenAPI("server.app", static_folder=None, **api.document("Istiqbal"))
        self.app.config["MAX_CONTENT_LENGTH"] = api.LARGEST_BODY
        self.app.extensions["istiqbal"] = self.unit
        self.app.extensions["istiqbal.activity"] = activity = Activity()
        self.app.extensions["istiqbal.attempts"] = Attempts()
        self.app.extensions["istiqbal.pairings"] = Pairings()
        limits = self.unit.settings.limits
        self.app.extensions["istiqbal.rates"] = Rates(
            {
                "tickets": limits.tickets_per_minute,
                "words": limits.words_per_minute,
                "requests": limits.requests_per_minute,
                "misses": limits.misses_per_minute,
            }
        )
        self.printing = Printing(self.unit)
        self.app.extensions["istiqbal.printing"] = self.printing
        self.voice = Library(folder)
        self.app.extensions["istiqbal.voice"] = self.voice
        self._speech = Speech(self.voice, self.unit.settings.unit.zone)
        adapter = sync.adapter(self.unit.settings, self.unit.folder)
        self.feedback = Feedback(self.unit, adapter)
        self.app.extensions["istiqbal.feedback"] = self.feedback
        self.line = sync.Line(self.unit, adapter, self.feedback.stages.follow) if adapter else None
        self.app.extensions["istiqbal.line"] = self.line
        self.sockets = _sockets(self.app, self.unit.settings.server)
        self.app.extensions["istiqbal.exports"] = exports = Exports(self.unit)
        self.live = Live(
            self.unit, self.sockets, self.printing.look, self._operations, self._on_display, self._on_kiosk, self._on_tablet
        )
        self.app.extensions["istiqbal.live"] = self.live
        self.app.extensions["istiqbal.doctor"] = Examination(
            lambda: examine(folder, self.unit.settings, ask_printers=False, ask_displays=False), wall_ms
        )
        reader = Reader(
            folder,
            self.unit.settings,
            self.printing.states,
            lambda: self.live.gone("display"),
            self.feedback.offers_submissions,
            lambda: self.live.proofs(),
            self.unit.clock_jumped,
        )
        self.watch = Watch(self.unit, reader)
        self._workers: list[Worker] = [
            checkpointer(self.unit.path),
            closing(self.unit),
            timekeeper(self.unit),
            noticeboard(self.unit),
            nightly_fit(self.unit.estimates),
            self.printing,
            packing(self.unit),
            retention(self.unit),
            sending(self.unit),
            doorstep(self.live),
            watch(self.watch),
            counting(self.unit),
            sweeping(self.unit),
            exports,
        ]
        self._workers.append(Doorkeeper(self.unit, self.live, activity, self.unit.settings.access.idle_minutes * 60_000))
        self._workers += display.board.boards(self.unit)
        if self.line is not None:
            self._workers.append(self.line)
        _web(self.app, demo)
        health.register(self.app, self.unit, self.live, self.printing, self._backups)
        if missing := routes.unlisted(rule.endpoint for rule in self.app.url_map.iter_rules()):
            raise UnguardedRoute(f"No line in server/access/routes.py says who may use: {', '.join(missing)}.")

    def _backups(self) -> dict[str, datetime | None]:
        """When the last good backup was made, by place."""
        known = last_backups(self.unit.folder)
        made = {place: known.get(place, {}).get("good_at") for place in self.unit.settings.backup.to}
        return {place: datetime.fromisoformat(at) if at else None for place, at in made.items()}

    def _operations(self, conn: Any) -> dict[str, Any]:
        """What only the manager's screen shows."""
        now = self.unit.now()
        return {
            **sync.look(conn),
            **closing_look(conn, now.at),
            **self.unit.hall.today(conn, now),
            **self.printing.problems(conn),
            **alerts.look(conn),
        }

    def _on_display(self, conn: Any, now: Moment, board: dict[str, Any]) -> dict[str, Any]:
        return {
            **self._speech.on_display(conn, now, board),
            "readings": setup.readings_shown(conn),
            "media": media.shown(conn),
            "results": media.results(conn, now, self.unit),
        }

    def _on_kiosk(self, conn: Any, now: Moment, board: dict[str, Any]) -> dict[str, Any]:
        zone = self.unit.settings.unit.zone
        today = date.fromisoformat(local_day(now.at, zone))
        mark = offers.mark(conn, today, writing=self.feedback.offers_submissions())
        return {**board, "openings": openings(board, zone), "special_day": special_day(conn, now, zone), "offers": mark}

    def _on_tablet(self, conn: Any, now: Moment, board: dict[str, Any]) -> dict[str, Any]:
        return asked(conn, now, board, writing=self.feedback.offers_submissions())

    def with_worker(self, worker: Worker) -> Server:
        """Have one more worker start and stop with the server."""
        self._workers.append(worker)
        return self

    def start(self) -> None:
        """Begin to print, to sync and whatever else works beside the screens."""
        for worker in self._workers:
            worker.start()

    def stop(self) -> None:
        """End the workers, finish the commands that wait, close the database."""
        for worker in reversed(self._workers):
            worker.stop()
        self.feedback.stages.stop()
        self.unit.close()


def _sockets(app: Flask, settings: ServerSettings) -> SocketIO:
    """Threads, named, so that an installed gevent or eventlet is never taken by accident."""
    sockets = SocketIO(
        app,
        async_mode="threading",
        ping_interval=PING_INTERVAL_S,
        ping_timeout=PING_TIMEOUT_S,
        json=json,
        manage_session=False,
        transports=["websocket"],
        max_http_buffer_size=api.LARGEST_BODY,
    )
    make_cheap(sockets.server.eio)
    gate = Gate(NoCompression(app.wsgi_app), most_screens(settings.threads))
    app.wsgi_app = TrustedProxies(gate, settings.proxies)  # type: ignore[method-assign]
    return sockets


def _web(app: OpenAPI, demo: landing.Demo | None) -> None:
    app.url_map.converters["int"] = WholeNumber
    init_language(app)
    pages.init_pages(app)
    trail.init_trail(app)
    app.before_request(rating.limit)
    app.before_request(api.guard)
    app.after_request(rating.count_miss)
    app.after_request(identity.add_cookies)
    app.after_request(_security_headers)
    for room in ROOMS:
        app.register_blueprint(_blueprint(room.views))
        app.register_api(room.api.api)
    app.register_api(kiosk.feedback_api.api)
    app.register_api(manager.alert_api.api)
    app.register_blueprint(landing.blueprint(demo))
    app.register_blueprint(pairing.blueprint)
    app.add_url_rule(f"{api.PREFIX}/openapi.json", "openapi_document", lambda: api.answer(api.openapi(app)))
    app.register_error_handler(Refused, _on_api(problems.refused, pages.refusal_page))
    app.register_error_handler(HTTPException, _on_api(problems.http_error, pages.http_error_page))
    app.register_error_handler(Exception, _broken)


def _blueprint(views: Any) -> Blueprint:
    found: Blueprint = views.blueprint
    return found


def _on_api(for_programs: Callable[[Any], Any], for_people: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """An error's answer: a problem below /api, a page with a sentence elsewhere."""
    return lambda error: (for_programs if request.path.startswith(problems.API) else for_people)(error)


def _broken(error: Exception) -> Any:
    """A damaged database stops the writing and is told as such; all else is a mistake of ours."""
    if is_damage(error):
        identity.unit().writer.condemn(error)
        return _on_api(problems.refused, pages.refusal_page)(StoreDamaged())
    return _on_api(problems.broken, _broken_page)(error)


def _broken_page(error: Exception) -> Any:
    """A mistake of ours, on a page: logged with its trace, told without it."""
    logging.getLogger(__name__).error("a page failed", exc_info=error)
    return pages.http_error_page(InternalServerError())


def _security_headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("X-Frame-Options", "DENY")
    if request.is_secure and identity.unit().settings.server.secure_cookies:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={HTTPS_ONLY_S}")
    return response
