"""Whoever signs out leaves no counter held behind; with a visitor at it they are asked first; a manager can release any counter."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from server.access import people, sessions
from server.app import Server
from server.clock import wall_ms
from server.errors import StoreFull
from server.live.doorkeeper import Doorkeeper
from server.operations.admitting import new_person
from server.visits import Order
from tests.conftest import KIOSK
from tests.programs import Program

OURS = {"Origin": "http://localhost", "Accept-Language": "en"}
SECRET = "a good password"
MINUTE = 60_000


@pytest.fixture
def salma(server: Server) -> FlaskClient:
    """The browser of a clerk who has opened counter 1."""
    new_person(server.unit.folder, "salma", "Salma", "clerk", SECRET)
    browser = signed_in(server)
    assert act(browser, "open") == 200
    return browser


def signed_in(server: Server) -> FlaskClient:
    client: FlaskClient = server.app.test_client()
    assert client.post("/sign-in", data={"login": "salma", "password": SECRET}, headers=OURS).status_code == 303
    return client


def act(browser: FlaskClient, action: str, counter: int = 1) -> int:
    return browser.post(f"/api/v1/counters/{counter}/{action}", headers=OURS).status_code


def called(server: Server, browser: FlaskClient, counter: int = 1) -> str:
    """A visitor who was called to the counter."""
    visit = server.unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"]
    assert act(browser, "call-next", counter) == 200
    return visit


def desk(server: Server, counter: int = 1) -> Any:
    with server.unit.reading() as conn:
        return conn.execute("SELECT state, clerk_name FROM counters WHERE id = ?", (counter,)).fetchone()


def state(server: Server, visit: str) -> str:
    with server.unit.reading() as conn:
        query = "SELECT l.state FROM visits JOIN legs l USING (visit, leg) WHERE visit = ?"
        return str(conn.execute(query, (visit,)).fetchone()[0])


def sign_out(browser: FlaskClient, **form: Any) -> str:
    """Where it leads."""
    answer = browser.post("/sign-out", data=form, headers=OURS)
    assert answer.status_code == 303
    return answer.location


def test_it_closes_an_empty_counter_so_that_the_next_clerk_finds_it_free(server: Server, salma: FlaskClient) -> None:
    assert sign_out(salma) == "/sign-in"
    assert desk(server) == ("closed", None)
    assert salma.get("/counter/1", headers=OURS).status_code == 401


@pytest.mark.parametrize(
    ("serving", "how", "becomes"),
    [(True, "finish", "served"), (False, "absent", "no_show"), (True, "back", "waiting"), (False, "back", "waiting")],
)
def test_with_a_visitor_at_it_the_clerk_is_asked_and_what_is_chosen_is_done(
    server: Server, salma: FlaskClient, serving: bool, how: str, becomes: str
) -> None:
    visit = called(server, salma)
    if serving:
        assert act(salma, "start") == 200
    assert sign_out(salma, here="1") == "/sign-out?here=1"
    assert desk(server) == ("open", "Salma"), "nothing is done before the clerk has chosen"
    page = salma.get("/sign-out?here=1", headers=OURS).text
    assert "A001" in page
    assert set(re.findall(r'data-how="(\w+)"', page)) == {"finish" if serving else "absent", "back"}
    assert sign_out(salma, here="1", visit=visit, how=how) == "/sign-in"
    assert (state(server, visit), desk(server)) == (becomes, ("closed", None))


def test_who_is_put_back_is_the_first_again(server: Server, salma: FlaskClient) -> None:
    visit = called(server, salma)
    server.unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    sign_out(salma, visit=visit, how="back")
    again = signed_in(server)
    assert act(again, "open") == act(again, "call-next") == 200
    assert state(server, visit) == "called"


def walked_in(browser: FlaskClient) -> str:
    """A visitor who came to counter 1 without a ticket."""
    order = {"service": "etat-civil", "language": "ar"}
    answer = browser.post("/api/v1/counters/1/walk-direct", json=order, headers=OURS)
    assert (answer.status_code, answer.json["ticket"]) == (200, None)
    return str(answer.json["visit"])


def test_the_number_of_who_came_without_a_ticket_and_is_put_back_is_told(server: Server, salma: FlaskClient) -> None:
    visit = walked_in(salma)
    after = salma.get(sign_out(salma, visit=visit, how="back"), headers=OURS).text
    assert re.search(r'id="numbered">Tell the visitor this number: <b class="number">A001</b>', after)
    assert state(server, visit) == "waiting"
    for made_up in ("/sign-in", "/sign-in?numbered=A007", "/sign-in?numbered="):
        assert 'id="numbered"' not in salma.get(made_up, headers=OURS).text


def test_who_has_a_number_is_told_nothing_anew(server: Server, salma: FlaskClient) -> None:
    assert sign_out(salma, visit=called(server, salma), how="back") == "/sign-in"


def test_a_release_answers_with_the_number_of_who_came_without_a_ticket_and_notes_it(
    server: Server, salma: FlaskClient, callers: dict[str, Program]
) -> None:
    walked_in(salma)
    answer = callers["manager"].post("/api/v1/counters/1/release")
    assert (answer.json["numbered"], answer.json["state"]) == ("A001", "closed")
    with server.unit.reading() as conn:
        (noted,) = conn.execute("SELECT data ->> '$.before.visitor' FROM events WHERE data ->> 'what' = 'held counter'").fetchone()
    assert noted == "A001"


def test_a_manager_who_closes_a_counter_that_nobody_holds_is_told_the_number(
    server: Server, salma: FlaskClient, callers: dict[str, Program]
) -> None:
    walked_in(salma)
    ends = Ends(server)
    ends.by_a_manager()
    ends.look()
    assert callers["manager"].post("/api/v1/counters/1/close").json["numbered"] == "A001"


def test_what_no_longer_fits_changes_nothing_and_asks_anew(server: Server, salma: FlaskClient) -> None:
    visit = called(server, salma)
    for form in ({"visit": visit, "how": "finish"}, {"visit": "a" * 26, "how": "back"}, {"visit": visit, "how": "sing"}):
        assert sign_out(salma, **form) == "/sign-out"
        assert (state(server, visit), desk(server)) == ("called", ("open", "Salma"))
    act(salma, "no-show")
    assert 'data-how=""' in salma.get("/sign-out", headers=OURS).text
    assert sign_out(salma, visit=visit, how="absent") == "/sign-in"


@pytest.mark.parametrize("here", ["x", "-1", "9" * 30])
def test_nonsense_as_the_counter_is_nobodys(server: Server, salma: FlaskClient, here: str) -> None:
    signed_in(server)
    assert salma.get(f"/sign-out?here={here}", headers=OURS).status_code == 200
    assert sign_out(salma, here=here, visit=here, how="back") == "/sign-in"
    assert desk(server) == ("open", "Salma")


def test_who_works_in_another_browser_too_leaves_the_counter_of_this_screen_alone(server: Server, salma: FlaskClient) -> None:
    other = signed_in(server)
    assert act(other, "open", 2) == 200
    assert sign_out(other, here="2") == "/sign-in"
    assert (desk(server, 1), desk(server, 2)) == (("open", "Salma"), ("closed", None))
    assert act(salma, "pause") == 200


def test_a_disk_that_is_full_is_told_and_not_asked_about(
    server: Server, salma: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object) -> None:
        raise StoreFull

    monkeypatch.setattr(server.unit.writer, "run", full)
    assert salma.post("/sign-out", headers=OURS).status_code == 503


def test_signing_out_without_a_session_leads_to_the_sign_in(server: Server) -> None:
    stranger = server.app.test_client()
    assert sign_out(stranger) == "/sign-in"
    assert stranger.get("/sign-out", headers=OURS).location == "/sign-in"


class Ends:
    """What ends sessions by itself or from elsewhere, and the worker that follows."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.doorkeeper = next(worker for worker in server._workers if isinstance(worker, Doorkeeper))

    def look(self, minutes: float = 0) -> None:
        self.doorkeeper.turn(wall_ms() + int(minutes * MINUTE))

    def by_a_manager(self) -> None:
        def command(conn: Any) -> None:
            people.end_sessions(conn, people.by_login(conn, "salma").id)

        self.server.unit.writer.run(command)


