"""Every leg as a row: rows that stream, nothing half written, clocks and days that are not as usual."""

from __future__ import annotations

import csv
import errno
import io
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from server import reports, setup
from server.reports import work
from server.reports.asking import place_of
from server.reports.writing import legs
from server.unit import Unit
from server.visits import Order
from tests.conftest import CLERK, KIOSK, ToldClock
from tests.server.reports.test_reports import DAY, ZONE, a_morning, report

UTC_PLUS_ONE = ZoneInfo("Africa/Casablanca")


def exported(unit: Unit, path: Path) -> list[dict[str, str]]:
    with unit.reading() as conn:
        legs.write_csv(conn, DAY, ZONE, path)
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def test_every_leg_is_a_row_with_local_times_and_whole_seconds(unit: Unit, clock: ToldClock, tmp_path: Path) -> None:
    a_morning(unit, clock)
    rows = exported(unit, tmp_path / "legs.csv")
    assert len(rows) == 6
    first = rows[0]
    assert (first["day"], first["ticket"], first["joined"], first["called"]) == ("2026-11-23", "A001", "09:00:00", "09:01:00")
    assert (first["waited"], first["served"], first["state"]) == ("60", "600", "served")
    with unit.reading() as conn:
        assert legs.write_xlsx(conn, DAY, ZONE, tmp_path / "legs.xlsx", "ar") == 6
    sheet = openpyxl.load_workbook(tmp_path / "legs.xlsx").worksheets[0]
    cells = [row[0:12] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert cells[0][0] == datetime(2026, 11, 23)
    assert cells[0][6:8] == (time(9, 0), time(9, 1))
    assert cells[0][10] == timedelta(seconds=60)
    assert sheet.sheet_view.rightToLeft
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize("form", ["csv", "excel", "xlsx"])
def test_legs_of_the_services_that_were_asked_for_alone(unit: Unit, clock: ToldClock, tmp_path: Path, form: str) -> None:
    a_morning(unit, clock)
    for service in ("legalisation", "residence"):
        unit.visits.issue(Order(service, "ar"), KIOSK)
    place = place_of(unit.path, unit.settings.unit)
    counts = [
        work.export(place, reports.Request("wait-times", DAY, services=services), form, "fr", tmp_path / "legs")
        for services in ((), ("legalisation",), ("etat-civil", "residence"), ("nothing",))
    ]
    assert counts == [8, 1, 7, 0]


def test_an_export_given_up_half_way_leaves_nothing(unit: Unit, clock: ToldClock, tmp_path: Path) -> None:
    a_morning(unit, clock)

    def cancelled(share: float) -> None:
        raise KeyboardInterrupt

    for write in (
        lambda conn: legs.write_csv(conn, DAY, ZONE, tmp_path / "x.csv", cancelled),
        lambda conn: legs.write_xlsx(conn, DAY, ZONE, tmp_path / "x.xlsx", "fr", cancelled),
    ):
        with unit.reading() as conn, pytest.raises(KeyboardInterrupt):
            write(conn)
    assert list(tmp_path.glob("x.*")) == []


def test_a_full_disk_is_told_and_leaves_nothing(unit: Unit, clock: ToldClock, tmp_path: Path) -> None:
    a_morning(unit, clock)

    def full(share: float) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with unit.reading() as conn, pytest.raises(OSError, match="No space left"):
        legs.write_csv(conn, DAY, ZONE, tmp_path / "x.csv", full)
    assert list(tmp_path.glob("x.*")) == []


def test_a_service_that_was_removed_keeps_its_name(unit: Unit, clock: ToldClock) -> None:
    unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    unit.writer.run(lambda conn: conn.execute("UPDATE services SET removed_at = 1 WHERE id = 'etat-civil'"))
    with unit.reading() as conn:
        assert reports.making.labels(conn, "service", "fr")["etat-civil"] == "État civil"
    assert report(unit, "wait-times", "service").rows[0]["service"] == "etat-civil"


def test_a_clock_that_jumped_is_flagged_and_left_out_of_means(unit: Unit, clock: ToldClock) -> None:
    unit.visits.desk(1, "open", CLERK)
    unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    clock.moment = type(clock.moment)(clock.moment.at, clock.moment.steady - 5000)
    unit.visits.call_next(1, CLERK)
    total = report(unit, "wait-times").total
    assert (total["arrivals"], total["odd_times"], total["service_level_cases"], total["waits"]) == (1, 1, 0, 0)


def test_a_day_that_begins_at_night(unit: Unit, clock: ToldClock) -> None:
    unit.writer.run(lambda conn: setup.choose(conn, "day_starts", "06:00"))
    clock.pass_by(18 * 3600)  # 03:00 of the 24th: still the service day of the 23rd
    unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    assert report(unit, "wait-times", "hour").rows[0]["hour"] == 3
