"""The list of what the portal refused: read, mended, sent again, given up."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from server import journal, sync
from server.operations.admitting import new_person
from server.sync import outbox
from server.unit import Unit
from tests.server.sync.https import end_visits, states, way
from tests.server.sync.portals import TrialPortal


@pytest.fixture
def poisoned(unit: Unit, portal: TrialPortal) -> int:
    """A unit whose only event was refused; the delivery."""
    end_visits(unit, 1)
    portal.judge = lambda event: (
        {"verdict": "rejected", "reason": "invalid", "detail": "/data/leg"} if event["data"]["leg"] == 1 else None
    )
    sync.drain_unit(unit, way(portal))
    with unit.reading() as conn:
        (one,) = outbox.refused(conn)
    assert one.error == "invalid: /data/leg"
    return one.delivery


def test_a_mended_event_is_sent_under_its_old_id_and_sequence(unit: Unit, portal: TrialPortal, poisoned: int) -> None:
    with unit.reading() as conn:
        one = outbox.refused_one(conn, poisoned)
        (id,) = conn.execute("SELECT event FROM deliveries WHERE id = ?", (poisoned,)).fetchone()
    unit.writer.run(lambda conn: outbox.send_again(conn, poisoned, {**one.payload["data"], "leg": 2}))
    assert sync.drain_unit(unit, way(portal)) == 1
    assert portal.events[id]["data"]["leg"] == 2
    assert int(portal.events[id]["sequence"]) == 1
    assert states(unit) == {"done": 1}


def test_two_managers_can_not_decide_about_the_same_delivery_twice(unit: Unit, poisoned: int) -> None:
    unit.writer.run(lambda conn: outbox.send_again(conn, poisoned))
    with pytest.raises(outbox.NotRefused):
        unit.writer.run(lambda conn: outbox.give_up(conn, poisoned))
    assert states(unit) == {"pending": 1}


def test_the_manager_reads_mends_and_gives_up_on_a_page(folder: Path, unit: Unit, poisoned: int) -> None:
    from server.app import Server

    new_person(folder, "brahim", "Brahim", "manager", "a good password")
    unit.close()
    server = Server(folder)
    unit.close = lambda: None  # type: ignore[method-assign]
    browser = server.app.test_client()
    here = {"Origin": "http://localhost"}
    browser.post("/sign-in", data={"login": "brahim", "password": "a good password"}, headers=here)
    page = browser.get("/manager/portal").get_data(as_text=True)
    assert "invalid: /data/leg" in page
    assert page.count('class="tile"') == 3, "nothing is to be sent, so nothing is the oldest of it"
    assert re.search(r'class="button button--quiet"[^>]*>(?=Try again|إعادة المحاولة)', page)
    address = f"/manager/portal/{poisoned}"
    assert "cancelled" not in browser.get(address).get_data(as_text=True)
    wrong = browser.post(address, data={"action": "mend", "data": "[1]"}, headers=here)
    assert wrong.status_code == 422
    assert "[1]" in wrong.get_data(as_text=True)
    assert browser.post(address, data={"action": "mend", "data": json.dumps({"leg": 3})}, headers=here).status_code == 302
    assert browser.post(address, data={"action": "give-up"}, headers=here).status_code == 409
    page = browser.get("/manager/portal").get_data(as_text=True)
    assert page.count('class="tile"') == 4
    assert re.search(r'class="button "[^>]*>(?=Try again|إعادة المحاولة)', page)
    with server.unit.reading() as conn:
        noted = [event.data for event in journal.read(conn) if event.type == "setup_changed"]
        (payload,) = conn.execute("SELECT payload FROM deliveries WHERE id = ?", (poisoned,)).fetchone()
    assert noted[-1]["after"] == {"state": "pending", "data": {"leg": 3}}
    assert json.loads(payload)["data"] == {"leg": 3}
    server.unit.close()
