"""From the commit of a ticket to paper: the network printer, the virtual one, and what becomes of a job."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from printers.slip import Layout
from server import settings, setup
from server.app import Server
from server.editing.ticket import Ticket
from server.errors import UnknownVisit
from server.printing import Printing
from server.printing.slips import example, slip_of
from server.setup.slip import BadLogo, SlipChoices, checked_logo, choices
from server.store import open_reader
from server.visits import Order
from tests.conftest import CLERK, KIOSK
from tests.running import Paper, Running, free_port
from tests.server.setup.forms import keep_only

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
        rows = conn.execute("SELECT COUNT(*) FROM deliveries WHERE state IN ('done', 'unknown', 'expired', 'failed')").fetchone()
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
        assert settled(again) == [("unknown", '{"kind":"stopped-meanwhile"}')]
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


SECOND = """
[[printers]]
name = "hall-2"
transport = "virtual"
"""


def reprint(server: Server, visit: str) -> None:
    server.printing.reprint(visit, None, CLERK)


def test_a_reprint_on_request_is_marked_as_a_duplicate_in_the_tickets_language(make: Make) -> None:
    server = make("virtual", "")
    for language, word in (("ar", "نظير"), ("fr", "DUPLICATA")):
        visit = server.unit.visits.issue(Order("etat-civil", language, printer="hall-1"), KIOSK)["visit"]
        reprint(server, visit)
        with server.unit.reading() as conn:
            (text,) = conn.execute("SELECT payload FROM deliveries ORDER BY id DESC LIMIT 1").fetchone()
            service = setup.service(conn, "etat-civil")
        slip = slip_of(json.loads(text), service, server.unit.settings, SlipChoices())
        assert slip.duplicate is not None
        assert word in slip.duplicate
        assert slip.facts == (), "people ahead then is not people ahead now"
    assert [state for state, _ in settled(server, 4)] == ["done"] * 4
    with pytest.raises(UnknownVisit):
        reprint(server, "a" * 26)


def test_the_second_printer_takes_over_and_nothing_comes_out_twice(folder: Path) -> None:
    path = folder / "unit.toml"
    text = path.read_text()
    table = TABLE.format(transport="network", keys=f'host = "127.0.0.1"\nport = {free_port()}')
    table = table.replace("[[kiosks]]", SECOND + "\n[[kiosks]]") + 'second_printer = "hall-2"\n'
    path.write_text(text[: text.index("# [[printers]]")] + table + text[text.index("[portal]") :])
    server = Server(folder)
    assert server.unit.settings.second_printer_of("kiosk-1") == "hall-2"
    server.start()
    try:
        for _ in range(3):
            server.unit.visits.issue(Order("etat-civil", "ar", printer="hall-1", second_printer="hall-2"), KIOSK)
        assert settled(server, 3) == [("done", None)] * 3
        assert len(server.printing.pictures("hall-2")) == 3
        with server.unit.reading() as conn:
            moved = conn.execute("SELECT COUNT(*) FROM events WHERE type = 'print_moved'").fetchone()[0]
        assert moved == 3
    finally:
        server.stop()


def test_a_slip_that_can_not_be_drawn_does_not_hold_up_the_next(make: Make) -> None:
    server = make("virtual", "")
    server.printing.stop()
    server.unit.visits.issue(Order("etat-civil", "ar", printer="hall-1"), KIOSK)
    server.unit.writer.run(lambda conn: conn.execute("UPDATE deliveries SET payload = json_set(payload, '$.service', 'gone')"))
    server.unit.visits.issue(Order("etat-civil", "ar", printer="hall-1"), KIOSK)
    again = Printing(server.unit)
    again.start()
    assert [state for state, _ in settled(server, 2)] == ["failed", "done"]
    again.stop()


def test_the_managers_choices_are_on_the_next_ticket_and_in_the_journal(make: Make) -> None:
    server = make("virtual", "")
    chosen = SlipChoices(Layout(subtitle=False, documents=False), {"ar": "أهلا وسهلا", "fr": "Bienvenue"})
    keep_only(server.unit, Ticket.of(chosen))
    with server.unit.reading() as conn:
        assert choices(conn) == chosen
        service = setup.service(conn, "etat-civil")
        (actor,) = conn.execute("SELECT actor FROM events WHERE type = 'setup_changed'").fetchone()
    slip = slip_of(example(service, "fr", 0), service, server.unit.settings, chosen)
    assert (slip.footer, slip.layout.documents, actor) == ("Bienvenue", False, "person:9")


@pytest.mark.parametrize("data", [b"not a picture", b"x" * 60_000])
def test_a_logo_that_can_not_be_printed_is_refused(data: bytes) -> None:
    with pytest.raises(BadLogo):
        checked_logo(data)


def test_a_qr_code_is_printed_only_where_a_phone_can_reach_the_server(make: Make) -> None:
    server = make("virtual", "")
    with server.unit.reading() as conn:
        service = setup.service(conn, "etat-civil")
    payload = example(service, "fr", 0)
    assert slip_of(payload, service, server.unit.settings, SlipChoices()).qr is None
    reachable = server.unit.settings.server.model_copy(update={"public_url": "http://192.0.2.1:8080"})
    settings_with = server.unit.settings.model_copy(update={"server": reachable})
    assert slip_of(payload, service, settings_with, SlipChoices()).qr == f"http://192.0.2.1:8080/t/{'a' * 26}"


def test_kill_9_while_tickets_are_printed_loses_none_and_prints_none_twice(running: Running) -> None:
    paper = Paper(free_port())
    path = running.folder / "unit.toml"
    text = path.read_text()
    table = TABLE.format(transport="network", keys=f'host = "127.0.0.1"\nport = {paper.port}')
    path.write_text(text[: text.index("# [[printers]]")] + table + text[text.index("[portal]") :])
    token = running.token("kiosk", "kiosk-1")
    issued = 0
    for _ in range(4):
        running.start()
        for _ in range(6):
            assert running.post(token, "/tickets", {"service": "etat-civil", "language": "ar"}).status_code == 201
            issued += 1
        running.kill()
    running.start()
    assert running.post(token, "/tickets", {"service": "residence", "language": "fr"}).status_code == 201
    states = all_settled(running.folder, issued + 1)
    printed = len(paper.cut_times())
    running.stop()
    paper.close()
    assert set(states) <= {"done", "unknown"}
    assert states.count("unknown") <= 4, "only what was being sent when the server died may be unknown"
    recoveries = states.count("unknown")
    assert states.count("done") <= printed <= len(states) + recoveries


def all_settled(folder: Path, count: int) -> list[str]:
    """The states of all print deliveries once none is owed any more."""
    db = open_reader(folder / "unit.db")
    end = time.monotonic() + 30
    while time.monotonic() < end:
        states = [row[0] for row in db.execute("SELECT state FROM deliveries WHERE kind = 'print'").fetchall()]
        if len(states) == count and not {"pending", "sending"} & set(states):
            break
        threading.Event().wait(0.05)
    db.close()
    return states


def test_a_ticket_that_was_printed_again_is_off_the_managers_list(make: Make) -> None:
    server = make("virtual", "")
    visit = server.unit.visits.issue(Order("etat-civil", "ar", printer="hall-1"), KIOSK)["visit"]
    settled(server)
    server.unit.writer.run(lambda conn: conn.execute("UPDATE deliveries SET state = 'unknown'"))
    with server.unit.reading() as conn:
        assert [one["visit"] for one in server.printing.problems(conn)["unprinted"]] == [visit]
    reprint(server, visit)
    settled(server, 2)
    with server.unit.reading() as conn:
        assert server.printing.problems(conn) == {"unprinted": []}


@pytest.mark.parametrize(
    ("language", "line"), [("ar", "تذكرة ذات أولوية"), ("zgh", "ⵜⴰⵡⵔⵉⵇⵜ ⵙ ⵜⵣⵡⴰⵔⵜ"), ("fr", "Ticket prioritaire")]
)
def test_a_ticket_with_priority_says_so_and_not_why(make: Make, language: str, line: str) -> None:
    server = make("virtual", "")
    server.unit.visits.issue(Order("etat-civil", language, priority="pregnant", printer="hall-1"), KIOSK)
    with server.unit.reading() as conn:
        (text,) = conn.execute("SELECT payload FROM deliveries WHERE kind = 'print'").fetchone()
        service = setup.service(conn, "etat-civil")
    payload = json.loads(text)
    assert slip_of(payload, service, server.unit.settings, SlipChoices()).facts[0] == (line, "")
    for other in ({**payload, "priority": None}, {**payload, "appointment": "10:30"}):
        assert (line, "") not in slip_of(other, service, server.unit.settings, SlipChoices()).facts


def test_an_estimated_wait_is_printed_with_its_range_when_it_is_known(make: Make) -> None:
    server = make("virtual", "")
    with server.unit.reading() as conn:
        service = setup.service(conn, "etat-civil")
    payload = {**example(service, "ar", 0), "estimated_wait": {"seconds": 1200, "low": 600, "high": 1790}}
    slip = slip_of(payload, service, server.unit.settings, SlipChoices())
    assert slip.facts[1][1] == "حوالي 20\u00a0د، وعادة من 10 إلى 30"
