"""The API of the manager: reports."""

from __future__ import annotations

from flask import Response

from server import reports
from server.clock import local_day
from server.web import identity
from server.web.api import SECURED, answer, api_blueprint, guarded
from server.web.schemas import WaitTimesAnswer, WaitTimesQuery

api = api_blueprint("reports", "Figures for the site manager.")


@api.get(
    "/reports/wait-times",
    summary="Wait times by service and hour",
    responses={200: WaitTimesAnswer, **guarded()},
    security=SECURED,
)
def wait_times(query: WaitTimesQuery) -> Response:
    """Definitions of the figures are in docs/figures.md; `format=csv` gives RFC 4180 text."""
    identity.permitted("read reports")
    unit = identity.unit()
    zone = unit.settings.unit.zone
    today = local_day(unit.now().at, zone)
    first, last = query.from_ or query.to or today, query.to or query.from_ or today
    period = reports.Period.parse(first, last)
    with unit.reading() as conn:
        rows, total = reports.wait_times(conn, period, query.by, zone)
    if query.format == "csv":
        response = Response(reports.to_csv(rows, query.by), mimetype="text/csv")
        response.headers["Content-Disposition"] = f'attachment; filename="wait-times-{first}-{last}.csv"'
        return response
    return answer({"first": first, "last": last, "by": query.by, "rows": rows, "total": total})
