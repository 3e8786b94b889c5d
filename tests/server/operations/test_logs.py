"""The log says what went wrong and where; it does not say who came."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from server.app import Server
from server.errors import StoreFull
from server.operations.logs import JsonLines
from tests.programs import Program


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What this process logs, as the server writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


def test_a_request_that_fails_is_one_line_with_its_route(
    server: Server, callers: dict[str, Program], lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreFull

    monkeypatch.setattr(server.unit.visits, "issue", full)
    callers["kiosk"].post("/api/v1/tickets", {"service": "etat-civil", "language": "ar"})
    (line,) = [json.loads(one) for one in lines.getvalue().splitlines()]
    assert {**line, "time": "", "ms": 0} == {
        "time": "", "level": "warning", "from": "server.web.trail", "message": "a request failed", "method": "POST",
        "route": "/api/v1/tickets", "status": 503, "ms": 0, "role": "kiosk",
    }  # fmt: skip


def test_a_request_that_goes_well_leaves_nothing(callers: dict[str, Program], lines: io.StringIO) -> None:
    callers["kiosk"].post("/api/v1/tickets", {"service": "etat-civil", "language": "ar"})
    assert lines.getvalue() == ""


def test_nobody_is_found_in_the_log_whatever_goes_wrong(
    server: Server, callers: dict[str, Program], lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "Fatima Zahra 0612345678"
    visit = callers["kiosk"].post("/api/v1/tickets", {"service": "etat-civil", "language": "ar"}).get_json()

    def broken(*_: object) -> None:
        raise ValueError(f"can't read {secret} of {visit['visit']}")

    monkeypatch.setattr("kiosk.api.look_at_visit", broken)
    monkeypatch.setattr("kiosk.visit_page.look_at_visit", broken)
    assert callers["nobody"].get(f"/api/v1/visits/{visit['visit']}?name={secret}").status_code == 500
    assert callers["nobody"].get(f"/t/{visit['visit']}").status_code == 500
    callers["nobody"].post("/sign-in", data={"login": secret, "password": secret})
    callers["nobody"].get(f"/{secret}", headers={"User-Agent": secret})
    written = lines.getvalue()
    assert "ValueError" in written
    assert "kiosk/visit_page.py" in written
    for personal in (secret, "Fatima", "0612345678", visit["visit"], visit["ticket"], "127.0.0.1"):
        assert personal not in written
