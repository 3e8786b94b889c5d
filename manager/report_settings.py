"""What a manager decides about reports: clerks' figures, how long single visits are kept; and how the sent ones fared."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from manager.guard import signed_in
from manager.setup import changing
from manager.setup.form import Form
from server import editing
from server.editing.rules import FEWEST_DAYS, MOST_DAYS, Reports
from server.errors import N_, Refused
from server.reports.sending import sendings
from server.web import identity, pages
from server.web.language import in_language, reader_language

blueprint = Blueprint("settings", __name__, url_prefix="/settings")


class BadDays(Refused):
    status, slug = 422, "bad-days"
    message = N_("Say a whole number of days from %(least)s to %(most)s, or leave it empty to keep everything.")


@blueprint.get("")
def edit() -> AnyResponse:
    """The settings as they are kept, and the last reports that were sent."""
    with identity.unit().reading() as conn:
        kept = editing.read(conn).of(Reports)[0]
    return _page(kept.clerk_figures, "" if kept.keep_rows_days is None else str(kept.keep_rows_days), kept.revision())


@blueprint.post("")
def save() -> AnyResponse:
    """Keep the settings, noted in the list of changes; who saves second is told what the first one changed."""
    clerks, days, revision = "clerks" in request.form, request.form.get("days", "").strip(), request.form.get("revision", "")
    try:
        chosen = Reports(clerk_figures=clerks, keep_rows_days=_days(days))
    except Refused as refusal:
        fault = in_language(reader_language().code, refusal.message, **refusal.params)
        return _page(clerks, days, revision, fault=fault, status=refusal.status)
    if first := changing.keep_only(chosen, revision):
        return _page(clerks, days, first.revision, first=first, status=first.status)
    return redirect("/manager/reports/settings?saved=1", 303)


def _days(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and FEWEST_DAYS <= int(text) <= MOST_DAYS):
        raise BadDays(least=FEWEST_DAYS, most=MOST_DAYS)
    return int(text)


def _page(
    clerks: bool, days: str, revision: str, *, fault: str | None = None, first: Form | None = None, status: int = 200
) -> AnyResponse:
    with identity.unit().reading() as conn:
        sent = sendings(conn)
    return pages.page(
        "manager/report_settings.html",
        status=status,
        who=signed_in(),
        clerks=clerks,
        days=days,
        revision=revision,
        fault=fault,
        first=first,
        saved="saved" in request.args,
        sent=sent,
        wanted=identity.unit().settings.reports,
    )
