"""Reports across what spoils time and rows: clocks set back and forth, a power cut, names that change, a full disk."""

from __future__ import annotations

import csv
import io
import os
import resource
import subprocess
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from server import reports, settings
from server.clock import local
from server.lifecycle import Action
from server.reports.writing import legs
from server.reports.writing.document import section
from server.store.database import connect
from server.unit import Unit
from server.visits import Order
from tests.conftest import CLERK, KIOSK, ToldClock
from tests.running import ISTIQBAL
from tests.server.reports.test_reports import DAY, ZONE, a_morning, report

BACK, FORTH = date(2026, 2, 15), date(2026, 3, 22)
"""Ramadan of 2026: Morocco's clock goes from UTC+1 to UTC on 15 February at 03:00, and from UTC to UTC+1 on 22 March at 02:00."""


def at(unit: Unit, clock: ToldClock, moment: str) -> str:
    """A visitor who joins at `moment`, waits for 60 s, walks for 10 s and is served for 30 minutes."""
    there = ToldClock(moment).moment.at
    clock.pass_by((there - clock.moment.at) / 1000)
    visit = str(unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"])
    clock.pass_by(60)
    unit.visits.call_next(1, CLERK)
    clock.pass_by(10)
    unit.visits.at_counter(1, Action.START, CLERK)
    clock.pass_by(1800)
    unit.visits.at_counter(1, Action.FINISH, CLERK)
    return visit


@pytest.fixture
def early(folder: Path) -> Iterator[tuple[Unit, ToldClock]]:
    """A unit in January 2026 with an open counter."""
    clock = ToldClock("2026-01-05T09:00:00+01:00")
    unit = Unit(folder, settings.load(folder), clock)
    unit.visits.desk(1, "open", CLERK)
    yield unit, clock
    unit.close()


def test_the_hour_that_comes_twice_and_the_hour_that_never_comes(early: tuple[Unit, ToldClock], tmp_path: Path) -> None:
    unit, clock = early
    for moment in ("2026-02-15T02:29:30+01:00", "2026-02-15T02:29:30+00:00", "2026-02-15T23:20:00+00:00"):
        at(unit, clock, moment)
    clock.pass_by((ToldClock("2026-03-22T01:30:00+00:00").moment.at - clock.moment.at) / 1000)
    unit.visits.desk(1, "close", CLERK)
    unit.visits.desk(1, "open", CLERK)
    at(unit, clock, "2026-03-22T01:40:00+00:00")
    at(unit, clock, "2026-03-22T03:20:00+01:00")
    back, forth = reports.Period(BACK, BACK), reports.Period(FORTH, FORTH)
    made = report(unit, "wait-times", "hour", back)
    assert [(row["hour"], row["arrivals"], row["wait_mean"]) for row in made.rows] == [(2, 2, 60), (23, 1, 60)]
    made = report(unit, "wait-times", "hour", forth)
    assert [(row["hour"], row["arrivals"], row["wait_mean"]) for row in made.rows] == [(1, 1, 60), (3, 1, 60)]
    desks = {row["hour"]: row["busy_time"] for row in report(unit, "counters", "hour", forth).rows}
    assert (desks[1], desks.get(2), desks[3]) == (1140, None, 670 + 1810), "19 minutes until 02:00, then from 03:00 on"
    with unit.reading() as conn:
        legs.write_csv(conn, reports.Period(BACK, FORTH), ZONE, tmp_path / "legs.csv")
        legs.write_xlsx(conn, reports.Period(BACK, FORTH), ZONE, tmp_path / "legs.xlsx", "fr")
        raw = conn.execute("SELECT joined_at, called_at, serving_at, ended_at FROM legs ORDER BY joined_at").fetchall()
    expected = [[local(value, ZONE).strftime("%H:%M:%S") for value in row] for row in raw]
    rows = list(csv.reader(io.StringIO((tmp_path / "legs.csv").read_text("utf-8"))))[1:]
    assert [row[6:10] for row in rows] == expected
    sheet = openpyxl.load_workbook(tmp_path / "legs.xlsx").worksheets[0]
    cells = [[str(value)[:8] for value in row[6:10]] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert cells == expected
    assert [row[3] for row in expected] == ["02:00:40", "03:00:40", "23:51:10", "03:11:10", "03:51:10"]


def test_a_power_cut_gives_the_counters_no_time(unit: Unit, clock: ToldClock, folder: Path) -> None:
    """Open 09:00, busy 09:10–09:15, cut 09:20–09:45, busy 09:50–09:55, paused 09:55–10:00, closed."""
    unit.visits.desk(1, "open", CLERK)
    clock.pass_by(600)
    a_visit(unit, clock)
    clock.pass_by(300)
    unit.close()
    clock.pass_by(25 * 60)
    again = Unit(folder, settings.load(folder), clock)
    clock.pass_by(300)
    a_visit(again, clock)
    again.visits.desk(1, "pause", CLERK)
    clock.pass_by(300)
    again.visits.desk(1, "close", CLERK)
    total = report(again, "counters").total
    again.close()
    assert (total["open_time"], total["busy_time"], total["idle_time"], total["pause_time"]) == (1200, 600, 600, 300)


def a_visit(unit: Unit, clock: ToldClock) -> None:
    unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.START, CLERK)
    clock.pass_by(300)
    unit.visits.at_counter(1, Action.FINISH, CLERK)


def test_a_service_renamed_in_the_middle_is_one_row_and_one_removed_stays(unit: Unit, clock: ToldClock) -> None:
    a_morning(unit, clock)
    unit.visits.issue(Order("legalisation", "fr"), KIOSK)
    name = '{"ar": "الحالة المدنية", "zgh": "ⵜⴰⵖⴰⵔⵉⵎⵜ", "fr": "Bureau des naissances"}'
    unit.writer.run(lambda conn: conn.execute("UPDATE services SET name = ? WHERE id = 'etat-civil'", (name,)))
    unit.writer.run(lambda conn: conn.execute("UPDATE services SET removed_at = 1 WHERE id = 'legalisation'"))
    unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    with unit.reading() as conn:
        made = section(conn, report(unit, "wait-times", "service"), "fr")
    assert [row[:2] for row in made.rows] == [["Bureau des naissances", 7], ["Légalisation de signature", 1]]


@pytest.mark.parametrize("by", ["service", "service,hour", "hour,service"])
def test_services_stand_in_the_units_own_order_and_removed_ones_behind_them(unit: Unit, clock: ToldClock, by: str) -> None:
    for _ in range(2):
        for service in ("autres", "carte-identite", "etat-civil", "legalisation"):
            unit.visits.issue(Order(service, "ar"), KIOSK)
        clock.pass_by(3600)
    unit.writer.run(lambda conn: conn.execute("UPDATE services SET removed_at = 1 WHERE id = 'legalisation'"))
    with unit.reading() as conn:
        places = section(conn, report(unit, "wait-times", by), "fr").places
    services = ["etat-civil", "carte-identite", "autres", "legalisation"]
    assert (
        places
        == {
            "service": [(one,) for one in services],
            "service,hour": [(one, hour) for one in services for hour in (9, 10)],
            "hour,service": [(hour, one) for hour in (9, 10) for one in services],
        }[by]
    )


def test_a_text_that_is_no_plain_word_stays_one_cell(unit: Unit, clock: ToldClock, tmp_path: Path) -> None:
    a_morning(unit, clock)
    odd = ['=1+1, "x"\r\n<b>&', "-1", "", "سبب", "a.b", "+", "x" * 5000]
    with unit.reading() as conn:
        visits = [row[0] for row in conn.execute("SELECT visit FROM legs ORDER BY joined_at, visit LIMIT 6").fetchall()]
    unit.writer.run(
        lambda conn: conn.executemany("UPDATE legs SET reason = ? WHERE visit = ?", list(zip(odd, visits, strict=False)))
    )
    unit.writer.run(lambda conn: conn.execute("UPDATE visits SET ticket = 'ع-001' WHERE visit = ?", (visits[0],)))
    with unit.reading() as conn:
        legs.write_csv(conn, DAY, ZONE, tmp_path / "legs.csv")
        legs.write_xlsx(conn, DAY, ZONE, tmp_path / "legs.xlsx", "ar")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "legs.csv").read_bytes().decode(), newline="")))
    sheet = openpyxl.load_workbook(tmp_path / "legs.xlsx").worksheets[0]
    cells = list(sheet.iter_rows(min_row=2, values_only=True))
    wanted = {f"'{text}" if text[:1] in ("=", "-", "+") else text for text in odd[:6]}
    assert {row["reason"] for row in rows} == wanted
    assert {str(row[14] or "").replace("\r", "") for row in cells} == {text.replace("\r", "") for text in wanted}
    assert "ع-001" in {row["ticket"] for row in rows} & {row[1] for row in cells}
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_a_long_export_never_keeps_the_log_from_being_emptied(unit: Unit, clock: ToldClock, tmp_path: Path) -> None:
    a_morning(unit, clock)
    clock.pass_by(24 * 3600)
    a_morning(unit, clock)
    beside = connect(unit.path)
    busy: list[int] = []

    def told(share: float) -> None:
        unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
        busy.append(beside.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])

    two_days = reports.Period(date(2026, 11, 23), date(2026, 11, 24))
    with unit.reading() as conn:
        legs.write_csv(conn, two_days, ZONE, tmp_path / "x.csv", told)
        legs.write_xlsx(conn, two_days, ZONE, tmp_path / "x.xlsx", "fr", told)
    beside.close()
    assert busy == [0] * 6, "no reader held the log back between two days"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """A folder in which 4 KB can be written, and how a program is begun there: a small disk, or a limit if we may not mount."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = os.geteuid() == 0 and not subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k", "none", folder]).returncode
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))  # noqa: E731
    yield folder, {} if mounted else {"preexec_fn": limit}
    if mounted:
        subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_disk_that_fills_is_told_in_a_sentence(
    unit: Unit, clock: ToldClock, small_disk: tuple[Path, dict[str, Any]], form: str
) -> None:
    disk, begun = small_disk
    for _ in range(150):
        unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
        clock.pass_by(1)
    words = ["report", "legs", unit.folder, "--format", form, "--from", "2026-11-23", "--out", disk / "out"]
    done = subprocess.run([ISTIQBAL, *words], capture_output=True, text=True, timeout=60, **begun)
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].startswith(f"Error: {disk / 'out'} can't be written: ")
    assert "Traceback" not in done.stderr
    assert list(disk.iterdir()) == []


def test_the_clock_changes_are_those_of_the_zone() -> None:
    """Should Morocco decide anew, the dates above are to be taken from its decree."""
    for day, hours in ((BACK, 25), (FORTH, 23)):
        start = datetime(day.year, day.month, day.day, tzinfo=ZONE)
        end = datetime(day.year, day.month, day.day + 1, tzinfo=ZONE)
        assert (end.timestamp() - start.timestamp()) / 3600 == hours
