"""The manager's files: begun on the page of reports, followed there, cancelled or fetched."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, redirect, request, send_file
from werkzeug.wrappers import Response as AnyResponse

from manager.asked import Asked
from server.errors import N_, Refused
from server.reports.exports import ENDINGS, Export, ExportGone, Exports, Order, State
from server.web import identity, pages
from server.web.language import in_language, reader_language
from server.web.origin import refuse_foreign_origin

blueprint = Blueprint("exports", __name__, url_prefix="/exports")

FORMATS = {
    "xlsx": N_("Excel (XLSX)"),
    "pdf": N_("PDF to sign"),
    "excel": N_("CSV for Excel"),
    "csv": N_("CSV for programs"),
    "legs-xlsx": N_("Every visit (XLSX)"),
    "legs-excel": N_("Every visit (CSV for Excel)"),
    "legs-csv": N_("Every visit (CSV)"),
}


def exports() -> Exports:
    """The files of this server."""
    found: Exports = current_app.extensions["istiqbal.exports"]
    return found


def owner() -> str:
    """Who asks: nobody sees another's files."""
    return identity.permitted("read reports").caller().id


def mine() -> list[Export]:
    return exports().of(owner())


@blueprint.post("")
def begin() -> AnyResponse:
    """Have the report that the address asks for made as a file; a page that stays (`X-Stay`) is told its id or the fault."""
    refuse_foreign_origin()
    who, asked = owner(), Asked.read(request.args)
    form = request.form.get("format", "xlsx")
    stays = "X-Stay" in request.headers
    try:
        order = Order(asked.request(), form if form in ENDINGS else "xlsx", reader_language().code, asked.whole)
        made = exports().begin(who, order)
    except Refused as refusal:
        if not stays:
            raise
        return Response(
            in_language(reader_language().code, refusal.message, **refusal.params), refusal.status, mimetype="text/plain"
        )
    if stays:
        return Response(made.id, 201, mimetype="text/plain")
    return redirect(f"/manager/reports?{asked.as_query()}", 303)


@blueprint.get("")
def state() -> AnyResponse:
    """How far the files are, as the part of the page that shows it."""
    return pages.page("manager/exports.html", exports=mine(), formats=FORMATS)


@blueprint.post("/<id>/cancel")
def cancel(id: str) -> AnyResponse:
    """End one; its file is gone."""
    refuse_foreign_origin()
    exports().cancel(owner(), id)
    return redirect(request.referrer or "/manager/reports", 303)


@blueprint.get("/<id>/file")
def file(id: str) -> Response:
    """The file that is ready."""
    one = exports().one(owner(), id)
    if one.state is not State.READY or not one.path.exists():
        raise ExportGone
    response = send_file(one.path, as_attachment=True, download_name=one.order.name)
    response.headers["Cache-Control"] = "no-store"
    return response
