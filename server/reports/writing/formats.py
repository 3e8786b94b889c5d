"""The formats a report is written in. A new one is a module and a line in FORMATS."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from server.errors import N_, Refused
from server.reports.request import Report
from server.reports.writing import comma
from server.reports.writing.document import Document
from server.reports.writing.written import Written

MOST_ROWS_ON_PAPER = 600
"""A year by day has 366; 1,500 of a wide table took WeasyPrint 90 s and 790 MB on a busy machine."""


class TooLongForPaper(Refused):
    status, slug = 422, "too-long-for-paper"
    message = N_("This report has too many rows for a PDF: choose Excel or CSV, or a coarser split, by month for example.")


def _csv(report: Report | None, document: Document | None) -> Written:
    assert report is not None
    return Written(comma.for_programs(report).encode(), "text/csv", "csv")


def _excel(report: Report | None, document: Document | None) -> Written:
    assert document is not None
    return Written(comma.for_excel(document).encode(), "text/csv", "csv")


def _xlsx(report: Report | None, document: Document | None) -> Written:
    from server.reports.writing import xlsx

    assert document is not None
    return Written(xlsx.workbook(document), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")


def _pdf(report: Report | None, document: Document | None) -> Written:
    from server.reports.writing import pdf
    from server.reports.writing.chart import heat_of

    assert document is not None
    heats = [(section, heat_of(section)) for section in document.sections]
    if sum(len(heat.down) if heat else len(section.rows) for section, heat in heats) > MOST_ROWS_ON_PAPER:
        raise TooLongForPaper
    return Written(pdf.pages(document), "application/pdf", "pdf")


FORMATS: Mapping[str, Callable[[Report | None, Document | None], Written]] = {
    "csv": _csv,
    "excel": _excel,
    "xlsx": _xlsx,
    "pdf": _pdf,
}
"""`csv` is for programs and takes the report itself; the others are for people and take the document."""
