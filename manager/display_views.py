"""The manager's page of the displays: from how far each is read and how large it is, which sizes its letters."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from manager.guard import signed_in
from server import editing, setup
from server.access.devices import devices
from server.editing import Editor
from server.editing.devices import ScreenReading
from server.errors import Refused
from server.setup import BadReading
from server.web import identity, pages
from server.web.language import in_language, reader_language

blueprint = Blueprint("displays", __name__, url_prefix="/displays")


@blueprint.get("")
def edit() -> Response:
    """Every display with its reading."""
    return _page({}, {}, saved="saved" in request.args)


@blueprint.post("")
def save() -> Response:
    """Keep the form's readings, or show the form again with what is wrong."""
    who = signed_in()
    unit = identity.unit()
    kept: list[ScreenReading] = []
    faults: dict[str, Refused] = {}
    for name in _names():
        distance, diagonal = request.form.get(f"distance {name}", ""), request.form.get(f"diagonal {name}", "")
        if not distance.strip() and not diagonal.strip():
            continue
        try:
            one = setup.checked_reading(_number(distance), _number(diagonal))
            kept.append(ScreenReading(id=name, distance_m=one.distance_m, diagonal_in=one.diagonal_in))
        except BadReading as fault:
            faults[name] = fault
    if faults:
        return _page(request.form, faults, status=422)
    editor = Editor(unit.journal, unit.settings.unit.zone)
    names = _names()

    def keep(conn: Any) -> None:
        others = [one for one in editing.read(conn).of(ScreenReading) if one.id not in names]
        editor.replace(conn, who.caller(), "readings", (*others, *kept))

    unit.writer.run(keep)
    return redirect("/manager/displays?saved=1", 303)


def _number(text: str) -> float:
    """A decimal number, with a comma or a point; raises BadReading."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        raise BadReading from None


def _names() -> list[str]:
    with identity.unit().reading() as conn:
        return sorted({device.name for device in devices(conn) if device.role == "display"})


def _page(typed: Any, faults: dict[str, Refused], saved: bool = False, status: int = 200) -> Response:
    with identity.unit().reading() as conn:
        kept = setup.readings(conn)
    language = reader_language().code
    lines = [
        {
            "name": name,
            "distance": typed.get(f"distance {name}", f"{kept[name].distance_m:g}" if name in kept else ""),
            "diagonal": typed.get(f"diagonal {name}", f"{kept[name].diagonal_in:g}" if name in kept else ""),
            "capital": kept[name].capital_mm if name in kept and not faults else None,
            "too_small": name in kept and not faults and kept[name].too_small,
            "fault": in_language(language, faults[name].message) if name in faults else None,
        }
        for name in _names()
    ]
    return pages.page("manager/displays.html", status=status, who=signed_in(), lines=lines, saved=saved)
