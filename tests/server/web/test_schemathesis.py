"""Nonsense of every kind, made from the OpenAPI document: no 500, and every answer is one that the document promises."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis

from server.app import Server
from server.operations.making import new_token
from tests.nonsense import attack


def operations(server: Server) -> Iterator[Any]:
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", server.app)
    found = [result.ok() for result in document.get_all_operations()]
    assert len(found) >= 18
    yield from found


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("role", ["manager", None])
def test_no_request_gets_a_500_or_an_answer_that_is_not_documented(server: Server, role: str | None) -> None:
    headers = {"Authorization": f"Bearer {new_token(server.unit.folder, role, 'attacker')}"} if role else {}
    for operation in operations(server):
        attack(operation, headers)
