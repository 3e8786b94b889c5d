"""The doctor's checks where all is not well: each is told as what it is, and what to do."""

from __future__ import annotations

import ast
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from sqlite_utils.utils import sqlite3

from server import settings
from server.clock import wall_ms
from server.operations import doctor
from server.operations.doctor import devices, examine, feedback, machine, portal, words
from server.operations.doctor.findings import Finding
from server.settings import BoardSettings
from server.store import open_store
from server.sync import certificates
from server.unit import Unit
from server.visits import Order
from tests.conftest import KIOSK
from tests.faults.store import spoil

MB = 1_000_000
FOLDER = Path(doctor.__file__).parent


def made_in(file: Path) -> list[ast.Call]:
    """Every place of a module that makes a finding."""
    calls = [one for one in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(one, ast.Call)]
    return [one for one in calls if isinstance(one.func, ast.Name) and one.func.id == "Finding"]


def test_no_check_can_find_fault_without_a_remedy() -> None:
    made = [(file.name, one) for file in sorted(FOLDER.glob("*.py")) for one in made_in(file)]
    bad = [(name, one) for name, one in made if not (isinstance(one.args[0], ast.Constant) and one.args[0].value == "good")]
    assert len(bad) > 20
    for name, one in bad:
        remedy = one.args[2] if len(one.args) > 2 else next((k.value for k in one.keywords if k.arg == "remedy"), None)
        assert remedy is not None, f"{name}:{one.lineno}"
        assert not (isinstance(remedy, ast.Constant) and not remedy.value), f"{name}:{one.lineno}"


def test_a_board_whose_device_is_not_there_is_told_and_one_behind_the_network_is_not_asked(tmp_path: Path) -> None:
    (tmp_path / "tty").touch()
    boards = {
        port: devices.board(BoardSettings(name="led-1", make="plain", port=port))
        for port in (str(tmp_path / "tty"), str(tmp_path / "gone"), "socket://192.0.2.9:4001")
    }
    there, gone, behind = boards.values()
    assert there is not None
    assert gone is not None
    told(there, "good", "led-1")
    told(gone, "warning", str(tmp_path / "gone"))
    assert behind is None


def told(finding: Finding, level: str, sentence: str) -> None:
    assert finding.level == level
    assert sentence in finding.told("en")[0]
    assert bool(finding.told("en")[1]) == (level != "good")


@pytest.mark.parametrize(
    ("free_mb", "level", "sentence"),
    [
        (299, "fault", "Only 299 MB are free"),
        (999, "warning", "999 MB are free"),
        (1999, "warning", "1.9 GB are free"),
        (2000, "good", "2.0 GB are free"),
        (1_982_012, "good", "1,982 GB are free"),
    ],
)
def test_a_disk_that_is_nearly_full(folder: Path, free_mb: int, level: str, sentence: str) -> None:
    told(machine.disk(folder, lambda _: free_mb * MB), level, sentence)


@pytest.mark.parametrize(
    ("language", "written"), [("fr", "1\u202f982\u00a0Go"), ("ar", "1.982\u00a0جيغابايت"), ("zgh", "1\u00a0982\u00a0ⵊⵖⴱ")]
)
def test_a_large_disk_is_told_in_numbers_of_the_readers_language(folder: Path, language: str, written: str) -> None:
    assert written in machine.disk(folder, lambda _: 1_982_012 * MB).told(language)[0]


@pytest.mark.parametrize(("free_kb", "level"), [(199_000, "warning"), (200_000, "good")])
def test_little_memory(tmp_path: Path, free_kb: int, level: str) -> None:
    (tmp_path / "meminfo").write_text(f"MemTotal:  4000000 kB\nMemFree:  9000 kB\nMemAvailable:   {free_kb} kB\n")
    told(machine.memory(tmp_path / "meminfo"), level, f"{free_kb // 1000} MB of memory are free")


def test_a_clock_that_was_set_back_or_forth(folder: Path) -> None:
    unit = Unit(folder, settings.load(folder))
    unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    with unit.reading() as conn:
        told(machine.clock(conn), "good", "agrees")
        told(machine.clock(conn, lambda: wall_ms() - 180_000), "fault", "behind the last event")
        told(machine.clock(conn, lambda: wall_ms() + 3605_000), "warning", "was changed by 3,60")
    unit.close()


