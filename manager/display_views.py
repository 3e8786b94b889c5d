"""The manager's page of the displays: from how far each is read and how large it is, which sizes its letters."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from manager.guard import signed_in, to_sign_in
from server import setup
from server.access.devices import devices
from server.errors import Refused
from server.setup import BadReading, Reading
from server.web import identity, pages
from server.web.language import in_language, reader_language

blueprint = Blueprint("displays", __name__, url_prefix="/displays")


@blueprint.get("")
def edit() -> Response:
    """Every display with its reading."""
    if identity.asking("manager") is None:
        return to_sign_in()
    return _page({}, {}, saved="saved" in request.args)


@blueprint.post("")
def save() -> Response:
    """Keep the form's readings, or show the form again with what is wrong."""
    who = signed_in()
    unit = identity.unit()
    kept: dict[str, Reading] = {}
    faults: dict[str, Refused] = {}
    for name in _names():
        distance, diagonal = request.form.get(f"distance {name}", ""), request.form.get(f"diagonal {name}", "")
        if not distance.strip() and not diagonal.strip():
            continue
        try:
            kept[name] = setup.checked_reading(_number(distance), _number(diagonal))
        except BadReading as fault:
            faults[name] = fault
    if faults:
        return _page(request.form, faults, status=422)

    def keep(conn: Any) -> None:
        before = setup.readings_shown(conn)
        setup.keep_readings(conn, kept)
        data = {"before": before, "after": setup.readings_shown(conn)}
        unit.journal.append(conn, "readings_changed", data, actor=who.caller().id)

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
