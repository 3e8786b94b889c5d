"""The page of what happened on a day."""

from __future__ import annotations

import pytest

from manager.today_words import WORDS
from server import setup
from server.app import Server
from server.lifecycle import DESK_EVENT_OF, STEPS
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
