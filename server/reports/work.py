"""What is done in the process of reports: each function takes the database's path and gives back what can be sent.

Each imports what it needs when it runs, there: the server, which only names them, holds no library that counts or writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from server.reports.counting.packs import Pack
from server.reports.counting.source import Progress, part
from server.reports.dossier import complete
from server.reports.request import Report, Request
from server.reports.writing.written import Written
from server.store import open_reader

if TYPE_CHECKING:
    from server.reports.writing.document import Document


@dataclass(frozen=True, slots=True)
class Place:
    """Where a unit's figures are: its database, time zone and names by language."""

    path: Path
    zone: ZoneInfo
    names: dict[str, str]


@contextmanager
def reading(place: Place) -> Iterator[Any]:
    """A connection that can only read."""
    db = open_reader(place.path)
    with closing(db):
        yield db.conn


def report(place: Place, request: Request, progress: Progress = lambda _: None) -> Report:
    """One report."""
    from server.reports import making

    with reading(place) as conn:
        return making.make(conn, request, place.zone, progress)


def write(
    place: Place, request: Request, form: str, language: str, whole: bool = False, progress: Progress = lambda _: None
) -> Written:
    """A report in one of FORMATS; `whole` adds the sections that a director reads."""
    from server.reports import making
    from server.reports.writing.formats import FORMATS

    with reading(place) as conn:
        if form == "csv":
            return FORMATS[form](making.make(conn, request, place.zone, progress), None)
        return FORMATS[form](None, document(conn, place, request, language, whole, progress))


def document(
    conn: Any, place: Place, request: Request, language: str, whole: bool, progress: Progress = lambda _: None
) -> Document:
    """A report as a document in a language."""
    from server.reports import making
    from server.reports.writing.document import Document, section

    made = datetime.now(UTC).astimezone(place.zone).strftime("%d/%m/%Y %H:%M")
    name = next((place.names[code] for code in (language, "ar", "fr", "zgh", "en") if code in place.names), "")
    wanted = complete(request, language) if whole else [(None, request)]
    sections = []
    for step, (title, one) in enumerate(wanted):
        made_one = making.make(conn, one, place.zone, part(progress, step, len(wanted)))
        sections.append(section(conn, made_one, language, title))
        progress((step + 1) / len(wanted))
    return Document(language, name, sections[0].title, request.period, sections, made)


def page(place: Place, request: Request, language: str, whole: bool, progress: Progress = lambda _: None) -> str:
    """A report's sections as HTML."""
    from server.reports.writing import html

    with reading(place) as conn:
        return html.sections(document(conn, place, request, language, whole, progress))


def export(place: Place, request: Request, form: str, language: str, path: Path, progress: Progress = lambda _: None) -> int:
    """Every leg of a request's period and services into a file, whole or not at all; how many. Forms: csv, excel, xlsx."""
    from server.reports.writing import legs

    with reading(place) as conn:
        if form == "xlsx":
            return legs.write_xlsx(conn, request.period, place.zone, path, language, progress, request.services)
        reader = language if form == "excel" else None
        return legs.write_csv(conn, request.period, place.zone, path, progress, request.services, reader)


def pack_day(place: Place, day: str) -> Pack | None:
    """A closed day's cases, read to be packed; None while one of its visits is open."""
    from server.reports.counting import packing

    with reading(place) as conn:
        return packing.pack(conn, day, place.zone)
