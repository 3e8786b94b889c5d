"""Addresses with numbers that nothing has."""

from __future__ import annotations

import re

from server.app import Server
from tests.programs import Program
from tests.server.access.test_permissions import PLACES, routes

BEYOND = str(2**64)


def test_a_number_beyond_every_id_is_no_page_and_no_fault(server: Server, callers: dict[str, Program]) -> None:
    tried = 0
    for name, rule in routes(server):
        if "<int:" not in rule.rule:
            continue
        address = re.sub(r"<int:\w+>", BEYOND, rule.rule)
        address = re.sub(r"<(?:\w+:)?(\w+)>", lambda place: PLACES[place[1]], address)
        ask = callers["administrator"].get if name.startswith("GET") else callers["administrator"].post
        assert ask(address).status_code in (404, 405), name
        tried += 1
    assert tried > 10
