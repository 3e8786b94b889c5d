"""The API: what it answers, and the one clear sentence for everything it refuses."""

from __future__ import annotations

import math
import re
import time
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from server import journal
from server.app import Server
from tests.programs import Program

Callers = dict[str, Program]
TICKETS = "/api/v1/tickets"
ORDER = {"service": "etat-civil", "language": "ar"}
NEXT = "/api/v1/counters/1/call-next"


def problem(response: TestResponse, status: int, slug: str) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.mimetype == "application/problem+json"
    body: dict[str, Any] = response.get_json()
    assert body["type"] == f"urn:istiqbal:problem:{slug}"
    assert body["status"] == status
    assert body["detail"].endswith((".", "。")), body["detail"]
    assert "\n" not in body["detail"]
    return body


def test_it_gives_a_ticket(callers: Callers) -> None:
    response = callers["kiosk"].post(TICKETS, ORDER)
    assert response.status_code == 201
    ticket = response.get_json()
    assert re.fullmatch("[a-z2-7]{26}", ticket["visit"])
    assert (ticket["ticket"], ticket["service"], ticket["people_ahead"]) == ("A001", "etat-civil", 0)
    assert (ticket["estimated_wait"], ticket["printing"]) == (None, None)
    assert ticket["service_name"] == "الحالة المدنية"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", ticket["issued_at"])
    assert response.headers["Cache-Control"] == "no-store"


def test_it_walks_a_visit_from_ticket_to_end(callers: Callers) -> None:
    kiosk, clerk = callers["kiosk"], callers["clerk"]
    began = time.monotonic()
    visit = kiosk.post(TICKETS, {**ORDER, "language": "zgh"}).get_json()["visit"]
    assert clerk.post("/api/v1/counters/1/open").get_json() == {"id": 1, "number": 1, "state": "open", "clerk": "clerk-1"}
    called = clerk.post(NEXT).get_json()
    assert 0 <= called["waited"] <= math.ceil(time.monotonic() - began)
    assert called == {
        "visit": visit,
        "ticket": "A001",
        "service": "etat-civil",
        "language": "zgh",
        "waited": called["waited"],
        "rule": "arrival",
    }
    assert clerk.post(NEXT).status_code == 409
    for action, state in (("recall", "called"), ("start", "serving"), ("finish", "served")):
        assert clerk.post(f"/api/v1/counters/1/{action}").get_json()["state"] == state
    seen = callers["nobody"].get(f"/api/v1/visits/{visit}").get_json()
    assert (seen["state"], seen["counter"], seen["people_ahead"]) == ("served", None, None)


def test_it_answers_204_when_nobody_waits(callers: Callers) -> None:
    callers["clerk"].post("/api/v1/counters/1/open")
    response = callers["clerk"].post(NEXT)
    assert (response.status_code, response.data) == (204, b"")


def test_it_answers_a_key_twice_with_one_ticket(callers: Callers) -> None:
    key = {"Idempotency-Key": "one-touch"}
    first, second = (callers["kiosk"].post(TICKETS, ORDER, headers=key) for _ in range(2))
    assert (first.status_code, first.get_json()) == (second.status_code, second.get_json())
    other = callers["kiosk"].post(TICKETS, {**ORDER, "language": "fr"}, headers=key)
    problem(other, 422, "idempotency-key-reused")
    problem(callers["kiosk"].post(TICKETS, ORDER, headers={"Idempotency-Key": "x" * 129}), 400, "idempotency-key-invalid")


