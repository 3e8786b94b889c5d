"""The manager's page of reports: a period, what it is split by, charts with their tables, and the same as files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import Blueprint, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from manager import export_views, report_settings
from manager.asked import WHOLE, Asked
from manager.guard import signed_in
from server import setup
from server.errors import N_, Refused
from server.reports import REPORTS, asking
from server.reports.period import NAMES
from server.reports.process import Job
from server.reports.request import CLERK_CHOICE, KEY_WORDS
from server.web import identity, pages
from server.web.language import in_language, reader_language

blueprint = Blueprint("reports", __name__, url_prefix="/reports")
blueprint.register_blueprint(report_settings.blueprint)
blueprint.register_blueprint(export_views.blueprint)

SOON_S = 1.0
"""What takes longer is followed by a bar."""
EVERY_S = 0.5
KEYS = tuple(key for key in KEY_WORDS if key not in ("reason", "people_ahead"))


@blueprint.get("")
def show() -> AnyResponse:
    """The form and the report it asks for; what is wrong with it stands above."""
    asked = Asked.read(request.args)
    try:
        job = asking.page(identity.unit(), asked.request(), reader_language().code, asked.whole)
    except Refused as refusal:
        return _page(asked, fault=_sentence(refusal), status=refusal.status)
    return _page(asked, made=_arriving(job))


@dataclass(frozen=True, slots=True)
class Arriving:
    """A part of the answer: the share that is counted so far, or at last the sections or what went wrong."""

    share: float | None = None
    sections: Markup | None = None
    fault: str | None = None


def _arriving(job: Job[str]) -> Iterator[Arriving]:
    """Nothing but the sections when they are there soon; until then, how far they are."""
    wait = SOON_S
    while not job.done_within(wait):
        yield Arriving(share=job.share)
        wait = EVERY_S
    try:
        yield Arriving(sections=Markup(job.result()))
    except Refused as refusal:
        yield Arriving(fault=_sentence(refusal))


def _sentence(refusal: Refused) -> str:
    return in_language(reader_language().code, refusal.message, **refusal.params)


def _page(asked: Asked, made: Iterator[Arriving] | None = None, fault: str | None = None, status: int = 200) -> AnyResponse:
    language = reader_language().code
    with identity.unit().reading() as conn:
        services = [(one.id, setup.name_in(one.name, language)) for one in setup.services(conn)]
        clerks = bool(setup.choice(conn, CLERK_CHOICE, False))
    return pages.page_in_parts(
        "manager/reports.html",
        status=status,
        who=signed_in(),
        asked=asked,
        made=made,
        fault=fault,
        services=services,
        reports={WHOLE: N_("Whole report"), **REPORTS},
        periods=NAMES,
        keys=_keys(clerks),
        formats=export_views.FORMATS,
        exports=export_views.mine(),
    )


def _keys(clerks: bool) -> Mapping[str, str]:
    return {key: KEY_WORDS[key] for key in KEYS if clerks or key != "clerk"}
