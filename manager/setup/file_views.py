"""The manager's pages around the set-up as a whole: what was changed, and carrying it to a file and back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from manager.setup.form import told
from manager.setup.lists import names
from manager.setup.words import THINGS, author, counter_name, label, said, section_name
from server import editing
from server.editing import Change, Editor, Faulty, SetUp, audit
from server.editing import file as setup_file
from server.editing.file import LARGEST_FILE, BadFile, Import, LineFault
from server.errors import N_, Refused
from server.revisions import digest
from server.setup import name_in
from server.web import identity, pages
from server.web.language import in_language, reader_language, written_datetime

blueprint = Blueprint("whole_setup", __name__, url_prefix="/setup")
CHANGES_SHOWN = 50


class NoFile(Refused):
    status, slug = 422, "no-file"
    message = N_("Choose a set-up file first.")


class NotText(Refused):
    status, slug = 422, "not-text"
    message = N_("This file is not text in UTF-8.")


@blueprint.get("/changes")
def changes() -> AnyResponse:
    """Who changed what, when, from what to what; newest first."""
    who = identity.permitted("manage")
    what, by, before = request.args.get("what", ""), request.args.get("by", ""), request.args.get("before", "")
    older = int(before) if before.isascii() and before.isdecimal() and len(before) < 18 else None
    language = reader_language().code
    with identity.unit().reading() as conn:
        found = audit.entries(conn, what=what, by=by, before=older, most=CHANGES_SHOWN + 1)
        called = names(conn, language)
        sections = [(name, section_name(name, language)) for name in audit.sections(conn)]
        people = audit.people(conn)
    return pages.page(
        "manager/setup/changes.html",
        who=who,
        entries=[_entry(entry, language, called) for entry in found[:CHANGES_SHOWN]],
        older=found[CHANGES_SHOWN - 1].seq if len(found) > CHANGES_SHOWN else None,
        chosen={"what": what, "by": by},
        parts=sections,
        people=[(name, author(name, language)) for name in people],
    )


def _entry(entry: audit.Entry, language: str, called: dict[str, str]) -> dict[str, Any]:
    moment = datetime.fromtimestamp(entry.at / 1000, UTC)
    return {
        "at": written_datetime(moment, language, identity.unit().settings.unit.timezone),
        "by": author(entry.by, language),
        **_told(Change(entry.what, entry.id, entry.before, entry.after), language, called),
    }


def _told(change: Change, language: str, called: dict[str, str]) -> dict[str, Any]:
    """A change as people read it: of what, which thing, what happened, field by field."""
    before, after = change.before or {}, change.after or {}
    kind = "order" if change.id is None else "added" if not before else "removed" if not after else "changed"
    fields = [
        (name, *_apart(before.get(name), after.get(name)))
        for name in {**before, **after}
        if before.get(name) != after.get(name) and name != "id"
    ]
    return {
        "section": section_name(change.section, language),
        "thing": _thing(change, after or before, language),
        "kind": kind,
        "fields": [
            (label(change.section, name, language), said(name, was, language, called), said(name, now, language, called))
            for name, was, now in fields
        ],
    }  # fmt: skip


def _apart(was: Any, now: Any) -> tuple[Any, Any]:
    """What of a value is different: of one by language, day or part, those alone."""
    if not (isinstance(was, dict) and isinstance(now, dict)):
        return was, now
    keys = [key for key in {**was, **now} if was.get(key) != now.get(key)]
    return {key: was[key] for key in keys if key in was}, {key: now[key] for key in keys if key in now}


def _alone(change: Change) -> bool:
    """There is one thing of this kind: its section's name says all."""
    return change.section == "hours" or change.id in (change.section, "choices")


def _thing(change: Change, data: Any, language: str) -> str:
    if name := THINGS.get((change.section, str(change.id))):
        return in_language(language, name)
    if change.section == "counters" and data.get("number"):
        return counter_name(data["number"], language)
    return "" if _alone(change) else _name(data, change.id, language)


def _name(data: Any, id: Any, language: str) -> str:
    found = [said for key in ("name", "text", "title") if (said := data.get(key))]
    by_language = next((said for said in found if isinstance(said, dict)), None)
    return (name_in(by_language, language) if by_language else "") or str(next(iter(found), data.get("number") or id or ""))


@blueprint.get("/file")
def file() -> AnyResponse:
    """Take the set-up as a file, or bring one."""
    return _file_page(done="done" in request.args)


@blueprint.get("/file.toml")
def download() -> Response:
    """The whole set-up as TOML."""
    identity.permitted("manage")
    with identity.unit().reading() as conn:
        text = setup_file.written(editing.read(conn))
    response = Response(text, mimetype="application/toml")
    name = f"{identity.unit().settings.unit.id}-set-up.toml"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/file")
def bring() -> AnyResponse:
    """Show what a file would change; with `do=apply`, and nothing changed since it was shown, change it."""
    request.max_content_length = request.max_form_memory_size = 2 * LARGEST_FILE
    who = identity.permitted("import the set-up")
    unit = identity.unit()
    text = ""
    try:
        text = _text()
        asked = Import(text)
        with unit.reading() as conn:
            before = editing.read(conn)
        after = asked.after(before)
        state = _state(before)
        if request.form.get("do") != "apply" or request.form.get("state") != state:
            return _file_page(text=text, planned=editing.differences(before, after), state=state)
        editor = Editor(unit.journal, unit.settings.unit.zone)
        try:
            unit.writer.run(lambda conn: editor.become(conn, who.caller(), now := editing.read(conn), asked.after(now)))
        except Faulty as refusal:
            raise asked.bad(refusal.faults) from refusal
    except BadFile as refusal:
        return _file_page(text=text, faults=refusal.faults, status=refusal.status)
    except (NoFile, NotText) as refusal:
        return _file_page(sentence=refusal, status=refusal.status)
    return redirect("/manager/setup/file?done=1", 303)


def _text() -> str:
    brought = request.files.get("file")
    if brought is None or not brought.filename:
        if text := request.form.get("text", ""):
            return text
        raise NoFile
    try:
        return str(brought.read(), "utf-8-sig")
    except UnicodeDecodeError:
        raise NotText from None


def _state(whole: SetUp) -> str:
    """A digest of the set-up that a plan was made for."""
    return digest({name: [thing.data() for thing in things] for name, things in whole.things.items()})


def _file_page(
    *,
    text: str = "",
    planned: list[Change] | None = None,
    state: str = "",
    faults: list[LineFault] | None = None,
    sentence: Refused | None = None,
    done: bool = False,
    status: int = 200,
) -> AnyResponse:
    who = identity.permitted("manage")
    language = reader_language().code
    with identity.unit().reading() as conn:
        called = names(conn, language)
    return pages.page(
        "manager/setup/file.html",
        status=status,
        who=who,
        text=text,
        planned=None if planned is None else [_told(change, language, called) for change in planned],
        state=state,
        faults=[(fault.line, fault.where, told(fault.refusal, language)) for fault in faults or ()],
        sentence=told(sentence, language) if sentence else "",
        done=done,
        may_import=who.may("import the set-up"),
    )
