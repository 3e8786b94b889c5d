"""What the clerks' screens list: nobody is crowded out, and whoever is not listed is found by the number."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from server.app import Server
from server.lifecycle import Action
from server.unit import Unit
from server.visits import Caller, Order
from server.visits.listed import ABSENT_SHOWN, PARKED_SHOWN, QUEUE_SHOWN, SENT_SHOWN, WAITING_SHOWN
from tests.conftest import CLERK, KIOSK, OTHER_CLERK, ToldClock
from tests.programs import Program

CROWD = WAITING_SHOWN + 50


def staff(unit: Unit) -> dict[str, Any]:
    with unit.reading() as conn:
        return unit.hall.staff(conn, unit.now(), unit.hall.board(conn, unit.now()))


def arrive(unit: Unit, service: str, count: int = 1, **more: Any) -> list[str]:
    return [unit.visits.issue(Order(service, "ar", **more), KIOSK)["ticket"] for _ in range(count)]


def tickets(rows: list[dict[str, Any]]) -> list[str]:
    return [row["ticket"] for row in rows]


def end(unit: Unit, action: Action, caller: Caller = CLERK, counter: int = 1, **data: Any) -> str:
    """The next visitor is called and this is done with them."""
    assert unit.visits.call_next(counter, caller)
    return unit.visits.at_counter(counter, action, caller, **data)["visit"]


def test_who_was_put_aside_in_the_morning_is_listed_after_a_day_of_absent_visitors(unit: Unit, clock: ToldClock) -> None:
    unit.visits.desk(1, "open", CLERK)
    arrive(unit, "etat-civil", 1 + ABSENT_SHOWN + 90)
    end(unit, Action.PARK, reason="copy-missing")
    for _ in range(ABSENT_SHOWN + 90):
        clock.pass_by(60)
        end(unit, Action.NO_SHOW)
    aside = staff(unit)["aside"]
    assert (aside[0]["ticket"], aside[0]["state"], aside[0]["park_reason"]) == ("A001", "parked", "copy-missing")
    assert tickets(aside)[1] == f"A{1 + ABSENT_SHOWN + 90:03d}"
    assert {row["state"] for row in aside[1:]} == {"no_show"}
    assert len(aside) <= 1 + ABSENT_SHOWN


def test_the_absent_of_one_service_do_not_push_out_those_of_another(unit: Unit, clock: ToldClock) -> None:
    unit.visits.desk(1, "open", CLERK)
    arrive(unit, "legalisation")
    end(unit, Action.NO_SHOW)
    arrive(unit, "etat-civil", ABSENT_SHOWN)
    for _ in range(ABSENT_SHOWN):
        clock.pass_by(60)
        end(unit, Action.NO_SHOW)
    assert "B001" in tickets(staff(unit)["aside"])


def test_those_of_yesterday_are_not_listed(unit: Unit, clock: ToldClock) -> None:
    unit.visits.desk(1, "open", CLERK)
    arrive(unit, "etat-civil", 2)
    end(unit, Action.NO_SHOW)
    end(unit, Action.PARK, reason="x")
    assert tickets(staff(unit)["aside"]) == ["A002", "A001"]
    clock.pass_by(24 * 3600)
    assert staff(unit)["aside"] == []


def test_a_service_whose_visitors_came_late_is_listed_behind_the_crowd_of_another(unit: Unit) -> None:
    arrive(unit, "etat-civil", CROWD)
    late = arrive(unit, "legalisation", 3)
    shown = staff(unit)
    assert [ticket for ticket in tickets(shown["waiting"]) if ticket.startswith("B")] == late
    assert tickets(shown["waiting"])[0] == "A001"
    assert QUEUE_SHOWN <= len(shown["waiting"]) <= WAITING_SHOWN
    assert shown["waiting_total"] == CROWD + 3


def test_who_is_called_first_by_priority_or_appointment_is_listed_behind_the_crowd(unit: Unit) -> None:
    arrive(unit, "etat-civil", CROWD)
    first = [*arrive(unit, "etat-civil", priority="elderly"), *arrive(unit, "etat-civil", appointment="09:00")]
    assert tickets(staff(unit)["waiting"])[-2:] == first


def test_everybody_who_was_sent_to_somebody_is_listed_and_it_is_said_whether_that_still_binds(unit: Unit) -> None:
    unit.visits.desk(1, "open", CLERK)
    unit.visits.desk(2, "open", OTHER_CLERK)
    arrive(unit, "etat-civil", 3)
    end(unit, Action.TRANSFER, to_counter=2, note="the stamp")
    end(unit, Action.TRANSFER, clerk=OTHER_CLERK.id)
    arrive(unit, "etat-civil", CROWD)

    def sent() -> list[tuple[Any, ...]]:
        rows = {row["ticket"]: row for row in staff(unit)["waiting"]}
        return [tuple(rows[one].get(name) for name in ("for_counter", "for_clerk", "bound", "note")) for one in ("A001", "A002")]

    assert sent() == [(2, None, True, "the stamp"), (None, OTHER_CLERK.id, True, None)]
    unit.visits.desk(2, "close", OTHER_CLERK)
    assert sent() == [(2, None, None, "the stamp"), (None, OTHER_CLERK.id, None, None)]


def test_lists_are_bounded_in_the_worst_of_halls(unit: Unit) -> None:
    """Nobody has ever parked or sent so many, nor had a crowd in every queue; the screen must bear it all the same."""
    unit.visits.desk(1, "open", CLERK)
    unit.visits.desk(2, "open", OTHER_CLERK)
    arrive(unit, "etat-civil", PARKED_SHOWN + 1 + SENT_SHOWN + 1)
    for _ in range(PARKED_SHOWN + 1):
        end(unit, Action.PARK, reason="x")
    for _ in range(SENT_SHOWN + 1):
        end(unit, Action.TRANSFER, to_counter=2)
    for kind in ({}, {"priority": "elderly"}, {"appointment": "16:00"}):
        arrive(unit, "etat-civil", CROWD, **kind)
    shown = staff(unit)
    assert len(shown["aside"]) == PARKED_SHOWN
    sent = [row for row in shown["waiting"] if row.get("for_counter")]
    assert len(sent) == SENT_SHOWN
    queues = Counter((row.get("priority"), "due_at" in row) for row in shown["waiting"] if row not in sent)
    assert len(queues) == 3
    assert set(queues.values()) == {WAITING_SHOWN // 3}


def test_a_number_that_is_not_listed_is_found(server: Server, callers: dict[str, Program]) -> None:
    unit, clerk = server.unit, callers["clerk"]
    arrive(unit, "etat-civil", CROWD)
    last = f"A{CROWD}"
    assert last not in tickets(staff(unit)["waiting"])
    for action in ("open", "call-next", "no-show"):
        assert clerk.post(f"/api/v1/counters/1/{action}").status_code == 200

    def found(ticket: str) -> tuple[list[str], list[str]]:
        answer = clerk.get(f"/api/v1/counters/1/visitors?ticket={ticket}")
        assert answer.status_code == 200
        return tickets(answer.get_json()["waiting"]), tickets(answer.get_json()["aside"])

    assert found(last.lower()) == ([last], [])
    assert found("001") == ([], ["A001"])
    assert found("nobody") == ([], [])
    assert len(found("A")[0]) == 20


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/counters/1/visitors", 422),
        ("/counters/1/visitors?ticket=", 422),
        ("/counters/1/visitors?ticket=" + "A" * 13, 422),
        ("/counters/99/visitors?ticket=A", 404),
        ("/counters/1/visitors?ticket=%25", 200),
        ("/counters/1/visitors?ticket='", 200),
    ],
)
def test_nonsense_finds_nobody_or_is_refused_in_a_sentence(callers: dict[str, Program], address: str, status: int) -> None:
    callers["kiosk"].post("/api/v1/tickets", {"service": "etat-civil", "language": "ar"})
    answer = callers["clerk"].get(f"/api/v1{address}")
    assert answer.status_code == status
    assert answer.get_json()["detail"] if status > 200 else answer.get_json() == {"waiting": [], "aside": []}
