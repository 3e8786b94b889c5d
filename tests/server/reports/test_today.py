"""The page of what happened on a day."""

from __future__ import annotations

import re

import pytest

from manager.today_words import WORDS
from server import setup
from server.alerts.facts import Alert
from server.alerts.store import settle
from server.app import Server
from server.lifecycle import DESK_EVENT_OF, STEPS
from server.revisions import note_change
from tests.conftest import ToldClock
from tests.programs import Program


@pytest.fixture
def day(callers: dict[str, Program]) -> dict[str, Program]:
    """Two tickets, one of them called and served."""
    for service in ("etat-civil", "legalisation"):
        assert callers["kiosk"].post("/api/v1/tickets", {"service": service, "language": "ar"}).status_code == 201
    for action in ("open", "call-next", "start", "finish"):
        assert callers["clerk"].post(f"/api/v1/counters/1/{action}").status_code == 200
    return callers


def page(callers: dict[str, Program], query: str = "") -> str:
    answer = callers["manager"].get(f"/manager/today?lang=fr{query}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_it_tells_the_day_newest_first_with_ticket_counter_and_who(day: dict[str, Program]) -> None:
    told = page(day)
    assert told.index("Fin du service") < told.index("Appelé") < told.index("Ticket remis")
    assert "A001" in told
    assert "clerk-1" in told


def row(told: str, what: str) -> list[str]:
    """The cells of the newest row of this kind, as text: time, what, ticket, counter, about, who."""
    (line,) = re.findall(rf"<tr>(?:(?!</tr>).)*<td>{what}</td>.*?</tr>", told, re.S)[:1]
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td>(.*?)</td>", line, re.S)]


def test_a_ticket_is_given_at_no_counter_and_a_step_is_told_of_the_counter_where_it_was_done(day: dict[str, Program]) -> None:
    clerk = day["clerk"]
    told = page(day, "&ticket=A001")
    assert row(told, "Ticket remis")[2:5] == ["A001", "", "État civil"]
    assert [row(told, what)[3] for what in ("Appelé", "Début du service", "Fin du service")] == ["1", "1", "1"]
    visit = clerk.post("/api/v1/counters/1/call-next").get_json()["visit"]
    assert clerk.post("/api/v1/counters/1/no-show").status_code == 200
    assert clerk.post("/api/v1/counters/1/recycle", {"visit": visit}).status_code == 200
    for action in ("open", "call-next"):
        assert clerk.post(f"/api/v1/counters/2/{action}").status_code == 200
    told = page(day, "&ticket=B001")
    assert [row(told, what)[3] for what in ("Absent", "Appelé", "Ticket remis")] == ["1", "2", ""]


def test_what_was_changed_and_which_alert_began_are_said_in_the_readers_language(
    callers: dict[str, Program], server: Server
) -> None:
    journal, now = server.unit.journal, server.unit.now()
    raised = {
        Alert("past_target", "etat-civil", (("minutes", 20),)),
        Alert("printer", "hall-1", (("state", "paper-out"),)),
        Alert("idle_counter", "3", (("counter", 3),)),
    }
    server.unit.writer.run(lambda conn: settle(conn, journal, now, raised))
    server.unit.writer.run(lambda conn: note_change(conn, journal, "installer", "hours", "hours", {}, {}))
    told = page(callers, "&what=hall")
    assert row(told, "Réglages modifiés")[5] == "L’installateur (ligne de commande)"
    assert row(told, "Réglages modifiés")[4] == "Horaires d’ouverture"
    assert "État civil : quelqu’un attend depuis plus de 20" in told
    assert "L’imprimante hall-1 n’a plus de papier." in told
    assert "Le guichet 3 est libre" in told


def test_it_is_filtered_by_kind_and_by_ticket(day: dict[str, Program]) -> None:
    only_counters = page(day, "&what=counters")
    assert "Guichet ouvert" in only_counters
    assert "A001" not in only_counters
    one = page(day, "&ticket=a001")
    assert one.count("A001") > 3
    assert "B001" not in one


def test_that_a_visit_was_rated_names_neither_its_ticket_nor_its_counter(day: dict[str, Program], server: Server) -> None:
    with server.unit.reading() as conn:
        (visit,) = conn.execute("SELECT visit FROM legs WHERE state = 'served'").fetchone()
    assert day["nobody"].post(f"/api/v1/visits/{visit}/rating", {"score": 1}).status_code == 201
    told = page(day, "&what=voices")
    assert "Visite évaluée" in told
    assert "A001" not in told
    assert '<bdi class="number">1</bdi>' not in told
    assert '<bdi class="number">1</bdi>' in page(day, "&what=counters")
    assert "Visite évaluée" not in page(day, "&ticket=A001")


@pytest.mark.parametrize(
    "nonsense", ["&day=x", "&day=0001-01-01", "&what=%00", "&before=-1", "&ticket=%3Cb%3E", "&before=99999999999999999"]
)
def test_nonsense_is_no_fault(day: dict[str, Program], nonsense: str) -> None:
    page(day, nonsense)


def test_another_day_is_empty_and_no_visit_id_is_on_the_page(day: dict[str, Program], server: Server) -> None:
    assert "<td>" not in page(day, "&day=2020-01-01")
    with server.unit.reading() as conn:
        visits = [row[0] for row in conn.execute("SELECT visit FROM visits")]
    told = page(day)
    assert not any(visit in told for visit in visits)


def test_a_day_that_begins_at_five_is_told_whole_after_midnight(callers: dict[str, Program], server: Server) -> None:
    told = ToldClock("2026-11-23T21:00:00+01:00")
    server.unit.now = server.unit.journal.now = told
    server.unit.writer.run(lambda conn: setup.choose(conn, "day_starts", "05:00"))
    assert callers["kiosk"].post("/api/v1/tickets", {"service": "etat-civil", "language": "ar"}).status_code == 201
    told.pass_by(3.5 * 3600)
    assert callers["kiosk"].post("/api/v1/tickets", {"service": "legalisation", "language": "ar"}).status_code == 201
    now = page(callers)
    assert 'value="2026-11-23"' in now
    assert "A001" in now
    assert "B001" in now
    assert "B001" not in page(callers, "&day=2026-11-24")


def test_every_step_of_a_visit_and_of_a_counter_has_a_name() -> None:
    missing = {*STEPS, *DESK_EVENT_OF.values()} - set(WORDS)
    assert not missing