def test_it_answers_a_repeated_call_with_the_same_visitor(callers: Callers) -> None:
    for _ in range(2):
        callers["kiosk"].post(TICKETS, ORDER)
    callers["clerk"].post("/api/v1/counters/1/open")
    key = {"Idempotency-Key": "next-1"}
    first, second = (callers["clerk"].post(NEXT, headers=key).get_json() for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("body", "status", "slug"),
    [
        ({**ORDER, "service": "nothing"}, 404, "unknown-service"),
        ({**ORDER, "language": "tlh"}, 422, "wrong-value"),
        ({**ORDER, "service": 7}, 422, "wrong-value"),
        ({**ORDER, "language": None}, 422, "wrong-value"),
        ({**ORDER, "priority": "rich"}, 422, "unknown-priority"),
        ({**ORDER, "service": "\ud800"}, 422, "wrong-value"),
        ({**ORDER, "service": "a\u0000b"}, 404, "unknown-service"),
        ({**ORDER, "surprise": 1}, 422, "wrong-value"),
        ({"service": "etat-civil"}, 422, "wrong-value"),
        ([ORDER], 400, "not-json"),
        ("etat-civil", 400, "not-json"),
    ],
)
def test_it_refuses_a_wrong_order_and_changes_nothing(server: Server, callers: Callers, body: Any, status: int, slug: str) -> None:
    with server.unit.reading() as conn:
        before = journal.last_seq(conn)
    problem(callers["kiosk"].post(TICKETS, body), status, slug)
    with server.unit.reading() as conn:
        assert journal.last_seq(conn) == before


def test_it_refuses_a_body_that_is_no_json(callers: Callers) -> None:
    kiosk = callers["kiosk"]
    problem(kiosk.post(TICKETS, data="{", content_type="application/json"), 400, "not-json")
    problem(kiosk.post(TICKETS, data="a=1", content_type="text/plain"), 415, "wrong-media-type")
    problem(kiosk.post(TICKETS, data=b"\xff\xfe", content_type="application/json"), 400, "not-json")
    problem(kiosk.post(TICKETS, {"service": "x" * 1_000_000, "language": "ar"}), 413, "too-large")


def test_it_refuses_a_missing_wrong_or_foreign_token(callers: Callers, server: Server) -> None:
    refusal = callers["nobody"].post(TICKETS, ORDER)
    problem(refusal, 401, "not-signed-in")
    assert refusal.headers["WWW-Authenticate"] == "Bearer"
    stranger = Program(server.app.test_client(), "a token that nobody made")
    problem(stranger.post(TICKETS, ORDER), 401, "not-signed-in")
    problem(callers["display"].post(TICKETS, ORDER), 403, "not-allowed")
    from_elsewhere = {"Origin": "http://evil.example"}
    problem(callers["kiosk"].post(TICKETS, ORDER, headers=from_elsewhere), 403, "foreign-origin")
    assert callers["kiosk"].post(TICKETS, ORDER, headers={"Origin": "http://localhost"}).status_code == 201


def test_it_refuses_what_does_not_exist(callers: Callers) -> None:
    problem(callers["clerk"].post("/api/v1/counters/99/open"), 404, "unknown-counter")
    problem(callers["clerk"].post("/api/v1/counters/one/open"), 422, "wrong-value")
    problem(callers["clerk"].post(f"/api/v1/counters/{10**30}/open"), 422, "wrong-value")
    problem(callers["nobody"].get("/api/v1/visits/aaaaaaaaaaaaaaaaaaaaaaaaaa"), 404, "unknown-visit")
    problem(callers["nobody"].post("/api/v1/visits/aaaaaaaaaaaaaaaaaaaaaaaaaa/cancel"), 404, "unknown-visit")
    problem(callers["nobody"].get("/api/v1/nothing"), 404, "not-found")
    response = callers["kiosk"].get(TICKETS)
    problem(response, 405, "method-not-allowed")
    assert "POST" in response.headers["Allow"]


def test_an_illegal_transition_names_state_and_action_in_the_readers_language(callers: Callers) -> None:
    visit = callers["kiosk"].post(TICKETS, ORDER).get_json()["visit"]
    clerk = callers["clerk"]
    closed = problem(clerk.post(NEXT), 409, "counter-not-open")
    assert (closed["state"], closed["action"]) == ("closed", "call-next")
    clerk.post("/api/v1/counters/1/open")
    nobody = problem(clerk.post("/api/v1/counters/1/finish"), 409, "nobody-at-counter")
    assert nobody["action"] == "finish"
    clerk.post(NEXT)
    early = problem(clerk.post("/api/v1/counters/1/finish"), 409, "illegal-transition")
    assert (early["state"], early["action"]) == ("called", "finish")
    late = problem(callers["nobody"].post(f"/api/v1/visits/{visit}/cancel"), 409, "illegal-transition")
    assert (late["state"], late["action"]) == ("called", "cancel")
    french = clerk.post("/api/v1/counters/1/finish", headers={"Accept-Language": "fr-MA, ar;q=0.5"})
    assert french.headers["Content-Language"] == "fr"
    assert french.get_json()["detail"] != early["detail"]