def test_a_session_that_ends_by_itself_closes_the_empty_counter(server: Server, salma: FlaskClient) -> None:
    ends = Ends(server)
    ends.look(59)
    assert desk(server) == ("open", "Salma")
    ends.look(61)
    assert desk(server) == ("closed", None)


def test_a_visitor_stays_at_the_counter_of_who_was_signed_out_and_anybody_takes_it_over(
    server: Server, salma: FlaskClient, callers: dict[str, Program]
) -> None:
    visit = called(server, salma)
    ends = Ends(server)
    ends.by_a_manager()
    ends.look()
    assert (desk(server), state(server, visit)) == (("paused", None), "called")
    assert callers["clerk"].post("/api/v1/counters/1/open").status_code == 200
    assert callers["clerk"].post("/api/v1/counters/1/start").status_code == 200


def test_a_second_browser_keeps_the_counter(server: Server, salma: FlaskClient) -> None:
    signed_in(server)
    key = salma.get_cookie("istiqbal_session")
    assert key is not None
    server.unit.writer.run(lambda conn: sessions.end(conn, key.value))
    Ends(server).look()
    assert desk(server) == ("open", "Salma")


def test_a_program_that_holds_a_counter_has_no_session_to_end(server: Server, callers: dict[str, Program]) -> None:
    assert callers["clerk"].post("/api/v1/counters/1/open").status_code == 200
    Ends(server).look(24 * 60)
    assert desk(server) == ("open", "clerk-1")


def test_a_manager_releases_a_counter_with_its_visitor_and_the_list_of_changes_says_so(
    server: Server, salma: FlaskClient, callers: dict[str, Program]
) -> None:
    visit = called(server, salma)
    act(salma, "start")
    key = {"Idempotency-Key": "once"}
    for _ in range(2):
        answer = callers["manager"].post("/api/v1/counters/1/release", headers=key)
        assert (answer.status_code, answer.json["state"]) == (200, "closed")
    assert (desk(server), state(server, visit)) == (("closed", None), "waiting")
    assert act(salma, "finish") == 409
    new_person(server.unit.folder, "brahim", "Brahim", "manager", SECRET)
    office = server.app.test_client()
    office.post("/sign-in", data={"login": "brahim", "password": SECRET}, headers=OURS)
    changes = office.get("/manager/setup/changes", headers=OURS).text
    for said in ("Counters that a manager released", "Salma", "A001"):
        assert changes.count(said) >= 1, said


def test_a_closed_counter_can_not_be_released(callers: dict[str, Program]) -> None:
    assert callers["manager"].post("/api/v1/counters/1/release").status_code == 409
    assert callers["manager"].post("/api/v1/counters/999/release").status_code == 404
