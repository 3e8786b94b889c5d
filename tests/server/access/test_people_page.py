"""The page of people, asked as a browser asks it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from server.access import people
from server.app import Server
from server.editing import audit
from server.operations.admitting import new_person

OURS = {"Origin": "http://localhost"}
SECRET = "a good password"


@pytest.fixture
def office(server: Server) -> FlaskClient:
    """A signed-in administrator; Salma is a clerk, Brahim a manager."""
    for login, role in (("chief", "administrator"), ("salma", "clerk"), ("brahim", "manager")):
        new_person(server.unit.folder, login, login.title(), role, SECRET)
    return signed_in(server, "chief")


def signed_in(server: Server, login: str) -> FlaskClient:
    client: FlaskClient = server.app.test_client()
    assert client.post("/sign-in", data={"login": login, "password": SECRET}, headers=OURS).status_code == 303
    return client


def number(server: Server, login: str) -> int:
    with server.unit.reading() as conn:
        return people.by_login(conn, login).id


def test_what_was_typed_stays_when_it_is_refused(office: FlaskClient) -> None:
    form = {"name": "Idir ⵉⴷⵉⵔ", "login": "SALMA", "role": "clerk", "languages": ["zgh"], "password": SECRET}
    answer = office.post("/manager/people", data=form, headers=OURS)
    assert answer.status_code == 409
    assert "Idir ⵉⴷⵉⵔ" in answer.text
    assert SECRET not in answer.text
    assert office.post("/manager/people", data={**form, "login": "idir", "password": "short"}, headers=OURS).status_code == 422
    assert office.post("/manager/people", data={**form, "login": "idir"}, headers=OURS).status_code == 303


def test_a_manager_sees_a_colleague_but_changes_only_clerks(server: Server, office: FlaskClient) -> None:
    manager = signed_in(server, "brahim")
    chief, salma, mine = (f"/manager/people/{number(server, login)}" for login in ("chief", "salma", "brahim"))
    assert manager.get(chief).status_code == 200
    for path in (f"{chief}/remove", f"{chief}/sign-out", f"{chief}/pin", f"{mine}/remove"):
        assert manager.post(path, data={"pin": "2759"}, headers=OURS).status_code == 403, path
    assert manager.post(f"{chief}/password", data={"password": "another good one"}, headers=OURS).status_code == 403
    assert manager.post(f"{salma}/password", data={"password": "another good one"}, headers=OURS).status_code == 303
    for secret in ({"password": "another good one"}, {"pin": "2759"}):
        assert manager.post(f"{mine}/{next(iter(secret))}", data=secret, headers=OURS).status_code == 409, (
            "the old one is asked for"
        )
    assert 'href="/my-password?next=' in manager.get(mine).text


def test_a_manager_ends_a_lock_out(server: Server, office: FlaskClient) -> None:
    stranger = server.app.test_client()
    wrong = {"login": "salma", "password": "guessed wrongly"}
    answers = [stranger.post("/sign-in", data=wrong).status_code for _ in range(7)]
    assert answers[:5] == [401] * 5
    assert 429 in answers[5:]
    assert stranger.post("/sign-in", data={"login": "salma", "password": SECRET}).status_code == 429
    office.post(f"/manager/people/{number(server, 'salma')}/unlock", headers=OURS)
    assert stranger.post("/sign-in", data={"login": "salma", "password": SECRET}).status_code == 303


def test_a_managers_session_lifts_no_lock_out_of_an_administrator(server: Server, office: FlaskClient) -> None:
    manager, stranger = signed_in(server, "brahim"), server.app.test_client()
    wrong = {"login": "chief", "password": "guessed wrongly"}
    assert [stranger.post("/sign-in", data=wrong).status_code for _ in range(6)][-1] == 429
    for _ in range(3):
        assert manager.post(f"/manager/people/{number(server, 'chief')}/unlock", headers=OURS).status_code == 403
        assert stranger.post("/sign-in", data=wrong).status_code == 429
    assert changes(server) == []


def test_ending_sessions_and_lock_outs_is_in_the_list_of_changes(server: Server, office: FlaskClient) -> None:
    signed_in(server, "salma")
    signed_in(server, "salma")
    salma = number(server, "salma")
    for what in ("sign-out", "unlock"):
        assert office.post(f"/manager/people/{salma}/{what}", headers=OURS).status_code == 303
    assert changes(server) == [("Chief", {"lock_out": "ended"}), ("Chief", {"sessions": 0})]
    page = office.get("/manager/setup/changes", headers={"Accept-Language": "en"}).text
    assert "Waiting time after wrong attempts" in page


def changes(server: Server) -> list[tuple[str, dict[str, object]]]:
    """Who changed what of people, newest first; how they were made is left out."""
    with server.unit.reading() as conn:
        found = [(one.by, one.differences()) for one in audit.entries(conn, what="person") if one.before]
    return [(by, {name: after for name, _, after in different}) for by, different in found]


def test_who_is_gone_is_a_sentence(office: FlaskClient) -> None:
    assert office.get("/manager/people/999").status_code == 404
    assert office.post("/manager/people/999/remove", headers=OURS).status_code == 404
