"""The portal keeps to its own OpenAPI document, whatever is thrown at it."""

from __future__ import annotations

from typing import Any

import hypothesis
import pytest
import schemathesis
from flask import Flask
from schemathesis import checks

from tests.portal.sender import Sender

EVERYTHING = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
FEW = hypothesis.settings(max_examples=25, deadline=None, suppress_health_check=list(hypothesis.HealthCheck), database=None)


def attack(operation: Any, headers: dict[str, str]) -> None:
    @FEW
    @hypothesis.given(case=operation.as_strategy())
    def throw(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=EVERYTHING)

    throw()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("known", [True, False])
def test_no_request_gets_a_500_or_an_answer_that_is_not_documented(app: Flask, sender: Sender, known: bool) -> None:
    document = schemathesis.openapi.from_wsgi("/v1/openapi.json", app)
    found = [result.ok() for result in document.get_all_operations()]
    assert len(found) == 6
    for operation in found:
        attack(operation, {"Authorization": f"Bearer {sender.token}"} if known else {})
