"""The manager's page of reports: a period, what it is split by, charts with their tables, and the same as files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from manager import report_settings
from manager.guard import signed_in, to_sign_in
from server import setup
from server.errors import N_, Refused
from server.reports import KINDS, Request, asking
from server.reports.making import CLERK_CHOICE
from server.reports.period import NAMES
from server.reports.writing.document import KEY_WORDS
from server.web import identity, pages
from server.web.language import in_language, reader_language

blueprint = Blueprint("reports", __name__, url_prefix="/reports")
blueprint.register_blueprint(report_settings.blueprint)

WHOLE = "whole"
USUAL = "last-month"
FORMATS = {"xlsx": N_("Excel (XLSX)"), "pdf": N_("PDF to sign"), "excel": N_("CSV for Excel"), "csv": N_("CSV for programs")}
KEYS = tuple(key for key in KEY_WORDS if key != "reason")

Values = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form says: the report, or the whole of them; period by name or dates; up to two keys; a service or all."""

    report: str
    period: str
    first: str
    last: str
    by: tuple[str, ...]
    service: str

    @classmethod
    def read(cls, values: Values) -> Asked:
        """From an address; what is missing is the whole report of last month."""
        dates = bool(values.get("from") or values.get("to"))
        by = tuple(dict.fromkeys(filter(None, (values.get("by"), values.get("and")))))
        usual = "" if dates else USUAL
        return cls(
            values.get("report", WHOLE),
            "" if values.get("period") == "dates" else values.get("period", usual),
            values.get("from", ""),
            values.get("to", ""),
            by or ("service",),
            values.get("service", ""),
        )

    @property
    def whole(self) -> bool:
        return self.report == WHOLE

    def as_query(self) -> str:
        """The address that asks the same again."""
        dates = {"from": self.first, "to": self.last} if not self.period else {}
        keys = dict(zip(("by", "and"), self.by, strict=False))
        return urlencode({"report": self.report, "period": self.period or "dates", **dates, **keys, "service": self.service})

    def request(self) -> Request:
        """The request it comes to; raises Refused."""
        kind = "wait-times" if self.whole else self.report
        dates = (None, None) if self.period else (self.first or None, self.last or None)
        services = (self.service,) if self.service else ()
        by = ",".join(self.by)
        if "clerk" in self.by:
            identity.permitted("see clerks' figures")
        return asking.request(identity.unit(), kind, *dates, by, self.period or None, services, compared=True)


@blueprint.get("")
def show() -> AnyResponse:
    """The form and the report it asks for; what is wrong with it stands above."""
    if identity.asking("manager") is None:
        return to_sign_in()
    asked = Asked.read(request.args)
    try:
        made = asking.page(identity.unit(), asked.request(), reader_language().code, asked.whole)
    except Refused as refusal:
        sentence = in_language(reader_language().code, refusal.message, **refusal.params)
        return _page(asked, fault=sentence, status=refusal.status)
    return _page(asked, made=Markup(made))


@blueprint.get("/file")
def file() -> Response:
    """The same report as a file."""
    signed_in()
    asked = Asked.read(request.args)
    form = request.args.get("format", "xlsx")
    wanted = asked.request()
    written = asking.written(identity.unit(), wanted, form if form in FORMATS else "xlsx", reader_language().code, asked.whole)
    response = Response(written.data, mimetype=written.mimetype)
    name = f"istiqbal-{asked.report}-{wanted.period.first}-{wanted.period.last}.{written.ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(asked: Asked, made: Markup | None = None, fault: str | None = None, status: int = 200) -> AnyResponse:
    language = reader_language().code
    with identity.unit().reading() as conn:
        services = [(one.id, setup.name_in(one.name, language)) for one in setup.services(conn)]
        clerks = bool(setup.choice(conn, CLERK_CHOICE, False))
    return pages.page(
        "manager/reports.html",
        status=status,
        who=signed_in(),
        asked=asked,
        made=made,
        fault=fault,
        services=services,
        reports={WHOLE: N_("Whole report"), **{kind: about.title for kind, about in KINDS.items()}},
        periods=NAMES,
        keys=_keys(clerks),
        formats=FORMATS,
    )


def _keys(clerks: bool) -> Mapping[str, str]:
    return {key: KEY_WORDS[key] for key in KEYS if clerks or key != "clerk"}
