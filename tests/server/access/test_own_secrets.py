"""Everybody's own password and PIN: chosen by themselves, with the old one, and known to nobody else."""

from __future__ import annotations

import json
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from server.access import people
from server.app import Server
from server.editing.audit import entries
from server.operations.admitting import new_person
from server.operations.making import new_token
from tests.programs import Program

OURS = {"Origin": "http://localhost", "Accept-Language": "en"}
FIRST, OTHER, THIRD = "a good password", "another good one", "a third good one"


class Person:
    """Somebody at a browser, or at a shared counter PC."""

    def __init__(self, server: Server, login: str, pc: str = "") -> None:
        self.server, self.login = server, login
        self.client: FlaskClient = server.app.test_client()
        if pc:
            self.client.set_cookie("istiqbal_counter", pc)

    def signs_in(self, password: str = FIRST) -> tuple[int, str]:
        """The answer's status, and where it leads."""
        answer = self.client.post("/sign-in", data={"login": self.login, "password": password}, headers=OURS)
        return answer.status_code, answer.headers.get("Location", "")

    def types_pin(self, pin: str) -> tuple[int, str]:
        answer = self.client.post("/sign-in", data={"person": number(self.server, self.login), "pin": pin}, headers=OURS)
        return answer.status_code, answer.headers.get("Location", "")

    def chooses(self, what: str, old: str, new: str, again: str | None = None, **more: str) -> tuple[int, str]:
        form = {"what": what, "old": old, "new": new, "again": new if again is None else again, **more}
        answer = self.client.post("/my-password", data=form, headers=OURS)
        return answer.status_code, unescape(answer.text) + answer.headers.get("Location", "")

    def is_in(self) -> bool:
        return bool(self.client.get("/counter/", headers=OURS).status_code == 200)


def number(server: Server, login: str) -> int:
    with server.unit.reading() as conn:
        return people.by_login(conn, login).id


@pytest.fixture
def salma(server: Server) -> Person:
    new_person(server.unit.folder, "salma", "Salma", "clerk", FIRST)
    return Person(server, "salma")


@pytest.fixture
def chief(server: Server) -> Person:
    new_person(server.unit.folder, "chief", "Chief", "administrator", FIRST)
    made = Person(server, "chief")
    made.signs_in()
    return made


def test_a_clerk_changes_the_own_password_and_is_signed_out_everywhere_else(server: Server, salma: Person) -> None:
    assert salma.signs_in() == (303, "/counter/")
    elsewhere = Person(server, "salma")
    elsewhere.signs_in()
    status, said = salma.chooses("password", "guessed wrongly", OTHER)
    assert (status, "The password is wrong." in said, elsewhere.is_in()) == (401, True, True)
    status, leads = salma.chooses("password", FIRST, OTHER)
    assert (status, "done=password" in leads) == (303, True)
    assert (salma.is_in(), elsewhere.is_in()) == (True, False)
    assert (elsewhere.signs_in()[0], elsewhere.signs_in(OTHER)[0]) == (401, 303)
    with server.unit.reading() as conn:
        newest = entries(conn, what="person")[0]
        kept = json.dumps(conn.execute("SELECT data FROM events").fetchall())
    assert (newest.by, newest.before, newest.after) == (
        "Salma",
        {"login": "salma", "name": "Salma"},
        {"login": "salma", "name": "Salma", "password": "new"},
    )
    assert FIRST not in kept
    assert OTHER not in kept
    assert "argon2" not in kept


@pytest.mark.parametrize(
    ("new", "again", "sentence"),
    [
        ("short", None, "at least 10 characters"),
        (OTHER, THIRD, "The two are not alike."),
        (FIRST, None, "This is the one you have."),
        ("", None, "at least 10 characters"),
    ],
)
def test_a_new_password_keeps_the_rules_and_is_another_one(salma: Person, new: str, again: str | None, sentence: str) -> None:
    salma.signs_in()
    status, said = salma.chooses("password", FIRST, new, again)
    assert (status, sentence in said) == (422, True)
    assert salma.signs_in()[0] == 303


def test_who_guesses_the_old_one_at_an_open_screen_has_to_wait_as_at_the_sign_in(salma: Person) -> None:
    salma.signs_in()
    answers = [salma.chooses("password", f"wrong guess {time}", OTHER)[0] for time in range(7)]
    assert answers[:5] == [401] * 5
    assert answers[-1] == 429
    assert salma.chooses("password", FIRST, OTHER)[0] == 429
    assert salma.signs_in()[0] == 429, "it is one count"


