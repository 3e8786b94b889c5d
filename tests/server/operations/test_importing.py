"""Visits of another system in a unit: all or nothing, once, and as its own journal would tell them."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from server import journal, settings
from server.operations import importing
from server.store import open_reader, open_store
from server.unit import Unit
from tests.conftest import ToldClock
from tests.running import Running
from tests.server.estimates.test_visits_file import HEADING, bank_file, written
from tests.server.operations.test_cli import istiqbal, refused

SMALL_CACHE = "from server.store import database; database.CACHE_KB = 100; from server.cli import main; main()"
"""What an import of millions does, a small one does too with such a page cache: it writes into the log before it is done."""
WRITTEN = 800_000
"""Bytes of the log: far more than what opening the database writes."""
NAMES = ("arrival", "call", "start", "end", "service", "counter", "priority")
OPTIONS = [word for name in NAMES for word in (f"--{name}", name)]
ROWS = (
    "2026-03-02 09:00,2026-03-02 09:10,2026-03-02 09:11,2026-03-02 09:20,etat-civil,1,\n"
    "2026-03-02 09:00,2026-03-02 09:10,2026-03-02 09:11,2026-03-02 09:20,etat-civil,1,\n"
    "2026-03-02 09:05,,,2026-03-02 09:30,etat-civil,,elderly\n"
    "2026-03-02 09:06,,,,etat-civil,,\n"
    "2026-03-02 09:07,2026-03-02 09:01,,,etat-civil,1,\n"
    "2026-03-02 09:07,2026-03-02 09:09,,,castle,1,\n"
    "2026-03-02 09:07,2026-03-02 09:09,,,etat-civil,77,\n"
    "2096-03-02 09:07,2096-03-02 09:09,,,etat-civil,1,\n"
    ",2026-03-02 09:09,,,etat-civil,1,\n"
)


def counted(folder: Path) -> tuple[int, int]:
    db = open_reader(folder / "unit.db")
    found = db.execute("SELECT (SELECT COUNT(*) FROM visits), (SELECT COUNT(*) FROM events)").fetchone()
    db.close()
    return int(found[0]), int(found[1])


def test_it_takes_good_rows_in_once_and_tells_the_bad_ones_by_line(folder: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "v.csv", HEADING + ROWS)
    done = istiqbal("import-visits", folder, file, *OPTIONS)
    assert done.stdout == "4 visits imported, 0 were there already, 5 bad rows left out.\n", done.stderr
    for line, word in ((6, "before arrival"), (7, "castle"), (8, "77"), (9, "future"), (10, "empty")):
        assert any(told.startswith(f"line {line}:") and word in told for told in done.stderr.splitlines())
    again = istiqbal("import-visits", folder, file, *OPTIONS)
    assert again.stdout.startswith("0 visits imported, 4 were there already")
    assert counted(folder)[0] == 4


def test_the_journal_gives_the_imported_visits_and_reports_count_them(folder: Path, tmp_path: Path, clock: ToldClock) -> None:
    istiqbal("import-visits", folder, written(tmp_path / "v.csv", HEADING + ROWS), *OPTIONS)
    opened = Unit(folder, settings.load(folder), clock)
    try:
        with opened.reading() as conn:
            visits, legs = journal.replay(journal.read(conn))
            assert (visits, legs) == journal.stored(conn)
            outcomes = sorted(
                (str(leg.state), leg.waited_ms, leg.served_ms, leg.left_after_ms is not None) for leg in legs.values()
            )
    finally:
        opened.close()
    assert outcomes[:1] == [("cancelled", None, None, True)]
    assert outcomes[1][0] == "expired"
    assert outcomes[2:] == [("served", 600_000, 540_000, False)] * 2


def test_a_failure_in_the_middle_leaves_nothing(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import UTC
    from zoneinfo import ZoneInfo

    from server.estimates.visits_file import Columns, read

    file = written(tmp_path / "v.csv", HEADING + ROWS)
    saved = journal.save_leg

    def full_disk(conn: object, leg: object) -> None:
        if not conn.execute("SELECT 1 FROM legs").fetchone():  # type: ignore[attr-defined]
            saved(conn, leg)  # type: ignore[arg-type]
            return
        raise OSError("the disk is full")

    before = counted(folder)
    monkeypatch.setattr(importing.journal, "save_leg", full_disk)
    with pytest.raises(OSError, match="full"):
        importing.import_visits(
            folder / "unit.db", read(file, Columns(*NAMES, zone=UTC)), ZoneInfo("Africa/Casablanca"), {}, create=False
        )
    assert counted(folder) == before


def test_services_are_mapped_or_made_and_estimates_have_history(folder: Path, tmp_path: Path, clock: ToldClock) -> None:
    file = bank_file(tmp_path / "bank.csv", days=3)
    names = ("--arrival", "came", "--call", "called", "--end", "left", "--service", "what", "--time-format", "%d/%m/%Y %H:%M:%S")
    refused(istiqbal("import-visits", folder, file, *names, "--map-service", "s0"), 2, "s0")
    done = istiqbal("import-visits", folder, file, *names, "--map-service", "s0=etat-civil", "--create")
    assert done.returncode == 0, done.stderr
    assert " 0 bad rows" in done.stdout
    db = open_store(folder / "unit.db")
    assert db.execute("SELECT COUNT(*) FROM services WHERE id IN ('s1', 's2') AND open = 0").fetchone()[0] == 2
    assert db.execute("SELECT COUNT(*) FROM services WHERE id = 's0'").fetchone()[0] == 0
    db.close()


def many_rows(days: int, a_day: int) -> str:
    """Distinct served visits."""
    found = []
    for day in range(days):
        date = f"2026-{1 + day // 25:02d}-{1 + day % 25:02d}"
        times = (f"{place // 60:02d}:{place % 60:02d}" for place in range(a_day))
        found += [f"{date} 09:{time},{date} 10:{time},,,etat-civil,1,\n" for time in times]
    return "".join(found)


def test_a_kill_in_the_middle_of_writing_leaves_nothing_and_the_next_try_takes_all(folder: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "v.csv", HEADING + many_rows(5, 240))
    before, log = counted(folder), folder / "unit.db-wal"
    command = [sys.executable, "-c", SMALL_CACHE, "import-visits", folder, file, *OPTIONS]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 60
    while not (log.exists() and log.stat().st_size > WRITTEN):
        assert process.poll() is None, "it was done before it could be killed"
        assert time.monotonic() < end
    process.kill()
    process.communicate()
    assert counted(folder) == before
    done = istiqbal("import-visits", folder, file, *OPTIONS)
    assert done.stdout.startswith("1200 visits imported, 0 were there already"), done.stderr


def test_it_refuses_while_a_server_runs_the_unit(running: Running, tmp_path: Path) -> None:
    running.start()
    before = counted(running.folder)
    done = istiqbal("import-visits", running.folder, written(tmp_path / "v.csv", HEADING + ROWS), *OPTIONS)
    assert done.returncode == 1
    assert "already runs the unit" in done.stderr
    assert counted(running.folder) == before
