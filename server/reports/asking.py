"""What the server asks of the process of reports, for the API and the manager's pages."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from server import setup
from server.reports import process, work
from server.reports.period import chosen, usual
from server.reports.process import Job
from server.reports.request import Report, Request, keys, look_for, permit_clerks
from server.reports.work import Place
from server.reports.writing.written import Written
from server.settings import UnitSettings
from server.unit import Unit


def place_of(path: Path, settings: UnitSettings) -> Place:
    """Where a unit's figures are."""
    return Place(path, settings.zone, {str(code): name for code, name in settings.name.items()})


def request(
    unit: Unit,
    kind: str,
    first: str | None,
    last: str | None,
    by: str,
    name: str | None = None,
    services: tuple[str, ...] = (),
    compared: bool = False,
) -> Request:
    """The request of a reader, seen from today's service day; raises BadPeriod, BadGrouping, ClerksNotShown, UnknownService."""
    with unit.reading() as conn:
        today = setup.service_day(conn, unit.now().at, unit.settings.unit.zone)
        asked = Request(kind, chosen(date.fromisoformat(today), first, last, name), keys(by), services, compared)
        permit_clerks(conn, asked.by)
        look_for(conn, asked.services)
    return asked


SINCE = "SELECT MIN(day) FROM (SELECT MIN(day) AS day FROM visits UNION ALL SELECT MIN(day) FROM report_days)"


def usual_period(unit: Unit) -> str:
    """The name of the period to show first: last month when the unit was there, else this month or this week."""
    with unit.reading() as conn:
        since = conn.execute(SINCE).fetchone()[0]
        today = setup.service_day(conn, unit.now().at, unit.settings.unit.zone)
    return usual(date.fromisoformat(today), date.fromisoformat(since) if since else None)


def report(unit: Unit, asked: Request) -> Report:
    """The report, counted beside the server."""
    return process.run(work.report, place_of(unit.path, unit.settings.unit), asked)


def written(unit: Unit, asked: Request, form: str, language: str, whole: bool = False) -> Written:
    """The report in a format, made beside the server."""
    return process.run(work.write, place_of(unit.path, unit.settings.unit), asked, form, language, whole)


def page(unit: Unit, asked: Request, language: str, whole: bool) -> Job[str]:
    """The report's sections as HTML, being made beside the server."""
    return process.begin(work.page, place_of(unit.path, unit.settings.unit), asked, language, whole)


def as_json(report: Report) -> dict[str, Any]:
    """The report as the API answers it."""
    period = report.request.period
    return {
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "by": ",".join(report.request.by),
        "rows": report.rows,
        "total": report.total,
        "before": report.before,
    }
