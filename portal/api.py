"""What units call, under /v1; described by portal/contract/openapi.json and docs/portal-contract.md."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Blueprint, Response, request

from portal import contract, units
from portal.errors import BadGrant, NotSignedIn, Refused, TooLarge, WrongMediaType
from portal.receiving import reading, storing
from portal.state import connection, portal
from portal.store.database import Connection
from portal.submissions import taking

api = Blueprint("api", __name__, url_prefix="/v1")


def answer(shown: Any, status: int = 200, **headers: str) -> Response:
    response = Response(orjson.dumps(shown), status, content_type="application/json")
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return response


def problem(refused: Refused) -> Response:
    said = {"type": f"urn:istiqbal:problem:{refused.slug}", "title": refused.title, "status": refused.status}
    response = Response(
        orjson.dumps({**said, **({"detail": refused.detail} if refused.detail else {})}),
        refused.status,
        content_type="application/problem+json",
    )
    if refused.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if refused.status in (429, 503):
        response.headers["Retry-After"] = "900" if refused.status == 429 else "5"
    return response


@api.errorhandler(Refused)
def refuse(refused: Refused) -> Response:
    return problem(refused)


@api.after_request
def say_version(response: Response) -> Response:
    response.headers[contract.VERSION_HEADER] = contract.VERSION
    return response


def calling_unit(conn: Connection) -> str:
    return units.who_calls(conn, request.headers, request.remote_addr, portal().settings.units)


def body(limit: int) -> bytes:
    """The body, refused before it is read when it says that it is larger than `limit` bytes. Raises TooLarge."""
    if request.content_length is not None and request.content_length > limit:
        raise TooLarge
    request.max_content_length = limit
    return request.get_data(cache=False)


@api.get("")
def about() -> Response:
    with connection() as conn:
        calling_unit(conn)
    return answer(
        {
            "version": contract.VERSION,
            "event_types": contract.EVENT_TYPES,
            "data_schemas": contract.DATA_SCHEMAS,
            "batch_size": contract.BATCH_SIZE,
            "batch_bytes": contract.BATCH_BYTES,
            "submission_bytes": contract.SUBMISSION_BYTES,
        }
    )


@api.post("/token")
def token() -> Response:
    """OAuth2 client credentials: HTTP Basic, or `client_id` and `client_secret` in the form."""
    if request.form.get("grant_type") != "client_credentials":
        raise BadGrant
    basic = request.authorization
    name = basic.username if basic is not None and basic.type == "basic" else request.form.get("client_id")
    secret = basic.password if basic is not None and basic.type == "basic" else request.form.get("client_secret")
    if not name or not secret or "\0" in name:
        raise NotSignedIn("Send the unit's id and its secret.")
    minutes = portal().settings.units.token_minutes
    with connection() as conn:
        made = units.new_token(conn, name, secret, minutes)
    return answer({"access_token": made, "token_type": "Bearer", "expires_in": minutes * 60}, Cache_Control="no-store")


@api.post("/events")
def events() -> Response:
    if request.mimetype != contract.BATCH_MEDIA_TYPE:
        raise WrongMediaType(f"Send {contract.BATCH_MEDIA_TYPE}.")
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("gzip", "identity"):
        raise WrongMediaType("Content-Encoding is gzip or nothing.")
    with connection() as conn:
        unit = calling_unit(conn)
        batch = reading.parse(reading.unpack(body(contract.BATCH_BYTES), encoding))
        verdicts = storing.store(conn, unit, batch, portal().clock())
    return answer({"verdicts": [verdict.shown() for verdict in verdicts]})


@api.post("/submissions")
def submit() -> Response:
    if request.mimetype != "application/json":
        raise WrongMediaType("Send application/json.")
    with connection() as conn:
        unit = calling_unit(conn)
        said = taking.read(body(contract.SUBMISSION_BYTES), unit)
        new = taking.take(conn, unit, request.headers.get("Idempotency-Key"), said)
        shown = taking.stage(conn, unit, said["reference"], portal().settings.deadlines)
    return answer(shown, 201 if new else 200, Cache_Control="no-store")


@api.get("/submissions/<reference>/stage")
def stage(reference: str) -> Response:
    with connection() as conn:
        unit = calling_unit(conn)
        shown = taking.stage(conn, unit, reference, portal().settings.deadlines)
    return answer(shown, Cache_Control="no-store")


@api.get("/keys")
def keys() -> Response:
    return answer({"keys": portal().keys.public()}, Cache_Control="max-age=86400")


@api.get("/openapi.json")
def openapi() -> Response:
    return answer(contract.openapi())
