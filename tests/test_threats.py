"""The threat model of docs/security.md: each row is shown by a test, and those that no other file shows are here."""

from __future__ import annotations

import ast
import re
import stat
from pathlib import Path

from server import settings
from server.app import Server
from server.operations.doctor import machine
from tests.programs import Program

TESTS = Path(__file__).parent
PAGE = TESTS.parent / "docs" / "security.md"


def names_in(file: Path) -> set[str]:
    return {one.name for one in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(one, ast.FunctionDef)}


def test_every_row_names_tests_that_exist() -> None:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ") and " --- " not in line]
    rows = [row for row in rows if not row.rstrip().endswith("| shown by |")]
    assert len(rows) > 25
    for row in rows:
        shown = row.rsplit(" | ", 1)[1]
        named = re.findall(r"`([\w/]+\.py)::(\w+)`", shown)
        assert named or shown == "the same |", f"no test shows: {row}"
        for file, name in named:
            assert name in names_in(TESTS / file), f"{file} has no {name}"


def test_a_kiosk_has_no_way_out_of_its_page(callers: dict[str, Program]) -> None:
    page = callers["kiosk"].get("/kiosk/").get_data(as_text=True)
    led = [address for address in re.findall(r'(?:href|action)="([^"]*)"', page) if not address.startswith("/assets/")]
    assert not led, "a link that leads away from the kiosk"
    assert "<iframe" not in page
    command = (TESTS.parent / "systemd" / "screen.py").read_text(encoding="utf-8")
    assert '"--kiosk"' in command


def test_a_call_out_of_turn_needs_a_reason_and_is_told_with_the_clerks_name(server: Server, callers: dict[str, Program]) -> None:
    order = {"service": "etat-civil", "language": "ar"}
    _, friend = (callers["kiosk"].post("/api/v1/tickets", order).get_json() for _ in range(2))
    clerk = callers["clerk"]
    assert clerk.post("/api/v1/counters/1/open").status_code == 200
    assert clerk.post("/api/v1/counters/1/call", {"visit": friend["visit"]}).status_code in (400, 422)
    assert clerk.post("/api/v1/counters/1/call", {"visit": friend["visit"], "reason": "urgent"}).status_code == 200
    with server.unit.reading() as conn:
        (actor, data) = conn.execute("SELECT actor, data FROM events WHERE type = 'called'").fetchone()
    assert actor.startswith("device:")
    assert '"reason":"urgent"' in data
    assert "clerk-1" in callers["manager"].get("/manager/today?lang=fr").get_data(as_text=True)
    report = callers["manager"].get("/api/v1/reports/out-of-order?by=reason&format=json")
    assert report.status_code == 200
    assert "urgent" in report.get_data(as_text=True)


def test_nobody_else_on_the_machine_reads_a_units_files(folder: Path) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (folder / "secrets").mkdir(mode=0o700)
    for name in ("secrets/client.key", "elsewhere.key"):
        (folder / name).touch(mode=0o600)
    way = '[portal]\nadapter = "https"\nurl = "https://portal.example"\nclient_secret_file = "elsewhere.key"\n'
    text = (folder / "unit.toml").read_text()
    (folder / "unit.toml").write_text(re.sub(r"\[portal\]\nadapter = .*\n", way, text))
    loaded = settings.load(folder)
    assert machine.modes(folder, loaded).level == "good"
    for name in (".", "unit.db", "unit.toml", "secrets", "secrets/client.key", "elsewhere.key"):
        path, right = folder / name, stat.S_IMODE((folder / name).stat().st_mode)
        path.chmod(right | stat.S_IRGRP)
        found = machine.modes(folder, loaded)
        path.chmod(right)
        assert found.level == "fault", name
        assert found.told("en")[1] == f"Take the right away: chmod go-rwx {path}"
    for unit in ("istiqbal.service", "istiqbal-backup.service", "istiqbal-replicate.service"):
        assert "UMask=0077" in (TESTS.parent / "systemd" / unit).read_text(encoding="utf-8")
