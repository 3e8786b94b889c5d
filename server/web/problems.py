"""Errors of the API as problem details (RFC 9457), in the language of who reads them."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from flask import Response, request
from pydantic import BaseModel, Field, ValidationError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from server.clock import MS, rfc3339
from server.errors import N_, Refused
from server.web.json import dumps
from server.web.language import in_language, normalise

log = logging.getLogger(__name__)

API = "/api/"
PROBLEM_TYPE = "urn:istiqbal:problem:"

TITLES = {
    400: N_("Bad request"),
    401: N_("Not signed in"),
    403: N_("Not allowed"),
    404: N_("Not found"),
    405: N_("Method not allowed"),
    406: N_("Not acceptable"),
    409: N_("Not possible now"),
    413: N_("Too large"),
    415: N_("Wrong media type"),
    422: N_("Wrong value"),
    429: N_("Too many requests"),
    500: N_("The unit made a mistake"),
    503: N_("Not available now"),
}
DETAILS = {
    404: N_("There is nothing at this address."),
    405: N_("This address does not take this method."),
    413: N_("The body is larger than the %(limit)s bytes that are accepted."),
    422: N_("The value of “%(key)s” is wrong: %(reason)s."),
    500: N_("The unit made a mistake; it is written in its log, nothing was changed."),
}


class Problem(BaseModel):
    """Problem details, RFC 9457; a 409 also names `state` and `action`."""

    type: str = Field(examples=["urn:istiqbal:problem:illegal-transition"])
    title: str
    status: int
    detail: str
    state: str | None = None
    action: str | None = None
    key: str | None = None


def problem(status: int, slug: str, detail: str, **members: Any) -> Response:
    """A problem response; `detail` is already in the reader's language."""
    body = {
        "type": PROBLEM_TYPE + slug,
        "title": in_language(_language(), TITLES.get(status, "Error")),
        "status": status,
        "detail": detail,
        **{name: value for name, value in members.items() if value is not None},
    }
    response = Response(dumps(body), status, mimetype="application/problem+json")
    response.headers["Content-Language"] = _language()
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if status in (429, 503):
        response.headers["Retry-After"] = str(members.get("seconds", 1))
    return response


def refused(error: Refused) -> Response:
    """A refusal as a problem; its parameters are members of their own, so that a program need not parse the sentence."""
    detail = in_language(_language(), error.message, **error.params)
    members = {name: _utc(value) if isinstance(value, datetime) else value for name, value in error.params.items()}
    return problem(error.status, error.slug, detail, **members)


def _utc(moment: datetime) -> str:
    return rfc3339(int(moment.timestamp() * MS))


def invalid(error: ValidationError) -> Response:
    """A body or query that does not fit its schema: the first fault, by its key."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    key = ".".join(str(part) for part in first["loc"]) or "body"
    reason = first["msg"]
    return problem(422, "wrong-value", in_language(_language(), DETAILS[422], key=key, reason=reason), key=key)


def http_error(error: HTTPException) -> Response:
    """What Flask itself refuses (404, 405, 413 …) as a problem."""
    if isinstance(error.response, Response):  # somebody aborted with an answer of their own
        return error.response
    status = error.code or 500
    limit = request.max_content_length
    detail = in_language(_language(), DETAILS.get(status, TITLES.get(status, "Error")), limit=limit)
    response = problem(status, TITLES.get(status, "error").lower().replace(" ", "-"), detail)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def broken(error: Exception) -> Response:
    """A mistake of ours: logged with its trace, told without it."""
    log.error("a request failed", exc_info=error)
    return problem(500, "broken", in_language(_language(), DETAILS[500]))


def _language() -> str:
    """The first language of Accept-Language that we speak; English for programs, which name none."""
    wishes = (normalise(tag) for tag in request.accept_languages.values())
    return next((code for code in wishes if code), "en")
