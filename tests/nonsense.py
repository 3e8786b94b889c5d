"""Nonsense of every kind, made from an OpenAPI document."""

from __future__ import annotations

from typing import Any

import hypothesis
from schemathesis import checks

EVERYTHING = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
FEW = hypothesis.settings(max_examples=25, deadline=None, suppress_health_check=list(hypothesis.HealthCheck), database=None)


def attack(operation: Any, headers: dict[str, str]) -> None:
    """25 requests made from an operation's schema; every answer must be one that the document promises."""

    @FEW
    @hypothesis.given(case=operation.as_strategy())
    def throw(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=EVERYTHING)

    throw()
