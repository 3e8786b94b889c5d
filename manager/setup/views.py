"""The manager's pages of the set-up: a list and a form for each section, made by one pair of templates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from manager.setup import changing, lists, several
from manager.setup.fields import FIELDS, SPARE_DOCUMENTS
from manager.setup.form import Form, along, copied, overtaken, refused, shown, thing_of, title, typed_in
from manager.setup.words import ADD, SECTIONS
from server import editing
from server.editing import BY_NAME, Editor, SetUp, Thing
from server.editing.refusals import NothingThere
from server.editing.services import Service, icons
from server.editing.work_profiles import Counter, WorkProfile
from server.errors import Refused
from server.revisions import ChangedMeanwhile, GoneMeanwhile
from server.web import identity, pages
from server.web.language import CITIZEN_LANGUAGES, reader_language

blueprint = Blueprint("setup", __name__, url_prefix="/setup")
OF_DEVICES = ("kiosks", "displays")
COPIED = ("services", "work_profiles")
OF_CALLING = ("services", "work_profiles", "counters")
"""Sections whose changes may leave a service that no counter serves."""


@blueprint.get("")
def overview() -> Response:
    """All sections, each with how many things it has."""
    who = identity.permitted("manage")
    whole = _whole()
    counts = {name: len(whole.things[name]) for name in SECTIONS if not BY_NAME[name].single and name not in OF_DEVICES}
    return pages.page("manager/setup/overview.html", who=who, cards=SECTIONS, counts=counts)


@blueprint.get("/<section>")
def section(section: str) -> Response:
    """The things of a section in their order."""
    who = identity.permitted("manage")
    _known(section)
    if BY_NAME[section].single:
        return _edit_page(shown(_whole(), section, section), saved="saved" in request.args)
    with identity.unit().reading() as conn:
        rows = lists.rows(conn, section, reader_language().code)
    return _list_page(who, section, rows, saved="saved" in request.args)


@blueprint.get("/<section>/edit")
def edit(section: str) -> Response:
    """The form of a thing (`id`), of a new one, or of a new one that is like another (`copy`)."""
    identity.permitted("manage")
    _known(section)
    whole, id = _whole(), _id(section)
    if section in COPIED and (like := request.args.get("copy")):
        if (thing := whole.find(section, like)) is None:
            raise NothingThere
        return _edit_page(copied(whole, section, thing))
    if id is not None and section not in OF_DEVICES and whole.find(section, id) is None:
        raise NothingThere
    return _edit_page(shown(whole, section, id))


@blueprint.post("/<section>/edit")
def save(section: str) -> Response:
    """Save, remove or move a thing; shown again with what is wrong when it can't be."""
    identity.permitted("manage")
    _known(section)
    actions: dict[str, Callable[[str], Response]] = {
        "save": _save, "remove": _remove, "up": _move, "down": _move, "toggle": _toggle, "several": _several,
    }  # fmt: skip
    return actions.get(request.form.get("do", "save"), _save)(section)


def _save(section: str) -> Response:
    form = typed_in(section, _id(section), request.form)
    unit = identity.unit()
    with unit.reading() as conn:
        thing = thing_of(conn, form)
    if section in OF_DEVICES and not _says_something(form):
        return _remove(section) if form.revision else _to_list(section)
    if isinstance(thing, Form):
        return _edit_page(thing)
    try:
        changing.change(lambda editor, conn, who: editor.keep(conn, who, section, thing, form.revision or None, _besides(form)))
    except (ChangedMeanwhile, GoneMeanwhile) as refusal:
        with unit.reading() as conn:
            return _edit_page(overtaken(conn, form, refusal, lists.names(conn, reader_language().code)))
    except Refused as refusal:
        return _edit_page(refused(form, refusal))
    return _to_list(section)


def _besides(form: Form) -> Callable[[SetUp, Thing], SetUp]:
    return lambda after, thing: along(form, after, thing)


def _says_something(form: Form) -> bool:
    return any(any(value.values()) if isinstance(value, dict) else value for value in form.values.values())


