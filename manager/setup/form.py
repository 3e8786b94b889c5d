"""One thing of the set-up in its form: as it is, as it was typed, and what of it can't be kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from manager.setup.fields import FIELDS, Typed, read
from manager.setup.words import counter_name, label, said
from server import editing
from server.editing import BY_NAME, Fault, Faulty, SetUp, Thing, made
from server.editing.services import Service, free_id, new_id
from server.editing.work_profiles import Counter, WorkProfile, free_counter_id
from server.errors import Refused
from server.revisions import as_it_was
from server.setup import name_in
from server.web.language import in_language, reader_language

Differs = tuple[str, str, str]
"""A field that somebody else changed: what it is called, as it was read, as it is."""


@dataclass(frozen=True)
class Form:
    """`values` as they stand in the fields, `faults` by the place in them, `sentences` above them all.

    `revision` is the one at which the thing was read (empty: it is new); `changed` what somebody else changed since.
    """

    section: str
    id: Any
    values: Mapping[str, Any]
    revision: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)
    sentences: tuple[str, ...] = ()
    changed: tuple[Differs, ...] = ()
    status: int = 200


def shown(whole: SetUp, section: str, id: Any) -> Form:
    """The form of a thing as it is kept; an empty one for a new thing, or for a device without a choice."""
    thing = whole.find(section, id)
    if thing is None:
        return Form(section, id, _beginning(whole, section))
    values = thing.model_dump()
    if section == "work_profiles":
        values["at"] = [one.id for one in whole.of(Counter) if one.profile == id]
    return Form(section, id, values, thing.revision())


def copied(whole: SetUp, section: str, thing: Thing) -> Form:
    """The form of a new thing that is like another one but for what two can't have alike."""
    values = {**_beginning(whole, section), **thing.model_dump()}
    if isinstance(thing, Service):
        profiles = [one.id for one in whole.of(WorkProfile) if thing.id in one.services]
        values |= {"prefix": _free_letter(whole), "series": "", "profiles": profiles}
    return Form(section, None, values)


def _free_letter(whole: SetUp) -> str:
    prefixes = {one.prefix for one in whole.of(Service)}
    return next((letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if letter not in prefixes), "")


def _beginning(whole: SetUp, section: str) -> dict[str, Any]:
    """What a new thing's form says before anything is typed."""
    if section == "services":
        return {
            "prefix": _free_letter(whole), "icon": "other", "target_minutes": 20, "open": True, "first": 1, "last": 9999,
            "keeps_place": True,
            "profiles": [one.id for one in whole.of(WorkProfile)],
        }  # fmt: skip
    if section == "counters":
        return {"number": max((one.number for one in whole.of(Counter)), default=0) + 1}
    return {}


def typed_in(section: str, id: Any, typed: Typed) -> Form:
    """The form as it was sent."""
    values = read(FIELDS[section], typed)
    if section == "work_profiles":
        values["at"] = [int(one) for one in typed.getlist("at") if one.isdecimal()]
    if section == "services":
        values["profiles"] = typed.getlist("profiles")
    return Form(section, id, values, typed.get("revision", ""))


def thing_of(conn: Any, form: Form) -> Thing | Form:
    """The thing that a form describes, with an id of its own when it is new; the form with its faults when it can't be."""
    data = {name: value for name, value in form.values.items() if name not in ("at", "profiles") and value is not None}
    if not data.get("series", "-"):
        del data["series"]
    data["id"] = form.id if form.id is not None else _fresh_id(conn, form)
    found = made(BY_NAME[form.section].kind, data, form.section)
    return found if isinstance(found, Thing) else with_faults(form, found)


def _fresh_id(conn: Any, form: Form) -> Any:
    name = form.values.get("name", {}).get("fr", "")
    if form.section == "services":
        return new_id(conn, name)
    if form.section == "counters":
        number = form.values["number"]
        taken = {row[0] for row in conn.execute("SELECT id FROM counters")}
        return free_counter_id(taken, number) if isinstance(number, int) else 1
    if form.section == "messages":
        return conn.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM messages").fetchone()[0]
    taken = {one.id for one in editing.read(conn).things[form.section]}
    taken |= {row[0] for row in conn.execute("SELECT id FROM priorities")} if form.section == "priorities" else set()
    return free_id(name, taken)


def along(form: Form, after: SetUp, thing: Thing) -> SetUp:
    """What the form says besides the thing itself: a profile's counters, a new service's profiles."""
    if isinstance(thing, WorkProfile):
        for counter in after.of(Counter):
            if (counter.id in form.values["at"]) != (counter.profile == thing.id):
                profile = thing.id if counter.id in form.values["at"] else None
                after = after.having("counters", counter.model_copy(update={"profile": profile}))
    if isinstance(thing, Service) and form.id is None:
        for one in after.of(WorkProfile):
            if one.id in form.values["profiles"]:
                ranks = {**one.services, thing.id: max(one.services.values(), default=1)}
                after = after.having("work_profiles", one.model_copy(update={"services": ranks}))
    return after


def with_faults(form: Form, faults: list[Fault]) -> Form:
    """The form with each fault beside its field; those of other things above."""
    own = {fault.section for fault in faults} == {form.section} and all(fault.path for fault in faults)
    beside = {".".join(map(str, fault.path)): fault for fault in faults} if own else {}
    above = tuple(fault.refusal for fault in faults) if not own else ()
    language = _language()
    return replace(
        form,
        faults={key: told(fault.refusal, language) for key, fault in beside.items()},
        sentences=tuple(told(refusal, language) for refusal in above),
        status=faults[0].refusal.status,
    )


def refused(form: Form, refusal: Refused) -> Form:
    """The form with a refusal."""
    if isinstance(refusal, Faulty):
        return with_faults(form, refusal.faults)
    return replace(form, sentences=(told(refusal, _language()),), status=refusal.status)


def overtaken(conn: Any, form: Form, refusal: Refused, names: Mapping[str, str]) -> Form:
    """The form for who saved second: what the other changed, and what was typed; saving again then is on purpose."""
    now = editing.read(conn).find(form.section, form.id)
    changed = changed_since(conn, form.section, form.id, form.revision, now.told() if now else {}, names)
    return replace(refused(form, refusal), revision=now.revision() if now else "", changed=changed)


def changed_since(
    conn: Any, section: str, id: Any, revision: str, now: Mapping[str, Any], names: Mapping[str, str]
) -> tuple[Differs, ...]:
    """What became different since a thing was read at `revision`, which says `now`; `names` as for `said`."""
    language = _language()
    was = as_it_was(conn, section, id, revision) or {}
    return tuple(
        (label(section, key, language), said(key, was.get(key), language, names), said(key, now.get(key), language, names))
        for key in {**was, **now}
        if was.get(key) != now.get(key) and key != "id"
    )


def told(refusal: Refused, language: str) -> str:
    """A refusal's sentence in a language."""
    return in_language(language, refusal.message, **refusal.params)


def title(thing: Thing, language: str) -> str:
    """What a thing is called in a list: by its name, a counter by its number."""
    if isinstance(thing, Counter):
        return counter_name(thing.number, language)
    names = getattr(thing, "name", None) or getattr(thing, "text", None)
    return name_in(names.model_dump(), language) if names else str(thing.id)


def _language() -> str:
    return reader_language().code
