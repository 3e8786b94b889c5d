"""What a manager decides about reports: clerks' figures, how long single visits are kept; and how the sent ones fared."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from manager.guard import signed_in, to_sign_in
from server import setup
from server.errors import N_, Refused
from server.reports.making import CLERK_CHOICE
from server.reports.retention import CHOICE as KEEP_CHOICE
from server.reports.retention import FEWEST_DAYS
from server.reports.sending import sendings
from server.web import identity, pages
from server.web.language import in_language, reader_language

blueprint = Blueprint("settings", __name__, url_prefix="/settings")

MOST_DAYS = 36_500


class BadDays(Refused):
    status, slug = 422, "bad-days"
    message = N_("Say a whole number of days from %(least)s to %(most)s, or leave it empty to keep everything.")


@blueprint.get("")
def edit() -> AnyResponse:
    """The settings as they are kept, and the last reports that were sent."""
    if identity.asking("manager") is None:
        return to_sign_in()
    with identity.unit().reading() as conn:
        kept = setup.choice(conn, KEEP_CHOICE, None)
        return _page(bool(setup.choice(conn, CLERK_CHOICE, False)), "" if kept is None else str(kept))


@blueprint.post("")
def save() -> AnyResponse:
    """Keep the settings, and note in the journal who changed them."""
    who = signed_in()
    clerks, days = "clerks" in request.form, request.form.get("days", "").strip()
    try:
        chosen = {CLERK_CHOICE: clerks, KEEP_CHOICE: _days(days)}
    except Refused as refusal:
        return _page(clerks, days, in_language(reader_language().code, refusal.message, **refusal.params), refusal.status)
    unit = identity.unit()

    def keep(conn: Any) -> None:
        before = {name: setup.choice(conn, name, None) for name in chosen}
        for name, value in chosen.items():
            setup.choose(conn, name, value)
        unit.journal.append(conn, "reports_changed", {"before": before, "after": chosen}, actor=who.caller().id)

    unit.writer.run(keep)
    return redirect("/manager/reports/settings?saved=1", 303)


def _days(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and FEWEST_DAYS <= int(text) <= MOST_DAYS):
        raise BadDays(least=FEWEST_DAYS, most=MOST_DAYS)
    return int(text)


def _page(clerks: bool, days: str, fault: str | None = None, status: int = 200) -> AnyResponse:
    with identity.unit().reading() as conn:
        sent = sendings(conn)
    return pages.page(
        "manager/report_settings.html",
        status=status,
        who=signed_in(),
        clerks=clerks,
        days=days,
        fault=fault,
        saved="saved" in request.args,
        sent=sent,
        wanted=identity.unit().settings.reports,
    )
