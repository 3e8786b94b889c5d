"""The manager's page of the media: what displays show while nobody is called, uploaded, written, ordered and timed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from manager.guard import signed_in
from manager.setup.form import changed_since
from server import media
from server.access.devices import devices
from server.errors import Refused
from server.revisions import ChangedMeanwhile
from server.web import identity, pages
from server.web.language import CITIZEN_LANGUAGES, in_language, reader_language

blueprint = Blueprint("media", __name__, url_prefix="/media")

ADDRESS = "/manager/media"
FORM_AROUND = 64 * 1024
"""Bytes that a form needs around the file it carries."""


@blueprint.get("")
def listed() -> Response:
    """Everything that is shown, in order."""
    return _page()


@blueprint.post("")
def upload() -> Response:
    """Keep an uploaded picture or film."""
    actor = signed_in().caller().id
    request.max_content_length = media.LARGEST + FORM_AROUND
    try:
        if (request.content_length or 0) > request.max_content_length:
            raise media.too_large()
        id = media.keep(identity.unit(), actor, request.files.get("file"))
    except RequestEntityTooLarge:
        return _page(("upload", media.too_large()))
    except Refused as refusal:
        return _page(("upload", refusal))
    return _done(id)


@blueprint.post("/text")
def write() -> Response:
    """Add a text."""
    actor = signed_in().caller().id
    unit, text = identity.unit(), _text()
    try:
        id = unit.writer.run(lambda conn: media.add_text(conn, unit.journal, actor, text))
    except Refused as refusal:
        return _page(("text", refusal))
    return _done(id)


@blueprint.post("/results")
def results() -> Response:
    """Show last month's results on the displays, or no longer."""
    actor = signed_in().caller().id
    unit = identity.unit()
    on = "results" in request.form
    unit.writer.run(lambda conn: media.show_results(conn, unit.journal, actor, on))
    return redirect(f"{ADDRESS}?saved=1#results", 303)


@blueprint.post("/<int:id>")
def change(id: int) -> Response:
    """Save an item's times and displays, show it earlier or later, or take it away."""
    actor = signed_in().caller().id
    unit = identity.unit()
    act = request.form.get("act", "save")
    try:
        if act in ("earlier", "later"):
            unit.writer.run(lambda conn: media.move(conn, unit.journal, actor, id, -1 if act == "earlier" else 1))
        elif act == "remove":
            file = unit.writer.run(lambda conn: media.remove(conn, unit.journal, actor, id))
            if file and (path := media.path_of(unit.folder, file)):
                path.unlink(missing_ok=True)
            return redirect(f"{ADDRESS}?saved=1", 303)
        else:
            times, displays, text = media.checked_times(request.form), request.form.getlist("display"), _text()
            read_at = request.form.get("revision", "")
            unit.writer.run(lambda conn: media.change(conn, unit.journal, actor, id, times, displays, text, read_at))
    except Refused as refusal:
        return _page((str(id), refusal))
    return _done(id)


def _done(id: int) -> Response:
    return redirect(f"{ADDRESS}?saved=1#item-{id}", 303)


def _text() -> dict[str, str]:
    """The text of the form, a line ending as people see it."""
    return {code: request.form.get(f"text-{code}", "").replace("\r\n", "\n") for code in CITIZEN_LANGUAGES}


def _page(wrong: tuple[str, Refused] | None = None) -> Response:
    """The page; `wrong` names the form that was refused (`upload`, `text`, or an item's id), what was typed stays in it."""
    with identity.unit().reading() as conn:
        items = media.items(conn)
        names = sorted({device.name for device in devices(conn) if device.role == "display"})
        switched_on = media.results_switched_on(conn)
        counted = media.results(conn, identity.unit().now(), identity.unit())
        place, refusal = wrong or ("", None)
        lines = [_line(conn, one, refusal if place == str(one.id) else None) for one in items]
    language = reader_language().code
    gone = place.isdigit() and int(place) not in [one.id for one in items]
    return pages.page(
        "manager/media.html",
        status=refusal.status if refusal else 200,
        who=signed_in(),
        lines=lines,
        names=names,
        typed=request.form if place == "text" else {},
        wrong="gone" if gone else place,
        fault=in_language(language, refusal.message, **refusal.params) if refusal else None,
        saved="saved" in request.args and not wrong,
        citizens=CITIZEN_LANGUAGES,
        limits={
            "image": media.LARGEST_IMAGE_MB, "video": media.LARGEST_VIDEO_MB, "all": media.LARGEST_ALL_MB,
            "items": media.MOST_ITEMS, "text": media.LONGEST_TEXT,
        },
        results=switched_on,
        counted=(counted or {}).get(language) or (counted or {}).get("fr"),
    )  # fmt: skip


def _line(conn: Any, one: media.Item, refusal: Refused | None) -> dict[str, Any]:
    """An item's form: as it is kept, or as it was typed when that was refused, with what somebody else changed meanwhile."""
    typed = request.form if refusal else None
    read_at, first = typed.get("revision", "") if typed else "", isinstance(refusal, ChangedMeanwhile)
    times = {name: getattr(one.times, name) or "" for name in ("begins", "ends", "since", "until", "seconds")}
    return {
        "id": one.id,
        "revision": one.revision if first or not typed else read_at,
        "changed": changed_since(conn, "media", one.id, read_at, one.data(), {}) if first else (),
        "kind": one.kind,
        "name": media.called(one, reader_language().code),
        "address": f"/display/media/{one.file}" if one.file else None,
        "text": {code: typed.get(f"text-{code}", "") for code in CITIZEN_LANGUAGES} if typed else one.text or {},
        "displays": typed.getlist("display") if typed else one.displays,
        **({name: typed.get(name, "") for name in times} if typed else times),
    }
