"""The manager's reports in a real browser: a month is picked, a chart read, every format downloaded and opened again."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pypdf
import pytest
from playwright.sync_api import Browser, Page, expect

from server import settings
from server.lifecycle import Action
from server.unit import Unit
from server.visits import Order
from tests.conftest import CLERK, KIOSK, ToldClock
from tests.running import Running
from tests.screens.test_tokens import EDGE, TEXT, contrast
from tests.server.reports.test_reports import a_morning

PASSWORD = "a good password"
LABELS_APART = """() => {
  const boxes = (what) => [...document.querySelectorAll(`.chart ${what}`)].map((one) => one.getBoundingClientRect());
  const [labels, lines] = [boxes("text.chart__side"), boxes("line")];
  return [labels.length > 1, labels.every((label) => lines.every((line) => label.left >= line.right || label.right <= line.left))];
}"""
"""There are labels at the side of a chart, and none lies on a line of its grid."""
KEYS_BEGIN_ALIKE = """() => {
  const keys = [...document.querySelectorAll(".report-table tbody th, .bars th")];
  const room = (key) => key.getBoundingClientRect().right - parseFloat(getComputedStyle(key).paddingRight);
  const all = document.createRange();
  const text = (key) => (all.selectNodeContents(key), all.getBoundingClientRect().right);
  return [keys.length > 1, keys.filter((key) => Math.abs(room(key) - text(key)) > 1).map((key) => key.textContent)];
}"""
"""The names of rows, digits and words, begin where their column does."""
FIGURES_APART = """() => {
  const right = (cell) => (cell.querySelector(".number") ?? cell).getBoundingClientRect().right;
  const columns = [...document.querySelectorAll(".report-table tfoot [data-figure]")].map((total) => {
    const table = total.closest("table");
    return [...table.querySelectorAll(`[data-figure="${total.dataset.figure}"]`)].map(right);
  });
  const uneven = columns.filter((column) => Math.max(...column) - Math.min(...column) > 1);
  const bars = [...document.querySelectorAll(".bars tr")].map((row) => {
    const [figure, room] = [".number", ".bars__bar"].map((what) => row.querySelector(what).getBoundingClientRect());
    return Math.max(room.left - figure.right, figure.left - room.right);
  });
  return [columns.length > 1, uneven.length, bars.length > 1, Math.min(...bars) >= 8];
}"""
"""There are columns of figures, how many of them have no units under units; there are bars, and none touches its figure."""


@pytest.fixture
def hall(running: Running) -> Running:
    """A unit with the worked example's morning in October and a call out of order with a dangerous reason."""
    clock = ToldClock("2026-10-14T09:00:00+01:00")
    unit = Unit(running.folder, settings.load(running.folder), clock)
    a_morning(unit, clock)
    visit = unit.visits.issue(Order("legalisation", "fr"), KIOSK)["visit"]
    clock.pass_by(90)
    unit.visits.call(1, visit, "=HYPERLINK(1)", CLERK)
    unit.visits.at_counter(1, Action.START, CLERK)
    clock.pass_by(240)
    unit.visits.at_counter(1, Action.FINISH, CLERK)
    unit.close()
    running.person("brahim", "manager")
    running.start()
    return running


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page(height=900, accept_downloads=True)


def signed_in(page: Page, hall: Running, language: str) -> Page:
    page.goto(f"{hall.url}/manager/reports?lang={language}")
    page.get_by_role("textbox").first.fill("brahim")
    page.locator("input[type=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#report")).to_be_visible(timeout=30_000)
    page.goto(f"{hall.url}/manager/reports?lang={language}")
    return page


def pick_october(page: Page) -> None:
    page.locator("[name=period]").select_option("dates")
    page.locator("[name=from]").fill("2026-10-01")
    page.locator("[name=to]").fill("2026-10-31")
    page.locator("#report button").click()
    expect(page.locator("#made")).to_be_visible(timeout=30_000)