def _remove(section: str) -> Response:
    id, revision = _id(section), request.form.get("revision", "")
    return _in_list(section, lambda editor, conn, who: editor.remove(conn, who, section, id, revision))


def _move(section: str) -> Response:
    id, by = _id(section), -1 if request.form["do"] == "up" else 1
    return _in_list(section, lambda editor, conn, who: editor.move(conn, who, section, id, by))


def _toggle(section: str) -> Response:
    """Let a service give tickets, or no more."""
    id, revision = _id(section), request.form.get("revision", "")

    def change(editor: Editor, conn: Any, who: Any) -> Any:
        kept = editing.read(conn).find(section, id)
        if not isinstance(kept, Service):
            raise NothingThere
        return editor.keep(conn, who, section, kept.model_copy(update={"open": not kept.open}), revision)

    return _in_list(section, change)


def _several(section: str) -> Response:
    """Add a run of counters."""
    if section != "counters":
        abort(404)
    typed = request.form.copy()
    return _in_list(section, lambda editor, conn, who: several.add_counters(editor, conn, who, typed))


def _in_list(section: str, change: Callable[[Editor, Any, Any], Any]) -> Response:
    """A change that is asked for in a list; a refusal is told above it."""
    who = identity.permitted("manage")
    try:
        changing.change(change)
    except Refused as refusal:
        told = refused(Form(section, None, {}), refusal)
        with identity.unit().reading() as conn:
            rows = lists.rows(conn, section, reader_language().code)
        return _list_page(who, section, rows, told.sentences, told.status)
    return _to_list(section)


def _list_page(
    who: Any, section: str, rows: list[lists.Row], told: tuple[str, ...] = (), status: int = 200, **more: Any
) -> Response:
    name, what = SECTIONS[section]
    return pages.page(
        "manager/setup/list.html",
        status=status,
        who=who,
        section=section,
        name=name,
        what=what,
        rows=rows,
        add=ADD.get(section),
        profiles=_profiles() if section == "counters" else [],
        typed=request.form,
        movable=section not in (*OF_DEVICES, "counters"),
        sentences=told,
        unserved=lists.unserved(_whole(), reader_language().code) if section in OF_CALLING else "",
        **more,
    )


def _edit_page(form: Form, saved: bool = False) -> Response:
    language = reader_language().code
    whole = _whole()
    thing = whole.find(form.section, form.id)
    return pages.page(
        "manager/setup/edit.html",
        status=form.status,
        who=identity.permitted("manage"),
        form=form,
        fields=FIELDS[form.section],
        name=SECTIONS[form.section][0],
        add=ADD.get(form.section),
        title=title(thing, language) if thing else str(form.id or ""),
        single=BY_NAME[form.section].single,
        copied=form.section in COPIED,
        device=form.section in OF_DEVICES,
        saved=saved,
        citizens=CITIZEN_LANGUAGES,
        services=[(one.id, title(one, language), one.icon) for one in whole.of(Service)],
        counters=[(one.id, one.number, one.profile) for one in whole.of(Counter)],
        profiles=_profiles(),
        icons=icons(),
        series=lists.series(whole, form.id, language),
        spare=SPARE_DOCUMENTS,
    )


def _profiles() -> list[tuple[str, str]]:
    """The work profiles as they are called."""
    return [(one.id, title(one, reader_language().code)) for one in _whole().of(WorkProfile)]


def _to_list(section: str) -> Response:
    return redirect(f"/manager/setup/{section}?{urlencode({'saved': 1})}", 303)


def _whole() -> SetUp:
    with identity.unit().reading() as conn:
        return editing.read(conn)


def _known(section: str) -> None:
    if section not in SECTIONS:
        abort(404)


def _id(section: str) -> Any:
    """The id that is asked for, None for a new thing; of the kind that the section's ids have."""
    id = request.args.get("id")
    if BY_NAME[section].single:
        return section
    if section in ("counters", "messages") and id is not None:
        return int(id) if id.isascii() and id.isdecimal() else 0
    if section in OF_DEVICES and not id:
        raise NothingThere
    return id
