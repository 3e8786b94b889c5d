"""Cells of a spreadsheet: none is a formula, a number stays one."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest

from server import reports
from server.estimates import promises
from server.estimates.rounding import Estimate
from server.reports import work
from server.reports.asking import place_of
from server.reports.writing.cells import harmless
from server.unit import Unit
from server.visits import Order
from server.visits.looks import current_leg
from tests.conftest import CLERK, KIOSK, ToldClock
from tests.server.reports.test_reports import DAY


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert harmless(text) == f"'{text}"


def test_an_error_below_nothing_is_a_number_in_excel_and_has_its_sign_on_paper(unit: Unit, clock: ToldClock) -> None:
    visit = unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"]
    told = Estimate(seconds=300, low=180, high=600)
    unit.writer.run(lambda conn: promises.keep(conn, current_leg(conn, visit)[1], 5, told, "x", True))
    unit.visits.desk(1, "open", CLERK)
    clock.pass_by(1200)
    unit.visits.call_next(1, CLERK)
    place = place_of(unit.path, unit.settings.unit)
    asked = reports.Request("estimate-errors", DAY, ("people_ahead",))
    sheet = openpyxl.load_workbook(io.BytesIO(work.write(place, asked, "xlsx", "ar").data)).worksheets[0]
    assert [cell.value for cell in sheet[5]] == ["بين 4 و8", 1, 1, *[timedelta(seconds=900)] * 3, -900, 0, timedelta(seconds=420)]
    assert ";-900;" in work.write(place, asked, "excel", "fr").data.decode("utf-8-sig")
    assert ">−0:15:00<" in work.page(place, asked, "zgh", False)
