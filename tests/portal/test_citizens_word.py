"""The citizen's word goes the whole way over real HTTP: a rating to the national page, a complaint to its stage at the kiosk."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import make_server

from portal import officers, units
from portal.insight.rolling import roll_up
from portal.store.database import Connection
from server import sync
from server.app import Server
from server.lifecycle import Action
from server.operations.making import make_unit, new_token
from server.visits import Order
from tests.conftest import CLERK, KIOSK
from tests.portal.test_submissions import PASSWORD, Desk
from tests.programs import Program

UNIT = "rabat-annexe-6"
TEXT = "الانتظار طويل جدا، واسمي زينب"


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The portal, served on a port of this machine."""
    served = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=served.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{served.server_port}"
    served.shutdown()
    thread.join()
    served.server_close()


@pytest.fixture
def reception(address: str, conn: Connection, tmp_path: Path) -> Iterator[Server]:
    """A unit that the portal knows, its workers at rest."""
    units.add(conn, UNIT, "الملحقة السادسة", "Commune de Rabat")
    place = tmp_path / "reception"
    make_unit(place, "annexe", id=UNIT)
    (place / "secret").write_text(units.new_secret(conn, UNIT))
    way = f'adapter = "https"\nurl = "{address}"\nclient_secret_file = "secret"'
    (place / "unit.toml").write_text((place / "unit.toml").read_text().replace('adapter = "none"', way))
    made = Server(place)
    yield made
    made.feedback.stages.stop()
    made.unit.close()


@pytest.fixture
def line(reception: Server) -> sync.Line:
    assert reception.line is not None
    return reception.line


def contact(line: sync.Line) -> None:
    """The line speaks to the portal now."""
    line.try_now()
    line.turn()


def serve_one(reception: Server) -> str:
    visits = reception.unit.visits
    visit = visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"]
    visits.call_next(3, CLERK)
    for action in (Action.START, Action.FINISH):
        visits.at_counter(3, action, CLERK)
    return visit


@pytest.fixture
def officer(app: Flask, conn: Connection) -> Desk:
    officers.add(conn, "salma", "سلمى", "Commune de Rabat", PASSWORD)
    return Desk(app.test_client(), "salma")


def test_a_rating_reaches_the_national_page(reception: Server, line: sync.Line, officer: Desk, conn: Connection) -> None:
    contact(line)
    phone = reception.app.test_client()
    reception.unit.visits.desk(3, "open", CLERK)
    for score in (4, 4, 3, 4, 4, 4):
        visit = serve_one(reception)
        said = {"score": score, "reasons": ["welcome"], "comment": TEXT}
        assert phone.post(f"/api/v1/visits/{visit}/rating", json=said).status_code == 201
    contact(line)
    roll_up(conn, 20, 30, datetime.now(UTC))
    page = officer.get("/").text
    assert "الملحقة السادسة" in page
    assert "<bdi>3,83</bdi>" in page, "in the Arabic of the page"
    stored = str(conn.execute("SELECT * FROM events").fetchall())
    assert "زينب" not in stored
    assert officer.post("/comments").text.count(TEXT) == 6, "sealed by the unit, opened by the portal"
    with reception.unit.reading() as reader:
        left = reader.execute("SELECT COUNT(*) FROM deliveries WHERE state <> 'done'").fetchone()[0]
    assert left == 0


def test_a_complaint_is_sealed_assigned_answered_and_its_stage_seen_at_the_kiosk(
    reception: Server, line: sync.Line, officer: Desk
) -> None:
    kiosk = Program(reception.app.test_client(), new_token(reception.unit.folder, "kiosk", "kiosk-1"))
    refused = kiosk.post("/api/v1/submissions", {"type": "complaint", "text": TEXT})
    assert refused.status_code == 409, "no key of the portal yet"
    contact(line)
    order = {"type": "complaint", "text": TEXT, "service": "etat-civil", "contact": {"phone": "0612345678"}}
    reference = kiosk.post("/api/v1/submissions", order).get_json()["reference"]

    def reached() -> str:
        """The last step that the kiosk shows as reached."""
        reception.feedback.stages.forget()
        told = kiosk.post("/kiosk/stage/fr", {"reference": reference}).get_json()["told"]
        return [step["stage"] for step in told["steps"] if step["reached"]][-1]

    assert reached() == "received"
    contact(line)
    assert reached() == "transmitted"
    officer.post(f"/submissions/{reference}/take")
    assert reached() == "assigned"
    assert TEXT in officer.post(f"/submissions/{reference}/read").text
    officer.post(f"/submissions/{reference}/process")
    officer.post(f"/submissions/{reference}/answer", data={"answer": "Un guichet de plus est ouvert."})
    assert reached() == "answered"
    told = kiosk.post("/kiosk/stage/fr", {"reference": reference}).get_json()["told"]
    assert told["answer"]["text"] == "Un guichet de plus est ouvert."
    contents = b"".join(path.read_bytes() for path in reception.unit.folder.rglob("unit.db*"))
    assert b"Un guichet de plus" not in contents
    assert "زينب".encode() not in contents