def test_it_shows_the_board(callers: Callers) -> None:
    for _ in range(3):
        callers["kiosk"].post(TICKETS, ORDER)
    callers["clerk"].post("/api/v1/counters/2/open")
    callers["clerk"].post("/api/v1/counters/2/call-next")
    board = callers["display"].get("/api/v1/board").get_json()
    services = {service["id"]: service for service in board["services"]}
    assert services["etat-civil"]["waiting"] == 2
    assert set(services["etat-civil"]["name"]) == {"ar", "zgh", "fr"}
    assert board["counters"][1] == {"id": 2, "number": 2, "state": "open", "ticket": "A001"}
    assert [(call["ticket"], call["counter"], call["recalls"]) for call in board["calls"]] == [("A001", 2, 0)]
    before = board["version"]
    callers["clerk"].post("/api/v1/counters/2/recall")
    again = callers["display"].get("/api/v1/board").get_json()
    assert again["calls"][0]["recalls"] == 1
    assert again["version"] > before


def test_it_reports_wait_times(callers: Callers) -> None:
    callers["kiosk"].post(TICKETS, ORDER)
    report = callers["manager"].get("/api/v1/reports/wait-times?by=service").get_json()
    assert [(row["service"], row["arrivals"]) for row in report["rows"]] == [("etat-civil", 1)]
    text = callers["manager"].get("/api/v1/reports/wait-times?by=service&format=csv")
    assert text.mimetype == "text/csv"
    assert text.text.splitlines()[1].startswith("etat-civil,1,0,0,0")
    problem(callers["manager"].get("/api/v1/reports/wait-times?from=2026-12-01&to=2026-11-01"), 422, "bad-period")
    problem(callers["manager"].get("/api/v1/reports/wait-times?from=yesterday"), 422, "bad-period")
    problem(callers["manager"].get("/api/v1/reports/wait-times?by=moon"), 422, "wrong-value")
    problem(callers["clerk"].get("/api/v1/reports/wait-times"), 403, "not-allowed")


def test_a_mistake_of_ours_is_told_without_its_trace(
    server: Server, callers: Callers, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr(server.unit.visits, "issue", broken)
    body = problem(callers["kiosk"].post(TICKETS, ORDER), 500, "broken")
    assert "secret" not in str(body)
    assert "a secret" in caplog.text


def test_it_describes_itself(callers: Callers) -> None:
    document = callers["nobody"].get("/api/v1/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    paths = document["paths"]
    desk, visit = ("open", "close", "pause"), ("call-next", "recall", "start", "finish", "no-show", "call")
    actions = (*desk, *visit, "park", "recycle", "transfer", "walk-direct")
    assert {f"/api/v1/counters/{{counter}}/{action}" for action in actions} <= set(paths)
    issue = paths["/api/v1/tickets"]["post"]
    assert {"201", "401", "403", "404", "409", "413", "415", "422"} <= set(issue["responses"])
    assert "Idempotency-Key" in [parameter["name"] for parameter in issue["parameters"]]
    assert not paths["/api/v1/counters/{counter}/call-next"]["post"]["requestBody"]["required"]


def test_its_page_names_every_route_and_no_other(callers: Callers) -> None:
    document = callers["nobody"].get("/api/v1/openapi.json").get_json()
    there = {f"{method.upper()} {path.removeprefix('/api/v1')}" for path, ways in document["paths"].items() for method in ways}
    page = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
    table = page.partition("## Every route")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `([A-Z]+ /[^`]+)` \|", table, re.M)) == there
