"""The manager's page of estimated waits: how true they were, and which services say nothing now."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response as AnyResponse

from manager.guard import signed_in
from server import setup
from server.errors import Refused
from server.reports.accuracy import WHY_SILENT, Estimates, estimates
from server.reports.period import NAMES, period_text
from server.web import identity, pages
from server.web.language import in_language, reader_language

blueprint = Blueprint("estimates", __name__, url_prefix="/estimates")
USUAL = "last-month"


@blueprint.get("")
def show() -> AnyResponse:
    """The form and the figures it asks for; what is wrong with it stands above."""
    first, last = request.args.get("from", ""), request.args.get("to", "")
    name = request.args.get("period", "" if first or last else USUAL)
    dates = (first or None, last or None) if name in ("", "dates") else (None, None)
    try:
        made = estimates(identity.unit(), *dates, None if name in ("", "dates") else name)
    except Refused as refusal:
        fault = in_language(reader_language().code, refusal.message, **refusal.params)
        return _page(name, first, last, None, fault, refusal.status)
    return _page(name, first, last, made)


def _page(name: str, first: str, last: str, made: Estimates | None, fault: str | None = None, status: int = 200) -> AnyResponse:
    language = reader_language().code
    with identity.unit().reading() as conn:
        names = {one.id: setup.name_in(one.name, language) for one in setup.services(conn)}
        for row in made.rows if made else ():
            if row.service is not None and row.service not in names:
                names[row.service] = setup.name_in(setup.service(conn, row.service).name, language)
    return pages.page(
        "manager/estimates.html",
        status=status,
        who=signed_in(),
        period=name,
        first=first,
        last=last,
        made=made,
        fault=fault,
        names=names,
        periods=NAMES,
        told=made and period_text(made.period, language),
        why=WHY_SILENT,
    )
