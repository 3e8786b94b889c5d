"""The manager's page of the doctor: what is wrong stands first with its remedy, printers are tried by a button."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from click.testing import CliRunner

from printers.status import PrinterStatus
from server import settings
from server.access import devices as access
from server.app import Server
from server.cli import main
from server.operations.doctor import address, devices, examine, keeping, portal
from server.operations.doctor.examining import Examination
from server.operations.doctor.findings import Finding
from server.operations.making import new_token
from server.store.database import connect
from server.sync import certificates
from tests.programs import Program
from tests.running import Paper, Running, free_port

PRINTER = '[[printers]]\nname = "hall-1"\ntransport = "network"\nhost = "127.0.0.1"\nport = {port}\n\n[[kiosks]]'


def page(callers: dict[str, Program]) -> str:
    answer = callers["manager"].get("/manager/doctor?lang=fr")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def looked(server: Server) -> None:
    examination: Examination = server.app.extensions["istiqbal.doctor"]
    assert examination.wait(60)


def test_it_tells_what_is_wrong_before_what_is_good_each_with_a_remedy(server: Server, callers: dict[str, Program]) -> None:
    page(callers)
    looked(server)
    told = page(callers)
    warned = told.index("Faites-en une maintenant")
    assert warned < told.index("La base de données est intègre")
    assert "Vérifier à nouveau" in told
    assert 'http-equiv="refresh"' not in told


def test_it_says_which_displays_are_missing_now(server: Server, callers: dict[str, Program], folder: Path) -> None:
    new_token(folder, "display", "Entrée")
    told = page(callers)
    assert "L’écran «\xa0Entrée\xa0» ne s’est jamais connecté" in told
    assert "docs/screens-machines.md" in told


def test_a_display_that_is_connected_is_not_missed(server: Server, folder: Path) -> None:
    new_token(folder, "display", "Entrée")
    with server.unit.reading() as conn:
        proofs = {one.proof for one in access.devices(conn)}
        (found,) = devices.displays(conn, proofs, 0)
    assert found.level == "good"


def test_without_a_server_the_time_a_display_was_last_seen_speaks(folder: Path) -> None:
    new_token(folder, "display", "Entrée")
    conn = connect(folder / "unit.db")
    conn.execute("UPDATE tokens SET last_seen_at = 1000000")
    soon, late = (list(devices.displays(conn, None, 1_000_000 + ms)) for ms in (60_000, 3_600_000))
    conn.close()
    assert [one.level for one in (*soon, *late)] == ["good", "warning"]


def test_times_are_told_as_the_halls_clocks_show_them_and_in_the_readers_language(
    server: Server, callers: dict[str, Program], folder: Path
) -> None:
    """Casablanca is an hour ahead of UTC in January."""
    new_token(folder, "display", "Entrée")
    server.unit.writer.run(lambda conn: conn.execute("UPDATE tokens SET last_seen_at = 1768464300000 WHERE name = 'Entrée'"))
    assert "vu pour la dernière fois le 15 janvier 2026, 09:05" in page(callers)


@pytest.mark.parametrize("hours", [1, 400])
def test_the_last_backup_and_the_last_contact_are_told_in_local_time(folder: Path, hours: int) -> None:
    at = datetime(2026, 1, 15, 8, 5, tzinfo=UTC)
    (folder / "backup-state.json").write_text(json.dumps({"backups": {"good_at": at.isoformat(), "error": None}}))
    loaded = settings.load(folder)
    backup = next(keeping.look(folder, loaded, at + timedelta(hours=hours)))
    conn = connect(folder / "unit.db")
    conn.execute("INSERT INTO portal_line VALUES ('contact', ?)", (str(int(at.timestamp() * 1000)),))
    contact = portal._contact(conn)
    conn.close()
    for found in (backup, contact):
        assert "15 janvier 2026, 09:05" in found.told("fr", loaded.unit.timezone)[0]


def test_backups_on_one_disk_are_told_of_once_there_are_any(folder: Path) -> None:
    at, loaded = datetime(2026, 1, 15, 8, 5, tzinfo=UTC), settings.load(folder)
    assert ["no backup yet" in found.message for found in keeping.look(folder, loaded, at)] == [True]
    (folder / "backup-state.json").write_text(json.dumps({"backups": {"good_at": at.isoformat(), "error": None}}))
    assert [found.level for found in keeping.look(folder, loaded, at)] == ["good", "warning"]


def test_the_command_line_tells_local_times_too(folder: Path) -> None:
    at = datetime(2026, 1, 15, 8, 5, tzinfo=UTC)
    (folder / "backup-state.json").write_text(json.dumps({"backups": {"good_at": at.isoformat(), "error": None}}))
    said = CliRunner().invoke(main, ["doctor", "--no-printers", str(folder)]).output
    assert "The last backup in backups is of 15 January 2026, 09:05." in said


def test_every_state_of_a_printer_has_a_sentence_and_every_bad_one_a_remedy() -> None:
    for state in ("ready", "near-end", "paper-out", "cover-open", "offline", "error", "unknown"):
        finding = devices.of_printer("hall-1", PrinterStatus(state, "what it said"))  # type: ignore[arg-type]
        assert "hall-1" in finding.told("fr")[0]
        assert bool(finding.remedy) == (finding.level != "good")


def test_a_look_that_takes_long_holds_no_page_up(server: Server, callers: dict[str, Program]) -> None:
    held = threading.Event()

    def slow() -> Iterator[Finding]:
        held.wait(60)
        yield Finding("good", "All is well.")

    server.app.extensions["istiqbal.doctor"] = Examination(slow, lambda: 0)
    told = page(callers)
    assert "en cours de vérification" in told
    assert 'http-equiv="refresh"' in told
    held.set()
    looked(server)
    assert "en cours de vérification" not in page(callers)


def test_a_look_that_breaks_off_says_so(server: Server, callers: dict[str, Program]) -> None:
    def broken() -> Iterator[Finding]:
        raise OSError("the disk is gone")
        yield

    server.app.extensions["istiqbal.doctor"] = Examination(broken, lambda: 0)
    page(callers)
    looked(server)
    assert "La vérification s’est interrompue" in page(callers)


def test_a_printer_that_fails_stands_before_one_that_prints(
    server: Server, callers: dict[str, Program], monkeypatch: pytest.MonkeyPatch
) -> None:
    """“It is at the top”, the page says of what is wrong."""
    statuses = {"hall-1": PrinterStatus("ready"), "hall-2": PrinterStatus("paper-out")}
    monkeypatch.setattr(server.app.extensions["istiqbal.printing"], "statuses", lambda: statuses)
    told = page(callers)
    assert 0 < told.index("hall-2") < told.index("hall-1")


def test_a_printer_that_is_not_there_has_no_test(callers: dict[str, Program]) -> None:
    assert callers["manager"].post("/manager/doctor/printers/none/test").status_code == 404


def test_a_test_slip_comes_out_and_its_page_says_so(running: Running) -> None:
    paper = Paper(free_port())
    path = running.folder / "unit.toml"
    path.write_text(path.read_text().replace("[[kiosks]]", PRINTER.format(port=paper.port), 1))
    running.start()
    manager = running.token("manager", "manager-1")
    answer = tell(running, manager)
    assert answer
    paper.cuts(1)
    conn = connect(running.folder / "unit.db", read_only=True)
    (visits,) = conn.execute("SELECT COUNT(*) FROM visits").fetchone()
    (events,) = conn.execute("SELECT COUNT(*) FROM events WHERE type = 'printer_tested'").fetchone()
    conn.close()
    paper.close()
    assert (visits, events) == (0, 1), "a test is no visit"


def tell(running: Running, token: str) -> bool:
    """Press the button."""
    import requests

    headers = {"Authorization": f"Bearer {token}"}
    address = f"{running.url}/manager/doctor/printers/hall-1/test"
    return requests.post(address, headers=headers, timeout=10, allow_redirects=False).status_code == 303


@pytest.mark.parametrize("what", ["database", "clock", "disk", "memory", "backup", "voice", "portal", "SQLite", "letters", "read"])
def test_the_doctor_looks_at(folder: Path, what: str) -> None:
    text = (folder / "unit.toml").read_text().replace('adapter = "none"', 'adapter = "folder"')
    (folder / "unit.toml").write_text(text)
    messages = [finding.message for finding in examine(folder, settings.load(folder))]
    assert any(what in message for message in messages), messages


def test_the_certificate_that_telephones_see_is_looked_at(folder: Path, tmp_path: Path) -> None:
    made = trustme.CA().issue_cert("127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.configure_cert(context)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=show_certificate, args=(listener, context, 3), daemon=True).start()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        loaded = settings.load(folder)
        known = loaded.model_copy(update={"server": loaded.server.model_copy(update={"public_url": url})})
        with made.cert_chain_pems[0].tempfile(dir=str(tmp_path)) as file:
            ends = certificates.read(Path(file)).ends
        levels = [next(address.look(known, ends - timedelta(days=days))).level for days in (22, 20, -1)]
    assert levels == ["good", "warning", "fault"]
    (found,) = address.look(known)
    assert "answers by https" in found.message
    assert not list(address.look(loaded))


def show_certificate(listener: socket.socket, context: ssl.SSLContext, times: int) -> None:
    for _ in range(times):
        line, _ = listener.accept()
        with context.wrap_socket(line, server_side=True) as secured:
            secured.recv(1)
