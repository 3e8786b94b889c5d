"""Every leg of a period, row by row: CSV and XLSX that stream, however many rows there are, and are whole or not there.

XlsxWriter makes the workbook (styles, frozen header, direction) with one empty sheet for each million rows; the rows are
then written into it as they are read, which is four times as fast as cell by cell and keeps nothing in memory.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import IO, Any
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import xlsxwriter

from server.clock import MS, day_bounds, local
from server.errors import N_
from server.files import writing_whole
from server.reports.counting.source import QUARTER_MS
from server.reports.counting.table import Progress
from server.reports.period import Period
from server.reports.writing.comma import harmless
from server.web.language import LANGUAGES, in_language

HEADS = (
    N_("Day"), N_("Ticket"), N_("Service"), N_("Language"), N_("Priority"), N_("Counter"), N_("Joined"), N_("Called"),
    N_("Started"), N_("Ended"), N_("Waited (s)"), N_("Walked (s)"), N_("Served (s)"), N_("State"), N_("Reason"),
)  # fmt: skip
NAMES = (
    "day", "ticket", "service", "language", "priority", "counter", "joined", "called", "started", "ended", "waited", "walked",
    "served", "state", "reason",
)  # fmt: skip
QUERY = """SELECT v.day, v.ticket, l.service, v.language, l.priority, l.counter, l.joined_at, l.called_at, l.serving_at, l.ended_at,
    l.waited_ms, l.walked_ms, l.served_ms, l.state, coalesce(l.reason, l.outcome)
    FROM legs l CROSS JOIN visits v ON v.visit = l.visit
    WHERE l.joined_at >= ? AND l.joined_at < ? AND v.day BETWEEN ? AND ? ORDER BY l.joined_at"""
COUNT = "SELECT COUNT(*) FROM legs WHERE joined_at >= ? AND joined_at < ?"
DAY_S = 86_400
DAY_MS = DAY_S * MS
SHEET_ROWS = 1_000_000
TELL_EVERY = 5_000
CLOCK = [f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in range(DAY_S)]
EPOCH = date(1899, 12, 30)

Row = Sequence[Any]


def write_csv(conn: Any, period: Period, zone: ZoneInfo, path: Path, progress: Progress = lambda _: None) -> int:
    """RFC 4180 text with times of the local day and whole seconds; how many legs."""
    count = 0

    def counted() -> Iterator[Row]:
        nonlocal count
        for row in _rows(conn, period, zone, progress, _times_of_day(zone)):
            count += 1
            yield row

    with writing_whole(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=False)
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(NAMES)
        writer.writerows(counted())
        text.flush()
        text.detach()
    return count


def write_xlsx(conn: Any, period: Period, zone: ZoneInfo, path: Path, language: str, progress: Progress = lambda _: None) -> int:
    """A workbook with real dates, times and durations; how many legs."""
    total = conn.execute(COUNT, _bounds(period, zone)).fetchone()[0]
    skeleton = _skeleton(language, max(1, -(-total // SHEET_ROWS)))
    rows = _rows(conn, period, zone, progress, _share_of_day(zone))
    written = 0
    with (
        writing_whole(path) as file,
        zipfile.ZipFile(io.BytesIO(skeleton)) as made,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book,
    ):
        for part in made.namelist():
            with book.open(part, "w", force_zip64=True) as out:
                if part.startswith("xl/worksheets/sheet"):
                    written += _fill(out, made.read(part), rows)
                else:
                    out.write(made.read(part))
    return written


def _rows(conn: Any, period: Period, zone: ZoneInfo, progress: Progress, time_of: Callable[[int | None], Any]) -> Iterator[Row]:
    """The legs in order of joining; durations in whole seconds, texts harmless to a spreadsheet."""
    bounds = _bounds(period, zone)
    total = max(1, conn.execute(COUNT, bounds).fetchone()[0])
    days = (period.first.isoformat(), period.last.isoformat())
    for place, row in enumerate(conn.execute(QUERY, (*bounds, *days))):
        day, ticket, service, language, priority, counter, joined, called, started, ended, waited, walked, served, state, reason = (
            row
        )
        if place % TELL_EVERY == 0:
            progress(min(1.0, place / total))
        yield (
            day, ticket, service, language, priority, counter, time_of(joined), time_of(called), time_of(started), time_of(ended),
            None if waited is None else (waited + 500) // MS, None if walked is None else (walked + 500) // MS,
            None if served is None else (served + 500) // MS, state, harmless(reason),
        )  # fmt: skip


def _bounds(period: Period, zone: ZoneInfo) -> tuple[int, int]:
    """UTC milliseconds that surely hold the legs of the period's service days, a transfer after midnight included."""
    start = day_bounds(period.first.isoformat(), zone)[0]
    return start - DAY_MS, day_bounds(period.last.isoformat(), zone)[1] + 2 * DAY_MS


def _second_of_day(zone: ZoneInfo) -> Callable[[int], int]:
    """The local second of the day of an instant; a zone's offset is looked up once a quarter of an hour."""
    offsets: dict[int, int] = {}

    def second(at: int) -> int:
        quarter = at // QUARTER_MS
        offset = offsets.get(quarter)
        if offset is None:
            moved = local(at, zone).utcoffset()
            offset = offsets[quarter] = int(moved.total_seconds()) if moved else 0
        return (at // MS + offset) % DAY_S

    return second


def _times_of_day(zone: ZoneInfo) -> Callable[[int | None], Any]:
    second = _second_of_day(zone)
    return lambda at: None if at is None else CLOCK[second(at)]


def _share_of_day(zone: ZoneInfo) -> Callable[[int | None], Any]:
    """A time of day as Excel counts it."""
    second = _second_of_day(zone)
    return lambda at: None if at is None else second(at) / DAY_S


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


def _fill(out: IO[bytes], sheet: bytes, rows: Iterator[Row]) -> int:
    """Put up to SHEET_ROWS rows into a sheet of the skeleton, in the styles of its second row."""
    before, rest = sheet.split(b'<row r="2"', 1)
    second, after = rest.split(b"</row>", 1)
    styles = [
        f' s="{part.split(b" s=", 1)[1].split(bytes([34]))[1].decode()}"' if b" s=" in part.split(b">", 1)[0] else ""
        for part in second.split(b"<c ")[1:]
    ]
    before = before.replace(b'<dimension ref="A1:O2"/>', b"")
    out.write(before)
    count = 0
    lines: list[str] = []
    days: dict[str, int] = {}
    for row in rows:
        day = row[0]
        number = days.get(day)
        if number is None:
            number = days[day] = (date.fromisoformat(day) - EPOCH).days
        lines.append(_line(number, row, styles))
        count += 1
        if len(lines) == 2000:
            out.write("".join(lines).encode())
            lines.clear()
        if count == SHEET_ROWS:
            break
    out.write("".join(lines).encode())
    out.write(after)
    return count


def _line(day: int, row: Row, styles: Sequence[str]) -> str:
    cells = [f"<c{styles[0]}><v>{day}</v></c>"]
    for place in range(1, 15):
        value = row[place]
        if value is None or value == "":
            cells.append(f"<c{styles[place]}/>")
        elif isinstance(value, str):
            text = value if value.isalnum() else escape(value)
            cells.append(f'<c t="inlineStr"><is><t>{text}</t></is></c>')
        else:
            cells.append(f"<c{styles[place]}><v>{value / DAY_S if 10 <= place <= 12 else value}</v></c>")
    return f"<row>{''.join(cells)}</row>"