def test_a_pin_is_set_with_the_password_changed_with_the_pin_and_taken_away(server: Server, salma: Person) -> None:
    pc = Person(server, "salma", new_token(server.unit.folder, "counter", "PC 1"))
    salma.signs_in()
    assert salma.chooses("pin", FIRST, "1234")[0] == 422
    assert salma.chooses("pin", FIRST, "2759")[0] == 303
    assert pc.types_pin("2759") == (303, "/counter/"), "it is their own"
    assert "The PIN is wrong." in pc.chooses("pin", FIRST, "8361")[1]
    assert pc.chooses("pin", "2759", "8361")[0] == 303
    assert (pc.is_in(), salma.is_in()) == (True, False)
    assert (pc.types_pin("2759")[0], pc.types_pin("8361")[0]) == (401, 303)
    assert pc.chooses("pin", "8361", "")[0] == 303
    with server.unit.reading() as conn:
        assert not people.by_login(conn, "salma").has_pin
        newest, before = entries(conn, what="person")[:2]
    assert newest.after == {"login": "salma", "name": "Salma", "has_pin": False, "pin": ""}
    assert before.after == {"login": "salma", "name": "Salma", "has_pin": True, "pin": "new"}


def added(chief: Person, login: str) -> Person:
    form = {"name": login.title(), "login": login, "role": "clerk", "password": FIRST}
    assert chief.client.post("/manager/people", data=form, headers=OURS).status_code == 303
    return Person(chief.server, login)


def test_whose_password_somebody_else_chose_is_asked_for_an_own_one_and_may_put_it_off_once(chief: Person) -> None:
    idir = added(chief, "idir")
    asked = "/my-password?next=%2Fcounter%2F&given=password"
    assert idir.signs_in() == (303, asked)
    page = idir.client.get(asked, headers=OURS).text
    assert "Somebody else chose this password for you." in page
    assert 'value="later"' in page
    later = idir.client.post("/my-password", data={"what": "later", "next": "/counter/3"}, headers=OURS)
    assert (later.status_code, later.headers["Location"]) == (303, "/counter/3")
    assert idir.signs_in() == (303, asked)
    assert 'value="later"' not in idir.client.get(asked, headers=OURS).text
    status, again = idir.chooses("password", FIRST, "short", next="/counter/3", given="password")
    assert (status, "Somebody else chose this password for you." in again) == (422, True)
    assert idir.chooses("password", FIRST, OTHER, next="/counter/3", given="password")[1].endswith("/counter/3")
    assert idir.signs_in(OTHER) == (303, "/counter/")


def test_putting_one_off_leaves_the_other_to_be_asked_about(server: Server, chief: Person, salma: Person) -> None:
    pc = Person(server, "salma", new_token(server.unit.folder, "counter", "PC 1"))
    path = f"/manager/people/{number(server, 'salma')}"
    for what, secret in (("password", OTHER), ("pin", "2759")):
        chief.client.post(f"{path}/{what}", data={what: secret}, headers=OURS)
    assert salma.signs_in(OTHER)[1].endswith("given=password")
    salma.client.post("/my-password", data={"what": "later", "given": "password"}, headers=OURS)
    asked = pc.types_pin("2759")[1]
    assert 'value="later"' in pc.client.get(asked, headers=OURS).text
    pc.client.post("/my-password", data={"what": "later", "given": "pin"}, headers=OURS)
    for one, leads in ((pc, pc.types_pin("2759")[1]), (salma, salma.signs_in(OTHER)[1])):
        assert 'value="later"' not in one.client.get(leads, headers=OURS).text


def test_a_password_or_pin_that_a_manager_sets_anew_is_asked_for_again(server: Server, chief: Person, salma: Person) -> None:
    pc = Person(server, "salma", new_token(server.unit.folder, "counter", "PC 1"))
    path = f"/manager/people/{number(server, 'salma')}"
    for what, secret in (("password", OTHER), ("pin", "2759")):
        assert chief.client.post(f"{path}/{what}", data={what: secret}, headers=OURS).status_code == 303
    assert salma.signs_in(OTHER)[1].endswith("given=password")
    assert pc.types_pin("2759")[1].endswith("given=pin")
    assert pc.chooses("pin", "2759", "8361", given="pin")[0] == 303
    assert pc.types_pin("8361") == (303, "/counter/")


def test_nowhere_else_than_on_this_server_does_the_page_lead(salma: Person) -> None:
    salma.signs_in()
    page = salma.client.get("/my-password?next=https://example.org/", headers=OURS).text
    assert 'example.org/"' not in page.replace("?next=https://example.org/", "")
    assert 'href="/counter/"' in page
    assert (
        salma.client.post("/my-password", data={"what": "later", "next": "//example.org"}, headers=OURS).headers["Location"]
        == "/counter/"
    )


def test_a_token_has_no_password_and_every_screen_of_staff_leads_here(callers: dict[str, Program], chief: Person) -> None:
    answer: Any = callers["clerk"].get("/my-password?lang=en")
    assert (answer.status_code, b"neither a password nor a PIN" in answer.data) == (409, True)
    assert "/my-password" not in callers["clerk"].get("/counter/").text
    for page in ("/manager/", "/counter/", "/counter/1"):
        assert 'href="/my-password?next=' in chief.client.get(page, headers=OURS).text
