"""One rating a visit, within its time, without an identity, its comment sealed at once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from server import setup
from server.errors import UnknownVisit
from server.feedback import Feedback
from server.feedback.refusals import (
    AlreadyRated,
    CommentNotOffered,
    CommentTooLong,
    NotServedYet,
    NotToBeRated,
    TooLateToRate,
    TooOften,
)
from server.sync.line import KEYS_FILE
from server.unit import Unit
from server.visits import VISITOR, Order
from tests.conftest import CLERK, KIOSK, ToldClock
from tests.server.feedback.conftest import PortalKey, payloads, serve_one

DAY_S = 24 * 3600


def rows(unit: Unit, query: str) -> list[Any]:
    with unit.reading() as conn:
        return [tuple(row) for row in conn.execute(query)]


def test_a_rating_is_kept_noted_and_owed_together(feedback: Feedback, unit: Unit, visit: str) -> None:
    assert feedback.rate(visit, 3, ["waiting"], None, "phone", VISITOR) == {"visit": visit, "score": 3}
    assert rows(unit, "SELECT visit, leg, service, score, reasons, channel FROM ratings") == [
        (visit, 1, "etat-civil", 3, '["waiting"]', "phone")
    ]
    ((type, actor, data),) = rows(unit, "SELECT type, actor, data FROM events ORDER BY seq DESC LIMIT 1")
    assert (type, actor) == ("rated", "visitor")
    assert json.loads(data) == {"service": "etat-civil", "score": 3, "reasons": ["waiting"], "channel": "phone"}
    owed = payloads(unit, "portal")[-1]
    assert owed["type"] == "rated"
    assert owed["data"] == {
        "visit": visit, "service": "etat-civil", "score": 3, "reasons": ["waiting"], "channel": "phone", "language": "fr",
    }  # fmt: skip


def test_a_visit_is_rated_once_and_what_was_said_first_stays(feedback: Feedback, unit: Unit, visit: str) -> None:
    feedback.rate(visit, 4, [], None, "tablet", VISITOR)
    with pytest.raises(AlreadyRated):
        feedback.rate(visit, 1, [], None, "phone", VISITOR)
    assert rows(unit, "SELECT score FROM ratings") == [(4,)]


def test_only_a_visit_that_ended_at_the_counter_is_rated(feedback: Feedback, unit: Unit) -> None:
    waiting = unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"]
    with pytest.raises(NotServedYet):
        feedback.rate(waiting, 1, [], None, "phone", VISITOR)
    unit.visits.cancel(waiting, VISITOR)
    with pytest.raises(NotServedYet):
        feedback.rate(waiting, 1, [], None, "phone", VISITOR)
    with pytest.raises(UnknownVisit):
        feedback.rate("a" * 26, 1, [], None, "phone", VISITOR)


def test_a_visit_is_rated_within_seven_days_or_as_many_as_the_manager_says(
    feedback: Feedback, unit: Unit, visit: str, clock: ToldClock
) -> None:
    clock.pass_by(7 * DAY_S)
    feedback.rate(visit, 4, [], None, "phone", VISITOR)
    late = serve_one_more(unit)
    unit.writer.run(lambda conn: setup.choose(conn, "rating_days", 2))
    clock.pass_by(2 * DAY_S + 1)
    with pytest.raises(TooLateToRate) as refused:
        feedback.rate(late, 4, [], None, "phone", VISITOR)
    assert refused.value.params == {"days": 2}


def serve_one_more(unit: Unit) -> str:
    unit.visits.desk(3, "close", CLERK)
    return serve_one(unit)


def test_a_rating_stays_when_the_clerk_takes_the_finish_back(feedback: Feedback, unit: Unit, visit: str) -> None:
    feedback.rate(visit, 2, [], None, "tablet", VISITOR)
    unit.visits.undo(3, CLERK)
    with pytest.raises(AlreadyRated):
        feedback.rate(visit, 4, [], None, "tablet", VISITOR)


def test_a_comment_is_sealed_under_the_visit_and_is_in_no_other_place(
    feedback: Feedback, unit: Unit, visit: str, portal_key: PortalKey
) -> None:
    feedback.rate(visit, 1, ["welcome"], "  On m'a laissé debout 😡  ", "kiosk", VISITOR)
    comment = payloads(unit, "portal")[-1]["data"]["comment"]
    assert portal_key.open(comment, visit.upper()) == {"reference": visit.upper(), "text": "On m'a laissé debout 😡"}
    assert "debout" not in json.dumps(rows(unit, "SELECT data FROM events"))


def test_a_comment_that_cant_be_sealed_is_refused_and_the_rating_can_be_given_without(
    feedback: Feedback, unit: Unit, visit: str
) -> None:
    (unit.folder / KEYS_FILE).unlink()
    with pytest.raises(CommentNotOffered):
        feedback.rate(visit, 1, [], "words", "phone", VISITOR)
    feedback.rate(visit, 1, [], None, "phone", VISITOR)


def test_a_comment_of_more_than_a_thousand_letters_is_refused(feedback: Feedback, visit: str) -> None:
    with pytest.raises(CommentTooLong):
        feedback.rate(visit, 1, [], "x" * 1001, "phone", VISITOR)
    feedback.rate(visit, 1, [], "\x01" * 1000, "phone", VISITOR)


def test_a_repeated_request_is_answered_as_the_first_was(feedback: Feedback, unit: Unit, visit: str) -> None:
    first = feedback.rate(visit, 2, [], "words", "phone", VISITOR, "key")
    assert feedback.rate(visit, 2, [], "words", "phone", VISITOR, "key") == first
    assert len(rows(unit, "SELECT 1 FROM ratings")) == 1


def test_the_kiosk_finds_todays_visit_by_its_number_once_it_has_ended(feedback: Feedback, unit: Unit, clock: ToldClock) -> None:
    waiting = unit.visits.issue(Order("etat-civil", "fr"), KIOSK)
    unit.visits.desk(3, "open", CLERK)
    with pytest.raises(NotToBeRated):
        feedback.visit_to_rate(waiting["ticket"], "kiosk")
    unit.visits.cancel(waiting["visit"], VISITOR)
    visit = serve_one(unit)
    assert feedback.visit_to_rate(" a 002", "kiosk") == visit
    feedback.rate(visit, 4, [], None, "kiosk", VISITOR)
    with pytest.raises(NotToBeRated):
        feedback.visit_to_rate("A002", "kiosk")


def test_a_ticket_of_another_day_or_of_long_ago_is_not_found(feedback: Feedback, unit: Unit, visit: str, clock: ToldClock) -> None:
    clock.pass_by(5 * 3600)
    with pytest.raises(NotToBeRated):
        feedback.visit_to_rate("A001", "kiosk")


def test_numbers_can_not_be_tried_one_after_the_other(feedback: Feedback, visit: str) -> None:
    for number in range(2, 12):
        with pytest.raises(NotToBeRated):
            feedback.visit_to_rate(f"A{number:03d}", "kiosk")
    with pytest.raises(TooOften):
        feedback.visit_to_rate("A001", "kiosk")
    assert feedback.visit_to_rate("A001", "another kiosk") == visit