@pytest.mark.parametrize("table", ["legs", "events", "services"])
def test_a_damaged_database(folder: Path, table: str) -> None:
    """It is told instead of ending the look, and what else there is to see is seen."""
    spoil(folder / "unit.db", table)
    found = list(examine(folder, settings.load(folder)))
    (damage,) = [one for one in found if "database" in one.message and one.level == "fault"]
    told(damage, "fault", "The database is damaged")
    assert "docs/backup.md" in damage.remedy
    assert any("backup" in one.message for one in found)


def test_a_sqlite_that_can_corrupt_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    told(machine.sqlite(), "good", "SQLite")
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))
    told(machine.sqlite(), "fault", "can corrupt the database")


def test_a_certificate_for_the_portal_that_ends_or_is_none(tmp_path: Path) -> None:
    path = tmp_path / "client.pem"
    told(portal.certificate(path, datetime.now(UTC)), "fault", "can't be read")
    trustme.CA().issue_cert("unit-1").cert_chain_pems[0].write_to_path(str(path))
    validity = certificates.read(path)
    told(portal.certificate(path, validity.ends - timedelta(days=31)), "good", "is good until")
    told(portal.certificate(path, validity.ends - timedelta(days=29)), "fault", "ends on")
    told(portal.certificate(path, validity.ends), "fault", "ended on")
    told(portal.certificate(path, validity.begins - timedelta(days=1)), "fault", "clock is before")


def test_files_for_a_stick_are_no_contact_and_a_hall_that_was_closed_for_days_is_well(unit: Unit) -> None:
    stick = unit.settings.model_copy(update={"portal": settings.PortalSettings(adapter="folder")})
    with unit.reading() as conn:
        (never,) = portal.look(conn, unit.folder, stick)
    told(never, "good", "Nothing was written for the portal yet")
    unit.writer.run(lambda conn: conn.execute("INSERT INTO portal_line VALUES ('contact', '1')"))
    with unit.reading() as conn:
        (long_ago,) = portal.look(conn, unit.folder, stick)
    told(long_ago, "good", "last written at 1 January 1970, 00:00")
    out = '{"message": "The stick is out.", "params": {}, "since": 1}'
    unit.writer.run(lambda conn: conn.execute("INSERT INTO portal_line VALUES ('fault', ?)", (out,)))
    with unit.reading() as conn:
        (fault,) = portal.look(conn, unit.folder, stick)
    told(fault, "warning", "The stick is out.")


def test_a_key_of_its_own_for_complaints_that_is_not_there(folder: Path) -> None:
    with (folder / "unit.toml").open("a") as file:
        file.write('\n[feedback]\nlocal_key = "gone.jwk"\n')
    (found,) = feedback.look(folder, settings.load(folder))
    told(found, "fault", "own key for complaints can't be used")


@pytest.mark.parametrize(
    ("reader", "sentence"),
    [
        ("fr", "«\xa0Autres\xa0» n’a pas de texte en amazighe\xa0; l’arabe ou le français est affiché."),
        ("ar", "«\u2068خدمات أخرى\u2069» بلا نصّ باللغة الأمازيغية؛ تُعرض العربية أو الفرنسية."),
        ("en", "“autres” has no text in Amazigh; Arabic or French is shown."),
    ],
)
def test_a_text_that_is_missing_is_told_by_the_names_that_people_know(folder: Path, reader: str, sentence: str) -> None:
    db = open_store(folder / "unit.db")
    db.execute("""UPDATE services SET name = '{"ar": "خدمات أخرى", "fr": "Autres"}' WHERE id = 'autres'""")
    found = [one for one in words.look(db.conn, settings.load(folder)) if one.level == "warning"]
    assert [one.told(reader)[0] for one in found] == [sentence]
    db.close()


def test_a_document_without_a_text_is_told_with_its_service_and_how_it_begins(folder: Path) -> None:
    db = open_store(folder / "unit.db")
    db.execute("UPDATE services SET documents = ? WHERE id = 'autres'", (json.dumps([{"ar": "أ", "fr": "Une copie " * 20}]),))
    found = [one for one in words.look(db.conn, settings.load(folder)) if one.level == "warning"]
    assert [one.told("fr")[0][:40] for one in found] == ["«\xa0Autres services · Une copie Une copie "]
    assert "…" in found[0].told("fr")[0]
    db.close()
