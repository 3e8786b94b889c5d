"""A whole server in this process, for requests one by one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.app import Server
from server.operations.making import new_token


class Caller:
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


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    """The server of a new unit, in this process, its workers at rest."""
    made = Server(folder)
    yield made
    made.unit.close()


@pytest.fixture
def callers(folder: Path, server: Server) -> dict[str, Caller]:
    """A caller for every role, and `nobody`."""
    roles = ("kiosk", "display", "clerk", "manager")
    tokens = {role: new_token(folder, role, f"{role}-1") for role in roles}
    made = {role: Caller(server.app.test_client(use_cookies=False), token) for role, token in tokens.items()}
    return {**made, "nobody": Caller(server.app.test_client(use_cookies=False), None)}
