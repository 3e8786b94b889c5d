"""What every part of the API shares: blueprints, guards, the Idempotency-Key, answers, and the OpenAPI document."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, request
from flask_openapi3 import APIBlueprint, Info, OpenAPI, Tag
from pydantic import BaseModel
from werkzeug.wrappers import Response as AnyResponse

from server.errors import BadKey, NotJson, WrongMediaType
from server.visits import Once
from server.web import identity, origin
from server.web.json import dumps
from server.web.problems import Problem, invalid

Responses = dict[str | int | HTTPStatus, Any]
PREFIX = "/api/v1"
KEY_HEADER = "Idempotency-Key"
LARGEST_BODY = 64 * 1024
VERSION = "1.0.0"

SECURITY_SCHEMES: dict[str, Any] = {
    "token": {"type": "http", "scheme": "bearer", "description": "A token made by `istiqbal token create`."},
    "session": {"type": "apiKey", "in": "cookie", "name": identity.SESSION_COOKIE},
}
SECURED: list[dict[str, list[str]]] = [{"token": []}, {"session": []}]
OPEN: list[dict[str, list[str]]] = []


def api_blueprint(name: str, description: str, largest: int = LARGEST_BODY) -> APIBlueprint:
    """The API of one room: guarded, documented under a tag of its own; bodies have at most `largest` bytes."""
    blueprint = APIBlueprint(f"{name}_api", __name__, url_prefix=PREFIX, abp_tags=[Tag(name=name, description=description)])
    blueprint.before_request(lambda: allow_body(largest))
    blueprint.before_request(_json_only)
    return blueprint


def allow_body(bytes: int) -> None:
    """Let this request's body, JSON or a form, be so large."""
    request.max_content_length = request.max_form_memory_size = bytes


def idempotency_key() -> str | None:
    """This request's Idempotency-Key; raises BadKey."""
    key = request.headers.get(KEY_HEADER)
    if key is not None and not (1 <= len(key) <= 128 and key.isascii() and all("!" <= letter <= "~" for letter in key)):
        raise BadKey
    return key


def document(title: str) -> dict[str, Any]:
    """Arguments for the app class that collects the OpenAPI document."""
    return {
        "info": Info(title=title, version=VERSION),
        "security_schemes": SECURITY_SCHEMES,
        "doc_ui": False,
        "validation_error_status": 422,
        "validation_error_model": Problem,
        "validation_error_callback": invalid,
    }


def problems(*statuses: int) -> Responses:
    """Documentation of the problems an operation may answer with."""
    return {status: _problem_response() for status in (*statuses, 400, 413, 422, 429, 503)}


def guarded(*statuses: int) -> Responses:
    """As `problems`, for operations that ask who is there."""
    return problems(401, 403, *statuses)


def _problem_response() -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": "Problem details (RFC 9457)", "content": {"application/problem+json": {"schema": schema}}}


def answer(data: Any, status: int = 200) -> Response:
    """A JSON answer; what a visit says is never kept by a cache."""
    response = Response(dumps(data), status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def once() -> Once | None:
    """This request's Idempotency-Key with a fingerprint of the whole request; raises BadKey."""
    key = idempotency_key()
    if key is None:
        return None
    whole = b"\0".join((request.method.encode(), request.path.encode(), request.get_data()))
    return Once(key, hashlib.sha256(whole).hexdigest())


def _json_only() -> None:
    """A body must be a JSON object; none at all counts as an empty one."""
    if request.method != "POST":
        return
    if not request.get_data():
        empty: dict[str, Any] = {}
        request._cached_json = (empty, empty)  # what get_json() would keep, so that an absent body reads as {}
    elif not request.is_json:
        raise WrongMediaType
    elif not isinstance(request.get_json(silent=True), dict):
        raise NotJson


def openapi(app: OpenAPI) -> dict[str, Any]:
    """The OpenAPI 3.1 document, with what the library leaves out: the key header, optional bodies, our media type."""
    if "istiqbal.openapi" not in app.extensions:
        document = dict(app.api_doc)
        for operations in document["paths"].values():
            for method, operation in operations.items():
                operation["responses"]["422"] = _problem_response()
                if method == "post":
                    _describe_post(operation, document["components"]["schemas"])
        app.extensions["istiqbal.openapi"] = document
    described: dict[str, Any] = app.extensions["istiqbal.openapi"]
    return described


def _describe_post(operation: dict[str, Any], schemas: Mapping[str, Any]) -> None:
    operation["responses"]["415"] = _problem_response()
    operation.setdefault("parameters", []).append(
        {
            "name": KEY_HEADER,
            "in": "header",
            "required": False,
            "description": "Makes a repeated request answer as the first did, without doing it again (kept two days).",
            "schema": {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$"},
        }
    )
    if "requestBody" in operation:
        reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        operation["requestBody"]["required"] = bool(schemas[reference.rsplit("/", 1)[1]].get("required"))


class Body(BaseModel):
    """A request body: unknown members are refused, so that a misspelt one is not silently dropped."""

    model_config = {"extra": "forbid"}


def guard() -> AnyResponse | None:
    """Before-request hook for every route: who asks must have its permission, and not be led by a page of another site."""
    origin.refuse_foreign_origin()
    return identity.enforce()
