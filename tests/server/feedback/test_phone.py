"""Rating and writing on the visitor's phone, without script and without a cookie."""

from __future__ import annotations

import re

import pytest

from server.app import Server
from server.lifecycle import Action
from server.sync.line import KEYS_FILE
from server.visits import Order
from tests.conftest import CLERK, KIOSK
from tests.server.feedback.conftest import PortalKey, payloads


@pytest.fixture
def visit(sealing_server: Server) -> str:
    visits = sealing_server.unit.visits
    made = visits.issue(Order("etat-civil", "fr"), KIOSK)["visit"]
    visits.desk(3, "open", CLERK)
    visits.call_next(3, CLERK)
    for action in (Action.START, Action.FINISH):
        visits.at_counter(3, action, CLERK)
    return made


def test_the_page_of_a_visit_that_has_ended_leads_to_its_rating_and_to_writing(sealing_server: Server, visit: str) -> None:
    phone = sealing_server.app.test_client()
    page = phone.get(f"/t/{visit}").text
    assert f'href="/t/{visit}/rating"' in page
    assert f'href="/s/new?visit={visit}"' in page
    waiting = sealing_server.unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"]
    assert "/rating" not in phone.get(f"/t/{waiting}").text


def test_four_faces_in_the_tickets_language_then_thanks_and_a_low_one_offers_to_write(sealing_server: Server, visit: str) -> None:
    phone = sealing_server.app.test_client()
    page = phone.get(f"/t/{visit}/rating")
    assert page.text.count('type="radio" name="score"') == 4
    assert "Pas du tout satisfait" in page.text
    assert "Set-Cookie" not in page.headers
    told = phone.post(f"/t/{visit}/rating", data={"score": "1", "reason": "waiting", "comment": "Trop long"})
    assert "Merci de votre réponse" in told.text
    assert f"/s/new?visit={visit}" in told.text
    assert "déjà été évaluée" in phone.get(f"/t/{visit}/rating").text
    (owed,) = [one for one in payloads(sealing_server.unit, "portal") if one["type"] == "rated"]
    assert owed["data"]["channel"] == "phone"


def test_a_fault_keeps_what_was_chosen_and_typed(sealing_server: Server, visit: str) -> None:
    phone = sealing_server.app.test_client()
    told = phone.post(f"/t/{visit}/rating", data={"reason": "place", "comment": "<b>long</b>" * 100})
    assert told.status_code == 422
    assert "d’abord choisir un visage" in told.text
    assert "&lt;b&gt;long" in told.text
    told = phone.post(f"/t/{visit}/rating", data={"score": "2", "comment": "x" * 1001})
    assert told.status_code == 422
    assert 'value="2" required checked' in told.text
    assert "x" * 1001 in told.text


def test_a_complaint_is_sealed_and_its_reference_leads_to_its_stage(
    sealing_server: Server, visit: str, portal_key: PortalKey
) -> None:
    phone = sealing_server.app.test_client()
    page = phone.get(f"/s/new?visit={visit}").text
    assert '<option value="etat-civil" selected>' in page
    once = re.search(r'name="once" value="(\w+)"', page)
    assert once is not None
    form = {
        "once": once[1], "lang": "fr", "visit": visit, "type": "complaint", "service": "etat-civil", "phone": "0612345678",
        "text": "أول\r\nthen \u202eevil\u202c 😡",
    }  # fmt: skip
    first = phone.post("/s/new", data=form)
    assert first.status_code == 303
    assert phone.post("/s/new", data=form).location == first.location
    (owed,) = payloads(sealing_server.unit, "submission")
    reference = owed["body"]["reference"]
    assert portal_key.open(owed["body"]["sealed"], reference)["text"] == "أول\nthen \u202eevil\u202c 😡"
    groups = " ".join(reference[at : at + 4] for at in range(0, 16, 4))
    told = phone.get(first.location).text
    assert groups in told
    assert 'steps__one--reached" aria-current="step"><b>Reçue' in told
    assert groups in phone.get("/s/", query_string={"reference": groups.lower(), "lang": "fr"}, follow_redirects=True).text


def test_a_hundred_kilobytes_of_arabic_are_taken_and_what_is_too_long_comes_back_whole(sealing_server: Server) -> None:
    phone = sealing_server.app.test_client()
    form = {"lang": "ar", "type": "observation", "text": "ش" * 100_000}
    assert phone.post("/s/new", data=form).status_code == 303
    told = phone.post("/s/new", data={**form, "text": "ش" * 100_001, "phone": "0612345678"})
    assert told.status_code == 422
    assert "ش" * 100_001 in told.text
    assert "0612345678" in told.text


def test_without_a_key_the_form_says_where_else_to_turn(sealing_server: Server) -> None:
    (sealing_server.unit.folder / KEYS_FILE).unlink()
    page = sealing_server.app.test_client().get("/s/new?lang=fr").text
    assert "tel:3737" in page
    assert "<textarea" not in page


def test_a_reference_that_is_not_there_is_asked_for_again(sealing_server: Server) -> None:
    phone = sealing_server.app.test_client()
    told = phone.get("/s/AAAABBBBCCCCDDDD?lang=fr")
    assert told.status_code == 404
    assert "AAAA BBBB CCCC DDDD" in told.text
    assert phone.get("/s/AAAABBBBCCCCDDDD/qr.svg").status_code == 404
