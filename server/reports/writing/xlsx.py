"""Reports as an Excel workbook: a sheet a section, typed cells, durations as `[h]:mm:ss`, a chart; right to left in Arabic."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from server.errors import N_
from server.reports.figures.figure import Unit
from server.reports.period import period_text
from server.reports.writing.chart import heat_of, shown
from server.reports.writing.document import Document, Head, Section

FORMATS = {
    None: {},
    Unit.CASES: {"num_format": "#,##0"},
    Unit.SECONDS: {"num_format": "[h]:mm:ss"},
    Unit.SIGNED: {"num_format": '+#,##0" s";-#,##0" s";0" s"'},  # Excel shows no time below nothing
    Unit.SHARE: {"num_format": "0.0%"},
    Unit.SCORE: {"num_format": "0.00"},
}
DAY_S = 86_400
HEAD_ROW = 3
GREEN = "#0C5A46"


class _Book:
    """A workbook with the formats of its cells."""

    def __init__(self, out: io.BytesIO, document: Document) -> None:
        self.file = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        self.document = document
        self.title = self.file.add_format({"bold": True, "font_size": 15, "font_color": GREEN})
        self.note = self.file.add_format({"font_color": "#4A534E"})
        head = {"bold": True, "text_wrap": True, "valign": "top", "font_color": "#FFFFFF", "bg_color": GREEN, "border": 1}
        self.head = self.file.add_format(head)
        self.day = self.file.add_format({"num_format": "dd/mm/yyyy"})
        self.cells = {unit: self.file.add_format(look) for unit, look in FORMATS.items()}
        total = {"bold": True, "top": 2}
        self.totals = {unit: self.file.add_format({**look, **total}) for unit, look in FORMATS.items()}
        self._names: set[str] = set()

    def sheet(self, title: str) -> Worksheet:
        """A new sheet named after a section; Excel allows 31 letters and each name once."""
        base = re.sub(r"[\[\]:*?/\\']", " ", title)[:28].strip()
        name, number = base, 2
        while name.lower() in self._names:
            name, number = f"{base} {number}", number + 1
        self._names.add(name.lower())
        sheet = self.file.add_worksheet(name)
        if self.document.direction == "rtl":
            sheet.right_to_left()
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.write_string(0, 0, title, self.title)
        sheet.write_string(1, 0, f"{self.document.unit} · {period_text(self.document.period, self.document.language)}", self.note)
        return sheet


def workbook(document: Document) -> bytes:
    """The document as an XLSX file."""
    out = io.BytesIO()
    book = _Book(out, document)
    for section in document.sections:
        if heat_of(section) is not None:
            _heat_sheet(book, section)
        else:
            _table_sheet(book, section)
    book.file.close()
    return out.getvalue()


def _table_sheet(book: _Book, section: Section) -> None:
    sheet = book.sheet(section.title)
    for column, head in enumerate(section.heads):
        sheet.write_string(HEAD_ROW, column, head.words, book.head)
    sheet.set_row(HEAD_ROW, 48)
    sheet.set_column(0, len(section.heads) - 1, 13)
    if section.by:
        sheet.set_column(0, 0, 30)
    sheet.freeze_panes(HEAD_ROW + 1, len(section.by))
    row = HEAD_ROW
    for row, cells in enumerate(section.rows, start=HEAD_ROW + 1):
        _write(sheet, row, 0, cells, section.heads, book.cells, book.day)
    if section.rows:
        sheet.autofilter(HEAD_ROW, 0, row, len(section.heads) - 1)
    _write_totals(book, sheet, section, row + 1)
    _chart(book, sheet, section, row)


def _write_totals(book: _Book, sheet: Worksheet, section: Section, row: int) -> None:
    for words, cells in ((N_("All together"), section.total), (N_("The period before"), section.before)):
        if cells is None:
            continue
        if section.by:
            sheet.write_string(row, 0, book.document.say(words), book.totals[None])
        for column in range(1, len(section.by)):
            sheet.write_blank(row, column, None, book.totals[None])
        _write(sheet, row, len(section.by), cells, section.figures, book.totals, book.day)
        row += 1


def _write(
    sheet: Worksheet, row: int, column: int, cells: Sequence[Any], heads: Sequence[Head], looks: dict[Any, Any], day: Any
) -> None:
    """Typed cells: what is missing stays empty, text never becomes a formula."""
    for place, (value, head) in enumerate(zip(cells, heads, strict=True), start=column):
        if value is None:
            sheet.write_blank(row, place, None, looks[head.unit])
        elif isinstance(value, date):
            sheet.write_datetime(row, place, value, day)
        elif head.unit is None:
            sheet.write_string(row, place, value, looks[None])
        else:
            sheet.write_number(row, place, value / DAY_S if head.unit is Unit.SECONDS else value, looks[head.unit])


def _chart(book: _Book, sheet: Worksheet, section: Section, last: int) -> None:
    """The section's chief figures as columns, below the table."""
    if len(section.rows) < 2 or len(section.by) != 1:
        return
    chart: Any = book.file.add_chart({"type": "column"})
    for name in shown(section):
        column = section.figure(name)
        chart.add_series(
            {
                "name": [sheet.get_name(), HEAD_ROW, column],
                "categories": [sheet.get_name(), HEAD_ROW + 1, 0, last, 0],
                "values": [sheet.get_name(), HEAD_ROW + 1, column, last, column],
            }
        )
    chart.set_title({"name": section.title, "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"})
    chart.set_x_axis({"reverse": book.document.direction == "rtl"})
    chart.set_size({"width": 900, "height": 320})
    sheet.insert_chart(last + 4, 0, chart)


def _heat_sheet(book: _Book, section: Section) -> None:
    heat = heat_of(section)
    assert heat is not None
    sheet = book.sheet(section.title)
    sheet.write_string(2, 0, heat.words, book.note)
    sheet.write_string(HEAD_ROW, 0, section.heads[0].words, book.head)
    sheet.set_column(0, 0, 20)
    for column, words in enumerate(heat.across, start=1):
        sheet.write_string(HEAD_ROW, column, words, book.head)
    for row, (words, cells) in enumerate(zip(heat.down, heat.cells, strict=True), start=HEAD_ROW + 1):
        sheet.write_string(row, 0, words, book.cells[None])
        heads = [section.heads[section.figure(heat.figure)]] * len(cells)
        _write(sheet, row, 1, cells, heads, book.cells, book.day)
    end = (HEAD_ROW + len(heat.down), max(1, len(heat.across)))
    low, high = ("#E3EFE8", "#E9A08F") if heat.shades[0] == 1 else ("#E9A08F", "#E3EFE8")
    colours = {"type": "3_color_scale", "min_color": low, "mid_color": "#FDF1D0", "max_color": high}
    sheet.conditional_format(HEAD_ROW + 1, 1, *end, colours)
    sheet.freeze_panes(HEAD_ROW + 1, 1)