def download(page: Page, form: str, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.locator(f"[data-format={form}]").click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def test_a_manager_picks_a_month_reads_a_chart_and_takes_it_home(page: Page, hall: Running, tmp_path: Path) -> None:
    signed_in(page, hall, "fr")
    pick_october(page)
    expect(page.locator("[data-tile=arrivals] dd > .number")).to_have_text("7")
    first = page.locator("table[data-report=service]").first
    total = first.locator("tr[data-total]")
    expect(total.locator("[data-figure=wait_longest]")).to_have_text("0:26:00")
    expect(first.locator("tbody tr").first.locator("[data-figure=wait_mean]")).to_have_text("0:12:40")
    assert page.locator("svg.chart rect.chart__column").count() > 0
    expect(page.locator("table[data-heat] td.heat__cell--7")).not_to_have_count(0)

    rows = list(csv.reader(io.StringIO(download(page, "excel", tmp_path).read_text("utf-8-sig")), delimiter=";"))
    assert next(row for row in rows if row and row[0] == "État civil")[1:6] == ["6", "3", "1", "2", "3"]
    assert "'=HYPERLINK(1)" in [row[0] for row in rows if row]

    book = openpyxl.load_workbook(download(page, "xlsx", tmp_path))
    sheet = book.worksheets[0]
    cells = {row[0].value: row for row in sheet.iter_rows(min_row=5)}
    assert cells["État civil"][1].value == 6
    assert cells["État civil"][6].value == timedelta(seconds=760)
    assert cells["État civil"][6].number_format == "[h]:mm:ss"
    assert sheet.freeze_panes == "B5"
    assert all(cell.data_type != "f" for one in book.worksheets for row in one.iter_rows() for cell in row)

    text = " ".join(one.extract_text() for one in pypdf.PdfReader(download(page, "pdf", tmp_path)).pages)
    assert "0:12:40" in text
    assert "Temps d’attente par service" in text


def test_every_visit_is_made_into_a_file_that_can_be_cancelled(page: Page, hall: Running, tmp_path: Path) -> None:
    signed_in(page, hall, "fr")
    pick_october(page)
    rows = list(csv.DictReader(io.StringIO(download(page, "legs-csv", tmp_path).read_text("utf-8"))))
    assert [row["waited"] for row in rows if row["state"] == "served"] == ["60", "660", "1560", "90"]
    expect(page.locator("[data-export][data-state=ready]")).to_have_count(1)
    page.locator("[data-format=legs-xlsx]").click()
    page.locator("[data-cancel] button").click()
    expect(page.locator("[data-export]").first).to_have_attribute("data-state", "cancelled")
    assert len(list((hall.folder / "exports").glob("*/*"))) == 1, "the one that is ready"
    page.goto(f"{hall.url}/manager/reports?lang=ar")
    expect(page.locator("[data-export]")).to_have_count(2)
    expect(page.locator("[name=period]")).to_have_value("last-month" if date.today() >= date(2026, 11, 1) else "this-month")


def test_in_arabic_the_sheet_and_the_chart_run_from_right_to_left(page: Page, hall: Running, tmp_path: Path) -> None:
    signed_in(page, hall, "ar")
    pick_october(page)
    assert page.evaluate("document.documentElement.dir") == "rtl"
    assert page.evaluate(LABELS_APART) == [True, True]
    assert page.evaluate(KEYS_BEGIN_ALIKE) == [True, []]
    assert page.evaluate(FIGURES_APART) == [True, 0, True, True]
    book = openpyxl.load_workbook(download(page, "xlsx", tmp_path))
    assert all(sheet.sheet_view.rightToLeft for sheet in book.worksheets)


def test_on_a_telephone_a_name_keeps_clear_of_its_bars_and_is_broken_after_words(
    new_page: Callable[..., Page], hall: Running
) -> None:
    page = signed_in(new_page(390, 800), hall, "fr")
    page.goto(f"{hall.url}/manager/reports?report=wait-times&period=dates&from=2026-10-01&to=2026-10-31&by=service")
    names = page.locator(".bars th")
    expect(names.filter(has_text="Légalisation")).to_have_count(1)
    assert names.evaluate_all("(all) => all.filter((one) => one.scrollWidth > one.clientWidth).length") == 0
    lines = names.filter(has_text="Légalisation").locator("bdi").evaluate("(one) => one.getClientRects().length")
    assert lines == 2, "of signature"


def test_without_script_the_report_is_read_and_its_file_is_made(browser: Browser, page: Page, hall: Running) -> None:
    signed_in(page, hall, "zgh")
    context = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    plain = context.new_page()
    plain.goto(f"{hall.url}/manager/reports?report=wait-times&period=dates&from=2026-10-01&to=2026-10-31&by=weekday&and=hour")
    expect(plain.locator("#made table[data-heat] td.heat__cell--7")).not_to_have_count(0)
    expect(plain.locator("[data-dates] input").first).to_be_visible()
    plain.locator("[name=period]").select_option("last-month")
    expect(plain.locator("[data-dates] input").first).to_be_hidden()
    plain.locator("[data-format=csv]").click()
    expect(plain.locator("[data-export]")).to_have_count(1)
    context.close()


def test_a_period_that_is_none_is_said_beside_the_form(page: Page, hall: Running) -> None:
    signed_in(page, hall, "fr")
    page.locator("[name=period]").select_option("dates")
    page.locator("[name=from]").fill("2026-10-31")
    page.locator("[name=to]").fill("2026-10-01")
    page.locator("#report button").click()
    expect(page.locator("#fault")).to_be_visible()
    expect(page.locator("[name=from]")).to_have_value("2026-10-31")
    page.goto(f"{hall.url}/manager/reports?period=dates&from=2001-01-01&to=2001-01-02")
    expect(page.locator(".empty").first).to_be_visible()


PAINTED = """([what, style, pseudo]) => [...document.querySelectorAll(what)].map((one) => {
  const own = (box) => getComputedStyle(box).backgroundColor;
  const ground = (box) => (/, 0\\)$/.test(own(box)) ? ground(box.parentElement) : own(box));
  return [getComputedStyle(one, pseudo)[style], ground(one)];
})"""
"""The colour of each of these things and that of the ground under it."""


def contrasts(page: Page, what: str, style: str, pseudo: str | None = None) -> list[float]:
    """How well each of these things stands out, by the formula of WCAG."""
    pairs = page.evaluate(PAINTED, [what, style, pseudo])
    return [contrast(*("#" + "".join(f"{int(n):02x}" for n in re.findall(r"\d+", one)[:3]) for one in pair)) for pair in pairs]


def test_in_the_dark_bars_stand_out_from_their_card_and_examples_in_fields_can_be_read(
    new_page: Callable[..., Page], hall: Running
) -> None:
    page = signed_in(new_page(color_scheme="dark"), hall, "fr")
    pick_october(page)
    bars = contrasts(page, "#made :is(.chart, .bars, .legend) rect", "fill")
    assert len(bars) > 4
    assert min(bars) >= EDGE
    page.goto(f"{hall.url}/manager/hours?lang=fr")
    examples = contrasts(page, ":placeholder-shown[placeholder]", "color", "::placeholder")
    assert len(examples) > 1
    assert min(examples) >= TEXT
