"""The visit's page on a phone."""

from __future__ import annotations

import pytest

from server.app import Server
from server.lifecycle import Action
from server.visits import Order
from tests.conftest import CLERK, KIOSK


@pytest.fixture
def visit(server: Server) -> str:
    return server.unit.visits.issue(Order("etat-civil", "fr"), KIOSK)["visit"]


def test_it_follows_the_visit_in_the_tickets_language_without_script_or_cookie(server: Server, visit: str) -> None:
    phone = server.app.test_client()
    page = phone.get(f"/t/{visit}")
    assert 'lang="fr"' in page.text
    assert "A001" in page.text
    assert "État civil" in page.text
    assert "<script" not in page.text
    assert "Set-Cookie" not in page.headers
    assert 'http-equiv="refresh"' in page.text
    server.unit.visits.desk(3, "open", CLERK)
    server.unit.visits.call_next(3, CLERK)
    assert "guichet 3" in phone.get(f"/t/{visit}").text
    for action in (Action.START, Action.FINISH):
        server.unit.visits.at_counter(3, action, CLERK)
    assert 'http-equiv="refresh"' not in phone.get(f"/t/{visit}").text


def test_it_weighs_less_than_thirty_kilobytes(server: Server, visit: str) -> None:
    phone = server.app.test_client()
    page = phone.get(f"/t/{visit}")
    sheet = page.text.split('rel="stylesheet" href="')[1].split('"')[0]
    with phone.get(sheet) as style:
        assert len(page.data) + len(style.data) < 30 * 1024


def test_an_unknown_visit_is_a_sentence(server: Server) -> None:
    page = server.app.test_client().get("/t/" + "a" * 26)
    assert page.status_code == 404
    assert page.mimetype == "text/html"
