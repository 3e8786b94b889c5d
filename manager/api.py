"""The API of the manager: reports."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response

from manager.schemas import EstimatesAnswer, EstimatesQuery, ReportAnswer, ReportQuery, WaitTimesAnswer, WaitTimesQuery
from server import reports
from server.reports import asking
from server.reports.accuracy import estimates
from server.web import identity
from server.web.api import SECURED, answer, api_blueprint, guarded
from server.web.language import reader_language

api = api_blueprint("reports", "Figures for the site manager.")


@api.get(
    "/reports/wait-times",
    summary="Wait times by service and hour",
    responses={200: WaitTimesAnswer, **guarded(404)},
    security=SECURED,
)
def wait_times(query: WaitTimesQuery) -> Response:
    """Definitions of the figures are in docs/figures.md; `format=csv` gives RFC 4180 text, `excel` what Excel opens."""
    return _report("wait-times", query)


@api.get(
    "/reports/estimates",
    summary="How true the estimated waits were",
    responses={200: EstimatesAnswer, **guarded()},
    security=SECURED,
)
def estimate_accuracy(query: EstimatesQuery) -> Response:
    """All, by service, by service and people ahead; definitions are in docs/estimates.md."""
    identity.permitted("read reports")
    made = estimates(identity.unit(), query.from_, query.to)
    if query.format == "json":
        return answer(made.as_json())
    response = Response(made.as_csv(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="estimates-{made.period}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _view(kind: str) -> Callable[[ReportQuery], Response]:
    def view(query: ReportQuery) -> Response:
        """Definitions of the figures are in docs/figures.md."""
        return _report(kind, query)

    view.__name__ = kind.replace("-", "_")
    return view


for _kind, _title in reports.REPORTS.items():
    if _kind != "wait-times":
        api.get(f"/reports/{_kind}", summary=_title, responses={200: ReportAnswer, **guarded(404)}, security=SECURED)(_view(_kind))


def _report(kind: str, query: ReportQuery) -> Response:
    identity.permitted("read reports")
    unit = identity.unit()
    request = asking.request(unit, kind, query.from_, query.to, query.by, query.period, query.services(), query.compare)
    if "clerk" in request.by:
        identity.permitted("see clerks' figures")
    if query.format == "json":
        return answer(asking.as_json(asking.report(unit, request)))
    written = asking.written(unit, request, query.format, reader_language().code)
    response = Response(written.data, mimetype=written.mimetype)
    name = f"{kind}-{request.period.first}-{request.period.last}.{written.ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
