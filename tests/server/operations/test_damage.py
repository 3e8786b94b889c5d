"""A damaged database: nothing goes on silently, and the way back is told."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from server.app import Server
from server.errors import StoreDamaged
from server.store import StoreUnusable, check_whole
from server.visits import Order
from tests.conftest import KIOSK
from tests.faults.store import spoil
from tests.programs import Program
from tests.running import ISTIQBAL, free_port


def test_the_server_does_not_start_and_says_how_to_come_back(folder: Path) -> None:
    spoil(folder / "unit.db", "legs")
    with pytest.raises(StoreUnusable, match=r"damaged.*istiqbal restore"):
        check_whole(folder / "unit.db")
    command = [ISTIQBAL, "serve", folder, "--port", str(free_port())]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    assert "istiqbal restore" in done.stderr
    assert "Traceback" not in done.stderr


def test_damage_that_is_met_on_the_way_ends_the_writing(server: Server, callers: dict[str, Program]) -> None:
    database = server.unit.path
    spoil(database, "visits")
    server.unit.writer.run(lambda conn: conn.execute("PRAGMA shrink_memory"))
    with pytest.raises(StoreDamaged):
        server.unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    answer = callers["kiosk"].post("/api/v1/tickets", {"service": "etat-civil", "language": "ar"})
    assert answer.status_code == 503
    assert answer.get_json()["type"] == "urn:istiqbal:problem:store-damaged"
    assert callers["nobody"].get("/healthz").status_code == 503
    assert callers["nobody"].get("/readyz").status_code == 503
