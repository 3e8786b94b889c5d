"""Every route as every role: nobody gets in where the table does not let them."""

from __future__ import annotations

from typing import Any

import pytest

from server.app import Server
from tests.programs import Program

MAY = {
    "/api/v1/tickets": {"kiosk", "clerk", "manager"},
    "/api/v1/visits/{visit}": {"nobody", "kiosk", "display", "clerk", "manager"},
    "/api/v1/visits/{visit}/cancel": {"nobody", "kiosk", "display", "clerk", "manager"},
    "/api/v1/visits/{visit}/reprint": {"clerk", "manager"},
    "/api/v1/board": {"kiosk", "display", "clerk", "manager"},
    "/api/v1/reports/wait-times": {"manager"},
}
ROLES = ("nobody", "kiosk", "display", "clerk", "manager")


@pytest.mark.parametrize("role", ROLES)
def test_it_lets_each_role_do_what_the_table_says_and_no_more(server: Server, callers: dict[str, Program], role: str) -> None:
    document = callers["nobody"].get("/api/v1/openapi.json").get_json()
    for path, operations in document["paths"].items():
        allowed = MAY.get(path, {"clerk", "manager"} if path.startswith("/api/v1/counters/") else None)
        assert allowed is not None, f"{path} has no line in this test's table"
        for method in operations:
            address = path.format(visit="aaaaaaaaaaaaaaaaaaaaaaaaaa", counter=1)
            caller = callers[role]
            body = {"service": "etat-civil", "language": "ar", "visit": "a" * 26, "reason": "because"}
            wanted = _members(document, operations[method])
            response = (
                caller.get(address)
                if method == "get"
                else caller.post(address, {name: value for name, value in body.items() if name in wanted})
            )
            refused = response.status_code in (401, 403)
            assert refused != (role in allowed), f"{role} {method} {path}: {response.status_code}"
            assert response.status_code < 500


def _members(document: dict[str, Any], operation: dict[str, Any]) -> set[str]:
    if "requestBody" not in operation:
        return set()
    reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    return set(document["components"]["schemas"][reference.rsplit("/", 1)[1]]["properties"])


def test_every_page_route_is_known_to_this_test(server: Server) -> None:
    """A new page must be thought about here: who may see it."""
    known = {
        "/": "anyone",
        "/assets/<version>/<path:name>": "anyone",
        "/healthz": "anyone",
        "/readyz": "anyone",
        "/metrics": "anyone",
        "/api/v1/openapi.json": "anyone",
        "/sign-in": "anyone",
        "/sign-out": "anyone",
        "/kiosk/": "kiosk",
        "/t/<visit>": "anyone",
        "/display/": "display",
        "/display/clips/<path:name>": "display",
        "/counter/": "clerk",
        "/counter/<int:counter>": "clerk",
        "/manager/": "manager",
        "/manager/tickets": "manager",
        "/manager/tickets/preview": "posted to by a manager",
        "/manager/tickets/preview.png": "manager",
        "/manager/printers/<name>": "manager",
        "/manager/printers/<name>/tickets.json": "manager",
        "/manager/printers/<name>/tickets/<id>.png": "manager",
    }
    rules = {rule.rule for rule in server.app.url_map.iter_rules()}
    pages = {rule for rule in rules if not rule.startswith("/api/v1/") and not rule.endswith("static/<path:filename>")}
    assert pages <= set(known)
    client = server.app.test_client()
    for rule, role in known.items():
        if role == "anyone" or rule not in rules:
            continue
        if role.startswith("posted"):
            assert client.post(rule).status_code in (302, 401, 403)
            continue
        response = client.get(rule.replace("<int:counter>", "1").replace("<name>", "hall-1").replace("<id>", "x"))
        assert response.status_code in (302, 401, 403), f"{rule} answered {response.status_code} to nobody"
