"""The portal keeps to its own OpenAPI document, whatever is thrown at it."""

from __future__ import annotations

import pytest
import schemathesis
from flask import Flask

from tests.nonsense import attack
from tests.portal.sender import Sender


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("known", [True, False])
def test_no_request_gets_a_500_or_an_answer_that_is_not_documented(app: Flask, sender: Sender, known: bool) -> None:
    document = schemathesis.openapi.from_wsgi("/v1/openapi.json", app)
    found = [result.ok() for result in document.get_all_operations()]
    assert len(found) == 6
    for operation in found:
        attack(operation, {"Authorization": f"Bearer {sender.token}"} if known else {})
