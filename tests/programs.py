"""Programs that call the API of a server in this process."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class Program:
    """A program that calls the API with one token (None: with none)."""

    def __init__(self, client: FlaskClient, token: str | None) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        return self._client.get(path, headers={**self._headers, **kwargs.pop("headers", {})}, **kwargs)

    def post(self, path: str, body: Any = None, **kwargs: Any) -> TestResponse:
        headers = {**self._headers, **kwargs.pop("headers", {})}
        if body is not None:
            kwargs["json"] = body
        return self._client.post(path, headers=headers, **kwargs)
