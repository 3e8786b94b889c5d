"""Every route as every role: nobody gets in where the table does not let them."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from werkzeug.routing import Rule

from server.access.routes import unlisted
from server.app import Server
from tests.programs import Program

EVERYBODY = frozenset({"nobody", "kiosk", "display", "counter", "tablet", "clerk", "manager", "administrator"})
STAFF = frozenset({"clerk", "manager", "administrator"})
MANAGERS = frozenset({"manager", "administrator"})
COUNTER_ACTIONS = (
    "open", "pause", "close", "call-next", "call", "recall", "start", "finish", "no-show", "undo", "park", "recycle",
    "take-up", "transfer", "walk-direct",
)  # fmt: skip

MAY: dict[str, frozenset[str]] = {
    "GET /": EVERYBODY,
    "GET /assets/<version>/<path:name>": EVERYBODY,
    "GET /healthz": EVERYBODY,
    "GET /readyz": EVERYBODY,
    "GET /metrics": EVERYBODY,
    "GET /api/v1/openapi.json": EVERYBODY,
    "GET /sign-in": EVERYBODY,
    "POST /sign-in": EVERYBODY,
    "GET /sign-out": EVERYBODY,
    "POST /sign-out": EVERYBODY,
    "GET /t/<visit>": EVERYBODY,
    "GET /t/<visit>/qr.svg": EVERYBODY,
    "GET /t/<visit>/state": EVERYBODY,
    "POST /t/<visit>/cancel": EVERYBODY,
    "GET /t/<visit>/rating": EVERYBODY,
    "POST /t/<visit>/rating": EVERYBODY,
    "GET /s/": EVERYBODY,
    "GET /s/new": EVERYBODY,
    "POST /s/new": EVERYBODY,
    "GET /s/<reference>": EVERYBODY,
    "GET /s/<reference>/qr.svg": EVERYBODY,
    "POST /t/<visit>/more-time": EVERYBODY,
    "GET /kiosk/": frozenset({"kiosk"}),
    "GET /counter/<int:number>/rating": frozenset({"tablet"}),
    "POST /kiosk/stage/<lang>": frozenset({"kiosk"}),
    "POST /kiosk/say/<lang>": frozenset({"kiosk"}),
    "GET /manager/ratings": MANAGERS,
    "GET /manager/doctor": MANAGERS,
    "POST /manager/doctor": MANAGERS,
    "POST /manager/doctor/printers/<name>/test": MANAGERS,
    "GET /kiosk/offers.json": frozenset({"kiosk"}),
    "GET /kiosk/say/<lang>/<path:what>": frozenset({"kiosk"}),
    "GET /display/": frozenset({"display"}),
    "GET /display/clips/<path:name>": STAFF | {"kiosk", "display"},
    "GET /display/media/<name>": MANAGERS | {"display"},
    "GET /my-password": STAFF,
    "POST /my-password": STAFF,
    "GET /counter/": STAFF,
    "GET /counter/<int:counter>": STAFF,
    "GET /manager/": MANAGERS,
    "GET /manager/hours": MANAGERS,
    "GET /manager/today": MANAGERS,
    "POST /manager/hours": MANAGERS,
    "GET /manager/displays": MANAGERS,
    "POST /manager/displays": MANAGERS,
    "GET /manager/media": MANAGERS,
    "POST /manager/media": MANAGERS,
    "POST /manager/media/text": MANAGERS,
    "POST /manager/media/results": MANAGERS,
    "POST /manager/media/<int:id>": MANAGERS,
    "GET /manager/tickets": MANAGERS,
    "GET /manager/reports": MANAGERS,
    "GET /manager/reports/exports": MANAGERS,
    "POST /manager/reports/exports": MANAGERS,
    "POST /manager/reports/exports/<id>/cancel": MANAGERS,
    "GET /manager/reports/exports/<id>/file": MANAGERS,
    "GET /manager/reports/settings": MANAGERS,
    "POST /manager/reports/settings": MANAGERS,
    "POST /manager/tickets": MANAGERS,
    "POST /manager/tickets/preview": MANAGERS,
    "GET /manager/tickets/preview.png": MANAGERS,
    "GET /manager/voice": MANAGERS,
    "POST /manager/voice": MANAGERS,
    "POST /manager/voice/test": MANAGERS,
    "GET /manager/voice/clip/<path:name>": MANAGERS,
    "POST /manager/voice/clip/<path:name>": MANAGERS,
    "GET /manager/portal": MANAGERS,
    "POST /manager/portal/try": MANAGERS,
    "GET /manager/portal/<int:delivery>": MANAGERS,
    "POST /manager/portal/<int:delivery>": MANAGERS,
    "GET /manager/printers/<name>": MANAGERS,
    "GET /manager/printers/<name>/tickets.json": MANAGERS,
    "GET /manager/printers/<name>/tickets/<id>.png": MANAGERS,
    "GET /pairing/<role>": frozenset({"kiosk"}),
    "GET /pairing/<role>/state": EVERYBODY,
    "GET /manager/people": MANAGERS,
    "POST /manager/people": MANAGERS,
    "GET /manager/people/<int:id>": MANAGERS,
    "POST /manager/people/<int:id>": MANAGERS,
    "POST /manager/people/<int:id>/password": MANAGERS,
    "POST /manager/people/<int:id>/pin": MANAGERS,
    "POST /manager/people/<int:id>/sign-out": MANAGERS,
    "POST /manager/people/<int:id>/unlock": MANAGERS,
    "POST /manager/people/<int:id>/remove": MANAGERS,
    "GET /manager/devices": MANAGERS,
    "POST /manager/devices/pair": MANAGERS,
    "POST /manager/devices/<int:id>/rename": MANAGERS,
    "POST /manager/devices/<int:id>/revoke": MANAGERS,
    "POST /manager/devices/token": frozenset({"administrator"}),
    "GET /manager/setup": MANAGERS,
    "GET /manager/setup/<section>": MANAGERS,
    "GET /manager/setup/<section>/edit": MANAGERS,
    "POST /manager/setup/<section>/edit": MANAGERS,
    "GET /manager/setup/changes": MANAGERS,
    "GET /manager/setup/file": MANAGERS,
    "GET /manager/setup/file.toml": MANAGERS,
    "POST /manager/setup/file": frozenset({"administrator"}),
    "POST /api/v1/tickets": STAFF | {"kiosk"},
    "GET /api/v1/visits/<visit>": EVERYBODY,
    "POST /api/v1/visits/<visit>/cancel": EVERYBODY,
    "POST /api/v1/visits/<visit>/more-time": EVERYBODY,
    "POST /api/v1/visits/<visit>/rating": EVERYBODY,
    "POST /api/v1/ratings/visit": frozenset({"kiosk"}),
    "POST /api/v1/submissions": EVERYBODY,
    "GET /api/v1/submissions/<reference>": EVERYBODY,
    "POST /api/v1/visits/<visit>/reprint": STAFF,
    "GET /api/v1/board": STAFF | {"kiosk", "display"},
    "GET /api/v1/alerts": MANAGERS,
    "GET /api/v1/reports/estimates": MANAGERS,
    "GET /manager/estimates": MANAGERS,
    "GET /manager/day": MANAGERS,
    "POST /api/v1/alerts/<alert>/seen": MANAGERS,
    "GET /api/v1/reports/wait-times": MANAGERS,
    "GET /api/v1/reports/service-times": MANAGERS,
    "GET /api/v1/reports/counters": MANAGERS,
    "GET /api/v1/reports/out-of-order": MANAGERS,
    "GET /api/v1/reports/ratings": MANAGERS,
    "GET /api/v1/reports/estimate-errors": MANAGERS,
    "GET /api/v1/counters/<counter>/visitors": STAFF,
    **{f"POST /api/v1/counters/<counter>/{action}": STAFF for action in COUNTER_ACTIONS},
    "POST /api/v1/counters/<counter>/release": MANAGERS,
}
"""Method and rule → who may. A new route must be thought about here."""

PLACES = {"alert": "1",
    "section": "services",
    "role": "kiosk", "visit": "a" * 26, "counter": "1", "number": "1", "name": "hall-1", "id": "1", "version": "x",
    "lang": "ar", "what": "x",
    "delivery": "1", "reference": "A" * 16,
}  # fmt: skip
BODY = {"service": "etat-civil", "language": "ar", "visit": "a" * 26, "reason": "because"}


def routes(server: Server) -> list[tuple[str, Rule]]:
    """`METHOD rule` and the rule, of all but the rooms' unused static folders."""
    return [
        (f"{method} {rule.rule}", rule)
        for rule in server.app.url_map.iter_rules()
        if not rule.endpoint.endswith(".static")
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def test_every_route_stands_in_this_test_and_in_no_other_way(server: Server) -> None:
    assert {name for name, _ in routes(server)} == set(MAY)


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_each_role_does_what_the_table_says_and_no_more(server: Server, callers: dict[str, Program], role: str) -> None:
    schemas = callers["nobody"].get("/api/v1/openapi.json").get_json()
    for name, rule in routes(server):
        method, address = name.split()[0], re.sub(r"<(?:\w+:)?(\w+)>", lambda place: PLACES[place[1]], rule.rule)
        caller = callers[role]
        if method == "GET":
            response = caller.get(address)
        elif address.startswith("/api/"):
            response = caller.post(address, wanted(schemas, rule.rule))
        else:
            response = caller.post(address, data={}, content_type="multipart/form-data")
        refused = response.status_code in (401, 403) and b"wrong-password" not in response.data and rule.rule != "/sign-in"
        assert refused != (role in MAY[name]), f"{role} {name}: {response.status_code}"
        assert response.status_code < 500, f"{role} {name}: {response.status_code}"


def wanted(document: dict[str, Any], rule: str) -> dict[str, str]:
    """A body with the members that the operation knows."""
    path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)
    reference = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    members = document["components"]["schemas"][reference.rsplit("/", 1)[1]].get("properties", {})
    return {name: value for name, value in BODY.items() if name in members}


def test_a_route_that_nobody_thought_about_stops_the_start(server: Server) -> None:
    assert unlisted(["counter.choose", "manager.static", "manager.give_away_the_keys"]) == ["manager.give_away_the_keys"]
    assert unlisted(rule.endpoint for rule in server.app.url_map.iter_rules()) == []


def test_a_person_without_permission_is_led_to_the_sign_in_and_back(server: Server) -> None:
    browser = server.app.test_client()
    answer = browser.get("/manager/tickets", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in?next=/manager/tickets")
    assert browser.post("/manager/tickets", data={"logo": (io.BytesIO(b""), "x")}).status_code == 401
