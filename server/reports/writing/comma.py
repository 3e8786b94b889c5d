"""Reports as CSV: RFC 4180 for programs, and as the Excel of a Moroccan office opens it (`;`, a byte order mark).

A cell that a spreadsheet would take for a formula is given an apostrophe (OWASP, CSV injection).
"""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

from server.reports.figures.figure import Unit
from server.reports.figures.registry import KINDS
from server.reports.request import Report
from server.reports.writing.cells import harmless
from server.reports.writing.document import Document, duration

BOM = "\ufeff"


def for_programs(report: Report) -> str:
    """The rows as RFC 4180 text: comma, CRLF, one header line of names, seconds, an empty cell where there is no figure."""
    names = [*report.request.by, *(figure.name for figure in KINDS[report.request.kind].figures)]
    rows = report.rows if report.request.by else [report.total]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([harmless(row[name]) for name in names] for row in rows)
    return out.getvalue()


def for_excel(document: Document) -> str:
    """Each section under its title, in the reader's language: `;`, decimal comma, durations `h:mm:ss`, dates `dd/mm/yyyy`."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for place, section in enumerate(document.sections):
        if place:
            writer.writerow([])
        writer.writerow([harmless(section.title)])
        writer.writerow([harmless(head.words) for head in section.heads])
        for row in section.rows:
            writer.writerow([_cell(value, head.unit) for value, head in zip(row, section.heads, strict=True)])
        total = [_cell(value, head.unit) for value, head in zip(section.total, section.figures, strict=True)]
        keys = [document.say("All together"), *[""] * (len(section.by) - 1)] if section.by else []
        writer.writerow([*keys, *total])
    return BOM + out.getvalue()


def _cell(value: Any, unit: Unit | None) -> Any:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if unit is Unit.SECONDS:
        return duration(value)
    if isinstance(value, float):
        return str(value).replace(".", ",")
    return harmless(value)
