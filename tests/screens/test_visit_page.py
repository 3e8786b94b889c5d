"""The visit's page on a phone."""

from __future__ import annotations

import re

import pytest
from werkzeug.test import TestResponse

from server.app import Server
from server.errors import Refused, StoreBusy, TooManyRequests
from server.lifecycle import Action
from server.visits import Order
from tests.conftest import CLERK, KIOSK


@pytest.fixture
def visit(server: Server) -> str:
    return server.unit.visits.issue(Order("etat-civil", "fr"), KIOSK)["visit"]


def test_it_follows_the_visit_in_the_tickets_language_needing_no_script_and_no_cookie(server: Server, visit: str) -> None:
    phone = server.app.test_client()
    page = phone.get(f"/t/{visit}")
    assert 'lang="fr"' in page.text
    assert "A001" in page.text
    assert "État civil" in page.text
    assert '<noscript><meta http-equiv="refresh"' in page.text
    assert "Set-Cookie" not in page.headers
    server.unit.visits.desk(3, "open", CLERK)
    server.unit.visits.call_next(3, CLERK)
    assert "guichet\N{NO-BREAK SPACE}3" in phone.get(f"/t/{visit}").text
    for action in (Action.START, Action.FINISH):
        server.unit.visits.at_counter(3, action, CLERK)
    assert 'http-equiv="refresh"' not in phone.get(f"/t/{visit}").text


def test_it_weighs_less_than_thirty_kilobytes_in_all(server: Server, visit: str) -> None:
    phone = server.app.test_client()
    page = phone.get(f"/t/{visit}")
    weight = len(page.data)
    for asset in re.findall(r'(?:href|src)="(/assets/[^"]+)"', page.text):
        with phone.get(asset) as answer:
            weight += len(answer.data)
    assert page.text.count("/assets/") == 2
    assert weight < 30 * 1024


