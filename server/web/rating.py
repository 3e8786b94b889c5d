"""Which requests are counted as what, before they are heard."""

from __future__ import annotations

import contextlib

from flask import Response, current_app, g, request

from server.access.rates import Rates, place
from server.errors import TooManyRequests
from server.web import identity

NOT_COUNTED = ("pages.asset", "healthz", "readyz", None)
TICKETS = ("tickets_api.issue_ticket",)
WORDS = (
    "feedback_api.rate_visit",
    "feedback_api.submit",
    "feedback_api.visit_to_rate",
    "kiosk.rating.send",
    "kiosk.submission.send",
)
"""What takes ratings and submissions."""
BY_SECRET_ID = (
    "kiosk.visit.visit",
    "kiosk.visit.state",
    "kiosk.visit.cancel",
    "kiosk.visit.more_time",
    "kiosk.visit.code",
    "tickets_api.get_visit",
    "tickets_api.cancel_visit",
    "tickets_api.more_time",
    "kiosk.rating.form",
    "kiosk.rating.send",
    "kiosk.submission.stage",
    "kiosk.submission.code",
    "feedback_api.rate_visit",
    "feedback_api.submission_stage",
)
"""Open to whoever knows a visit's id or a reference: an address that asks for what does not exist is refused for a while."""


def _rates() -> Rates:
    found: Rates = current_app.extensions["istiqbal.rates"]
    return found


def limit() -> None:
    """Before-request hook: raises TooManyRequests."""
    g.pop("principals", None)
    if request.endpoint in NOT_COUNTED:
        return
    known = identity.principals()
    who = known[0].proof if known else place(request.remote_addr)
    _rates().take("requests", who)
    if request.endpoint in TICKETS:
        _rates().take("tickets", who)
    if request.endpoint in WORDS:
        _rates().take("words", who)
    if request.endpoint in BY_SECRET_ID:
        _rates().check("misses", place(request.remote_addr))


def count_miss(response: Response) -> Response:
    """After-request hook: an id that does not exist was asked for."""
    if request.endpoint in BY_SECRET_ID and response.status_code == 404:
        with contextlib.suppress(TooManyRequests):  # many at once: those after them are refused
            _rates().take("misses", place(request.remote_addr))
    return response
