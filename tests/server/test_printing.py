"""From the commit of a ticket to paper: the network printer, the virtual one, and what becomes of a job."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from server import settings
from server.app import Server
from server.visits import Order
from tests.conftest import KIOSK
from tests.running import Paper, free_port

TABLE = """
[[printers]]
name = "hall-1"
transport = "{transport}"
{keys}

[[kiosks]]
name = "kiosk-1"
printer = "hall-1"
"""


Make = Callable[..., Server]


@pytest.fixture
def make(folder: Path) -> Iterator[Make]:
    made: list[Server] = []

    def with_printer(transport: str, keys: str) -> Server:
        text = (folder / "unit.toml").read_text()
        text = text[: text.index("# [[printers]]")] + TABLE.format(transport=transport, keys=keys) + text[text.index("[portal]") :]
        (folder / "unit.toml").write_text(text)
        server = Server(folder, settings.load(folder))
        made.append(server)
        server.start()
        return server

    yield with_printer
    for server in made:
        server.stop()


def settled(server: Server, count: int = 1) -> list[tuple[str, str | None]]:
    """State and error of the print deliveries, once so many are settled."""
    done = threading.Event()

    def look(conn: Any) -> None:
        rows = conn.execute("SELECT COUNT(*) FROM deliveries WHERE state IN ('done', 'unknown', 'expired')").fetchone()
        if rows[0] >= count:
            done.set()

    server.unit.after_commit.append(look)
    server.unit.writer.run(look)
    assert done.wait(20)
    with server.unit.reading() as conn:
        rows = conn.execute("SELECT state, error FROM deliveries WHERE kind = 'print' ORDER BY id").fetchall()
    return [(row[0], row[1]) for row in rows]


def test_a_ticket_reaches_a_network_printer_and_is_cut(make: Make) -> None:
    port = free_port()
    paper = Paper(port)
    server = make("network", f'host = "127.0.0.1"\nport = {port}')
    server.unit.visits.issue(Order("etat-civil", "ar", printer="hall-1"), KIOSK)
    data = paper.cuts(1)
    assert b"\x1b@" in data
    assert b"\x1dv0" in data, "Arabic must come as raster"
    assert settled(server) == [("done", None)]
    paper.close()


def test_the_number_waits_for_the_printer_and_is_printed_once_when_it_comes(make: Make) -> None:
    port = free_port()
    server = make("network", f'host = "127.0.0.1"\nport = {port}')
    look = server.unit.visits.issue(Order("etat-civil", "fr", printer="hall-1"), KIOSK)
    assert look["ticket"] == "A001"
    paper = Paper(port)
    paper.cuts(1)
    assert settled(server) == [("done", None)]
    with server.unit.reading() as conn:
        states = [row[0] for row in conn.execute("SELECT json_extract(data, '$.state') FROM events WHERE type = 'printer_changed'")]
        printed = conn.execute("SELECT COUNT(*) FROM events WHERE type = 'printed'").fetchone()[0]
    assert states[0] == "offline"
    assert states[-1] == "ready"
    assert printed == 1
    paper.close()


@pytest.mark.parametrize("language", ["ar", "zgh", "fr"])
def test_the_virtual_printer_shows_each_ticket_as_a_picture(make: Make, language: str) -> None:
    server = make("virtual", "")
    server.unit.visits.issue(Order("carte-identite", language, printer="hall-1"), KIOSK)
    assert settled(server) == [("done", None)]
    ((name, png),) = server.printing.pictures("hall-1")
    assert png.startswith(b"\x89PNG")
    assert name
    assert server.printing.pictures("hall-9") == []


def test_what_was_being_sent_when_the_server_died_is_unknown_and_not_printed_again(folder: Path, make: Make) -> None:
    server = make("virtual", "")
    server.stop()
    again = Server(folder)
    again.unit.visits.issue(Order("etat-civil", "ar", printer="hall-1"), KIOSK)
    again.unit.writer.run(lambda conn: conn.execute("UPDATE deliveries SET state = 'sending', attempts = 1"))
    again.start()
    try:
        assert settled(again) == [("unknown", "the server stopped while it was being printed")]
        again.unit.visits.issue(Order("etat-civil", "ar", printer="hall-1"), KIOSK)
        assert [state for state, _ in settled(again, 2)] == ["unknown", "done"]
    finally:
        again.stop()
    server.stop = lambda: None  # type: ignore[method-assign]


def test_a_slip_that_is_too_old_is_not_printed_at_all(folder: Path) -> None:
    text = (folder / "unit.toml").read_text()
    text = text[: text.index("# [[printers]]")] + TABLE.format(transport="virtual", keys="") + text[text.index("[portal]") :]
    (folder / "unit.toml").write_text(text)
    server = Server(folder)
    server.unit.visits.issue(Order("etat-civil", "ar", printer="hall-1"), KIOSK)
    server.unit.writer.run(lambda conn: conn.execute("UPDATE deliveries SET created_at = created_at - 601000"))
    server.start()
    try:
        assert [state for state, _ in settled(server)] == ["expired"]
        assert server.printing.pictures("hall-1") == []
    finally:
        server.stop()
