"""The manager's page of the displays: from how far each is read and how large it is, which sizes its letters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from manager.guard import signed_in
from manager.setup import changing
from manager.setup.form import Differs, changed_since, told
from server import editing, setup
from server.access.devices import devices
from server.editing import Editor
from server.editing.devices import ScreenReading
from server.errors import Refused
from server.revisions import ChangedMeanwhile, GoneMeanwhile
from server.setup import BadReading
from server.visits import Caller
from server.web import identity, pages
from server.web.language import reader_language

blueprint = Blueprint("displays", __name__, url_prefix="/displays")


SECTION = "readings"


@dataclass(frozen=True, slots=True)
class Line:
    """A display's fields as they stand on the page; `revision` is that of the reading they were opened with, empty for none."""

    name: str
    distance: str = ""
    diagonal: str = ""
    revision: str = ""
    fault: Refused | None = None
    changed: tuple[Differs, ...] = ()

    def reading(self) -> ScreenReading | None:
        """What it says, None for nothing; raises BadReading."""
        if not self.distance.strip() and not self.diagonal.strip():
            return None
        one = setup.checked_reading(_number(self.distance), _number(self.diagonal))
        return ScreenReading(id=self.name, distance_m=one.distance_m, diagonal_in=one.diagonal_in)


class _Overtaken(Exception):
    """Somebody was first with these displays."""

    def __init__(self, refusals: dict[str, Refused]) -> None:
        super().__init__()
        self.refusals = refusals


@blueprint.get("")
def edit() -> Response:
    """Every display with its reading."""
    with identity.unit().reading() as conn:
        kept = _kept(conn)
    return _page([_shown(name, kept.get(name)) for name in _names()], saved="saved" in request.args)


@blueprint.post("")
def save() -> Response:
    """Keep the form's readings, or show the form again with what is wrong, or with what somebody else changed."""
    lines = [_typed(name) for name in _names()]
    if any(line.fault for line in lines):
        return _page(lines, status=422)
    try:
        changing.change(lambda editor, conn, who: _keep(editor, conn, who, lines))
    except _Overtaken as found:
        with identity.unit().reading() as conn:
            return _page([_overtaken(conn, line, found.refusals.get(line.name)) for line in lines], status=409)
    return redirect("/manager/displays?saved=1", 303)


def _keep(editor: Editor, conn: Any, who: Caller, lines: list[Line]) -> None:
    """Save what was changed on the page; what was not stays as it is, whoever changed it. Raises _Overtaken."""
    refusals: dict[str, Refused] = {}
    kept = _kept(conn)
    for line in lines:
        reading = line.reading()
        try:
            if reading is None and line.revision and line.name in kept:
                editor.remove(conn, who, SECTION, line.name, line.revision)
            elif reading is not None and reading.revision() != line.revision:
                editor.keep(conn, who, SECTION, reading, line.revision or None)
        except (ChangedMeanwhile, GoneMeanwhile) as refusal:
            refusals[line.name] = refusal
    if refusals:
        raise _Overtaken(refusals)


def _typed(name: str) -> Line:
    distance, diagonal, revision = (request.form.get(f"{field} {name}", "") for field in ("distance", "diagonal", "revision"))
    line = Line(name, distance, diagonal, revision)
    try:
        line.reading()
    except BadReading as fault:
        return replace(line, fault=fault)
    return line


def _shown(name: str, kept: ScreenReading | None) -> Line:
    return Line(name, f"{kept.distance_m:g}", f"{kept.diagonal_in:g}", kept.revision()) if kept else Line(name)


def _overtaken(conn: Any, line: Line, refusal: Refused | None) -> Line:
    """The line with what somebody else changed; saving it again is on purpose."""
    if refusal is None:
        return line
    now = _kept(conn).get(line.name)
    changed = changed_since(conn, SECTION, line.name, line.revision, now.told() if now else {}, {})
    return replace(line, fault=refusal, changed=changed, revision=now.revision() if now else "")


def _number(text: str) -> float:
    """A decimal number, with a comma or a point; raises BadReading."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        raise BadReading from None


def _kept(conn: Any) -> dict[str, ScreenReading]:
    return {one.id: one for one in editing.read(conn).of(ScreenReading)}


def _names() -> list[str]:
    with identity.unit().reading() as conn:
        return sorted({device.name for device in devices(conn) if device.role == "display"})


def _page(lines: list[Line], saved: bool = False, status: int = 200) -> Response:
    with identity.unit().reading() as conn:
        kept = {} if any(line.fault for line in lines) else setup.readings(conn)
    language = reader_language().code
    shown = [
        {
            "name": line.name,
            "distance": line.distance,
            "diagonal": line.diagonal,
            "revision": line.revision,
            "capital": kept[line.name].capital_mm if line.name in kept else None,
            "too_small": line.name in kept and kept[line.name].too_small,
            "fault": told(line.fault, language) if line.fault else None,
            "changed": line.changed,
        }
        for line in lines
    ]
    return pages.page("manager/displays.html", status=status, who=signed_in(), lines=shown, saved=saved)
