"""Every leg of a period, row by row: CSV and XLSX that stream, however many rows there are, and are whole or not there.

XlsxWriter makes the workbook (styles, frozen header, direction) with one empty sheet for each million rows; the rows are
then put into it as SQLite has written them (`rows`), so that nothing is kept in memory.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import xlsxwriter

from server.clock import MS, day_bounds
from server.errors import N_
from server.files import writing_whole
from server.reports.counting.source import Progress
from server.reports.period import Period
from server.reports.writing.cells import harmless
from server.reports.writing.comma import BOM
from server.reports.writing.rows import Form, days_of_lines
from server.web.language import LANGUAGES, in_language

HEADS = (
    N_("Day"), N_("Ticket"), N_("Service"), N_("Language"), N_("Priority"), N_("Counter"), N_("Joined"), N_("Called"),
    N_("Started"), N_("Ended"), N_("Waited (s)"), N_("Walked (s)"), N_("Served (s)"), N_("State"), N_("Reason"),
)  # fmt: skip
NAMES = (
    "day", "ticket", "service", "language", "priority", "counter", "joined", "called", "started", "ended", "waited", "walked",
    "served", "state", "reason",
)  # fmt: skip
WORDS = ("ticket", "service", "language", "priority", "state", "reason")
COUNT = "SELECT COUNT(*) FROM legs WHERE joined_at >= ? AND joined_at < ?"
DAY_MS = 86_400 * MS
SHEET_ROWS = 1_000_000
AT_ONCE = 2000


def write_csv(
    conn: Any,
    period: Period,
    zone: ZoneInfo,
    path: Path,
    progress: Progress = lambda _: None,
    services: Sequence[str] = (),
    reader: str | None = None,
) -> int:
    """RFC 4180 text with times of the local day and whole seconds, of these services (all when empty); how many legs.

    With a reader's language as the Excel of a Moroccan office opens it: a byte order mark, `;`, heads in that language.
    """
    count = 0
    heads = [in_language(reader, words) for words in HEADS] if reader else NAMES
    separator, mark = (";", BOM) if reader else (",", "")
    with writing_whole(path) as file:
        file.write((mark + separator.join(heads) + "\r\n").encode())
        for lines in days_of_lines(conn, period, zone, _csv_form(separator), progress, services):
            file.write("".join(lines).encode())
            count += len(lines)
    return count


def write_xlsx(
    conn: Any,
    period: Period,
    zone: ZoneInfo,
    path: Path,
    language: str,
    progress: Progress = lambda _: None,
    services: Sequence[str] = (),
) -> int:
    """A workbook with real dates, times and durations, of these services (all when empty); how many legs."""
    total = conn.execute(COUNT, _bounds(period, zone)).fetchone()[0]
    skeleton = _skeleton(language, max(1, -(-total // SHEET_ROWS)))
    lines: Iterator[str] | None = None
    written = 0
    with (
        writing_whole(path) as file,
        zipfile.ZipFile(io.BytesIO(skeleton)) as made,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book,
    ):
        for part in made.namelist():
            with book.open(part, "w", force_zip64=True) as out:
                if part.startswith("xl/worksheets/sheet"):
                    before, styles, after = _parts(made.read(part))
                    if lines is None:
                        lines = chain.from_iterable(days_of_lines(conn, period, zone, _xlsx_form(styles), progress, services))
                    out.write(before)
                    written += _fill(out, lines)
                    out.write(after)
                else:
                    out.write(made.read(part))
    return written


def _bounds(period: Period, zone: ZoneInfo) -> tuple[int, int]:
    """UTC milliseconds that surely hold the legs of the period's service days, a transfer after midnight included."""
    start = day_bounds(period.first.isoformat(), zone)[0]
    return start - DAY_MS, day_bounds(period.last.isoformat(), zone)[1] + 2 * DAY_MS


def _skeleton(language: str, sheets: int) -> bytes:
    """A workbook whose sheets have their header alone; the second row carries each column's style."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    head = book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#0C5A46"})
    day, time, duration = (book.add_format({"num_format": look}) for look in ("dd/mm/yyyy", "hh:mm:ss", "[h]:mm:ss"))
    looks = [day, None, None, None, None, None, time, time, time, time, duration, duration, duration, None, None]
    for _ in range(sheets):
        sheet = book.add_worksheet()
        if LANGUAGES[language].direction == "rtl":
            sheet.right_to_left()
        sheet.set_column(0, len(HEADS) - 1, 12)
        sheet.freeze_panes(1, 0)
        for column, words in enumerate(HEADS):
            sheet.write_string(0, column, in_language(language, words), head)
            sheet.write_number(1, column, 0, looks[column])
    book.close()
    return out.getvalue()


def _parts(sheet: bytes) -> tuple[bytes, list[str], bytes]:
    """A sheet of the skeleton: what stands before its second row, that row's styles, and what stands after it."""
    before, rest = sheet.split(b'<row r="2"', 1)
    second, after = rest.split(b"</row>", 1)
    styles = [
        f' s="{part.split(b" s=", 1)[1].split(bytes([34]))[1].decode()}"' if b" s=" in part.split(b">", 1)[0] else ""
        for part in second.split(b"<c ")[1:]
    ]
    return before.replace(b'<dimension ref="A1:O2"/>', b""), styles, after


def _fill(out: IO[bytes], lines: Iterator[str]) -> int:
    """Put up to SHEET_ROWS lines into a sheet; how many there were."""
    of_sheet, count = islice(lines, SHEET_ROWS), 0
    while some := list(islice(of_sheet, AT_ONCE)):
        out.write("".join(some).encode())
        count += len(some)
    return count


def _csv_form(separator: str) -> Form:
    """A line of RFC 4180 but for the separator: what is missing is empty, what is no plain word is quoted and no formula."""
    return Form(
        cells=(
            lambda value: f"{value}||'{separator}'",
            *[lambda value: f"coalesce({value}, '')||'{separator}'"] * (len(NAMES) - 2),
            lambda value: f"coalesce({value}, '')||char(13, 10)",
        ),
        day=":day",
        time=lambda seconds: f"time({seconds}, 'unixepoch')",
        duration=lambda seconds: seconds,
        odd=lambda text: _quoted(text, separator),
    )


def _quoted(text: str, separator: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="").writerow([harmless(text)])
    return out.getvalue()


def _xlsx_form(styles: Sequence[str]) -> Form:
    """A row of a sheet, in the styles of the skeleton."""

    def number(style: str) -> Callable[[str], str]:
        return lambda value: f"coalesce('<c{style}><v>'||{value}||'</v></c>', '<c{style}/>')"

    def text(value: str) -> str:
        return f"""coalesce('<c t="inlineStr"><is><t>'||{value}||'</t></is></c>', '<c/>')"""

    cells = [text if name in WORDS else number(style) for name, style in zip(NAMES, styles, strict=True)]
    first, last = cells[0], cells[-1]
    cells[0], cells[-1] = (lambda value: f"'<row>'||{first(value)}"), (lambda value: f"{last(value)}||'</row>'")
    return Form(
        cells=tuple(cells),
        day=":serial",
        time=lambda seconds: f"(({seconds}) % 86400 / 86400.0)",
        duration=lambda seconds: f"({seconds} / 86400.0)",
        odd=lambda text: escape(harmless(text)),
    )