def test_an_unchanged_state_costs_a_304_and_a_changed_one_is_told(server: Server, visit: str) -> None:
    phone = server.app.test_client()
    first = phone.get(f"/t/{visit}/state")
    assert f'data-tag="{first.text}"' in phone.get(f"/t/{visit}").text
    assert phone.get(f"/t/{visit}/state", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    server.unit.visits.desk(3, "open", CLERK)
    server.unit.visits.call_next(3, CLERK)
    assert phone.get(f"/t/{visit}/state", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_visitor_gives_the_ticket_up_after_being_asked(server: Server, visit: str) -> None:
    phone = server.app.test_client()
    assert f"/t/{visit}/cancel" not in phone.get(f"/t/{visit}").text
    assert f"/t/{visit}/cancel" in phone.get(f"/t/{visit}?cancel=1").text
    assert phone.post(f"/t/{visit}/cancel", headers={"Origin": "http://elsewhere.example"}).status_code == 403
    assert phone.post(f"/t/{visit}/cancel").status_code == 303
    assert "annulé" in phone.get(f"/t/{visit}").text
    assert phone.post(f"/t/{visit}/cancel").status_code == 409


def test_a_visitor_who_is_called_too_early_goes_back_to_the_queue_once(server: Server, visit: str) -> None:
    phone = server.app.test_client()
    assert phone.post(f"/t/{visit}/more-time").status_code == 409
    other = server.unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"]
    server.unit.visits.desk(3, "open", CLERK)
    server.unit.visits.call_next(3, CLERK)
    assert f"/t/{visit}/more-time" in phone.get(f"/t/{visit}").text
    assert phone.post(f"/t/{visit}/more-time").status_code == 303
    next_one = server.unit.visits.call_next(3, CLERK)
    assert next_one is not None
    assert next_one["visit"] == other
    server.unit.visits.at_counter(3, Action.NO_SHOW, CLERK)
    server.unit.visits.call_next(3, CLERK)
    assert f"/t/{visit}/more-time" not in phone.get(f"/t/{visit}").text
    assert phone.post(f"/t/{visit}/more-time").status_code == 409
    with server.unit.reading() as conn:
        events = conn.execute("SELECT type FROM events WHERE visit = ? AND actor = 'visitor' ORDER BY seq", (visit,)).fetchall()
    assert [type for (type,) in events] == ["no_show", "recycled"]


def test_it_tells_what_to_bring_what_it_costs_and_where_help_is(server: Server, visit: str) -> None:
    page = server.app.test_client().get(f"/t/{visit}").text
    for told in ("Livret d’état civil", "Gratuit", "tel:3737", "0802003737", "+212 5 37 67 99 06", "chikaya.ma"):
        assert told in page


def test_the_code_leads_to_the_page_where_phones_can_reach_the_server(server: Server, visit: str) -> None:
    assert server.app.test_client().get(f"/t/{visit}/qr.svg").status_code == 404


def test_a_number_stays_on_the_line_of_its_word(server: Server) -> None:
    phone = server.app.test_client()
    for lang in ("ar", "zgh", "fr"):
        server.unit.visits.issue(Order("etat-civil", lang), KIOSK)
        last = server.unit.visits.issue(Order("etat-civil", lang), KIOSK)
        sentence = re.search(r'role="status">([^<]+)', phone.get(f"/t/{last['visit']}").text)
        assert sentence is not None
        assert re.search(r"\N{NO-BREAK SPACE}\d+$", sentence[1])


@pytest.mark.parametrize("path", ["/t/{}", "/t/{}/rating", "/s/new?visit={}"])
def test_an_unknown_visit_says_in_each_language_what_to_do(server: Server, path: str) -> None:
    page = server.app.test_client().get(path.format("a" * 26), headers={"Accept-Language": "fr-FR"})
    assert page.status_code == 404
    assert page.mimetype == "text/html"
    spoken = re.findall(r'<section class="help" lang="(\w+)" dir="(\w+)">', page.text)
    assert spoken == [("fr", "ltr"), ("ar", "rtl"), ("zgh", "ltr")]
    for told in ("nouveau à la borne", "تذكرة جديدة", "ⵙⴳ ⵜⵎⴰⵛⵉⵏⵜ"):
        assert told in page.text
    assert set(re.findall(r'<a href="([^"]+)"', page.text)) == {"tel:3737"}


def told_on_a_phone(page: TestResponse) -> list[str]:
    """The languages of a page in the phone's plain style, which leads nobody to the staff's pages."""
    assert page.mimetype == "text/html"
    assert "kiosk/visit.css" in page.text
    assert "/sign-in" not in page.text
    return re.findall(r'<section class="help" lang="(\w+)"', page.text)


def test_who_comes_too_late_is_told_so_in_the_tickets_language_with_the_way_back(server: Server, visit: str) -> None:
    phone = server.app.test_client()
    phone.post(f"/t/{visit}/cancel")
    page = phone.post(f"/t/{visit}/cancel", headers={"Accept-Language": "ar"})
    assert page.status_code == 409
    assert told_on_a_phone(page) == ["fr"]
    assert "Voir mon ticket" in page.text
    assert f'href="/t/{visit}"' in page.text


def test_who_asked_for_more_time_twice_is_told_to_come_to_the_counter(server: Server, visit: str) -> None:
    phone = server.app.test_client()
    server.unit.visits.desk(3, "open", CLERK)
    for _ in range(2):
        server.unit.visits.call_next(3, CLERK)
        page = phone.post(f"/t/{visit}/more-time")
    assert page.status_code == 409
    assert told_on_a_phone(page) == ["fr"]
    assert "Merci de venir au guichet" in page.text


@pytest.mark.parametrize("path", ["/t/{}", "/t/{}/rating", "/s/"])
@pytest.mark.parametrize("refusal", [TooManyRequests(seconds=7), StoreBusy()])
def test_a_phone_that_has_to_wait_is_told_in_each_language_its_own_first(
    server: Server, visit: str, path: str, refusal: Refused
) -> None:
    def refuse() -> None:
        raise refusal

    server.app.before_request(refuse)
    page = server.app.test_client().get(path.format(visit), headers={"Accept-Language": "zgh"})
    assert page.status_code == refusal.status
    assert told_on_a_phone(page) == ["zgh", "ar", "fr"]
    assert page.headers["Retry-After"] == str(refusal.params.get("seconds", 1))
    assert "Votre ticket reste valable" in page.text or "votre ticket reste valable" in page.text
    assert f'href="{path.format(visit).removesuffix("/rating")}"' in page.text
