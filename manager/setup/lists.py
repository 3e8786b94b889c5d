"""The rows of a section's list: what each thing is called, and what is worth knowing about it at a glance."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from manager.setup.form import title
from server import calling, editing
from server.access.devices import devices
from server.editing import SetUp, Thing
from server.editing.devices import Display, Kiosk
from server.editing.hall import Notice
from server.editing.services import Service
from server.editing.work_profiles import Counter, WorkProfile
from server.errors import N_
from server.setup import name_in
from server.web import identity
from server.web.language import in_language

NAMES_SHOWN = 6


@dataclass(frozen=True)
class Row:
    """A line of a list: `mark` (a letter or number) before the title, `facts` behind it, `tags` for what needs a look."""

    id: Any
    title: str
    revision: str = ""
    mark: str = ""
    icon: str = ""
    facts: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    open: bool | None = None


def names(conn: Any, language: str) -> dict[str, str]:
    """Services and work profiles by id, as they are called; also those that were removed."""
    rows = conn.execute("SELECT id, name FROM services UNION ALL SELECT id, name FROM work_profiles").fetchall()
    return {id: name_in(json.loads(name), language) for id, name in rows}


def rows(conn: Any, section: str, language: str) -> list[Row]:
    """The things of a section as its list shows them; devices without a choice are there too."""
    whole = editing.read(conn)
    found = [_row(conn, whole, one, language) for one in whole.things[section]]
    if section in ("kiosks", "displays"):
        known = {row.id for row in found}
        everything = (in_language(language, N_("offers everything") if section == "kiosks" else N_("shows everything")),)
        found += [Row(name, name, facts=everything) for name in device_names(conn, section) if name not in known]
        found.sort(key=lambda row: row.id)
    return found


def device_names(conn: Any, section: str) -> list[str]:
    """The kiosks or displays that are set up or paired."""
    role = {"kiosks": "kiosk", "displays": "display"}[section]
    named = [kiosk.name for kiosk in identity.unit().settings.kiosks] if role == "kiosk" else []
    return list(dict.fromkeys([*named, *(one.name for one in devices(conn) if one.role == role)]))


def _row(conn: Any, whole: SetUp, one: Thing, language: str) -> Row:
    row = Row(one.id, title(one, language), one.revision())
    say = partial(in_language, language)
    if isinstance(one, Service):
        row = _service_row(row, whole, one, say)
    elif isinstance(one, Counter):
        row = replace(row, facts=(_profile_name(whole, one, language) or say(N_("serves everything")),))
    elif isinstance(one, WorkProfile):
        row = replace(row, facts=_profile_facts(whole, one, language))
    elif isinstance(one, Kiosk):
        row = replace(row, facts=(_called(whole, one.services, language),))
    elif isinstance(one, Display):
        row = replace(row, facts=_display_facts(whole, one, language))
    elif isinstance(one, Notice) and (one.begins or one.ends):
        row = replace(row, facts=(f"{(one.begins or '…').replace('T', ' ')} – {(one.ends or '…').replace('T', ' ')}",))
    if any(not text.zgh for text in (getattr(one, "name", None), getattr(one, "text", None)) if text):
        row = replace(row, tags=(*row.tags, say(N_("No Amazigh text"))))
    return row


def _service_row(row: Row, whole: SetUp, one: Service, say: Callable[..., str]) -> Row:
    facts = [say(N_("within %(minutes)s min"), minutes=one.target_minutes), f"{one.prefix}{one.first}–{one.prefix}{one.last}"]
    if one.series != one.id:
        facts.append(say(N_("shared numbers")))
    tags = () if _served(whole, one.id) else (say(N_("No counter serves it")),)
    return replace(row, mark=one.prefix, icon=one.icon, facts=tuple(facts), tags=tags, open=one.open)


def _profile_facts(whole: SetUp, one: WorkProfile, language: str) -> tuple[str, ...]:
    users = ", ".join(str(counter.number) for counter in whole.of(Counter) if counter.profile == one.id)
    ordered = sorted(one.services, key=lambda id: one.services[id])
    return _called(whole, ordered, language), in_language(language, N_("counters: %(counters)s"), counters=users or "–")


def _display_facts(whole: SetUp, one: Display, language: str) -> tuple[str, ...]:
    numbers = {counter.id: str(counter.number) for counter in whole.of(Counter)}
    shown = ", ".join(numbers.get(id, "?") for id in one.counters)
    facts = [name_in(one.title.model_dump(), language)]
    facts.append(in_language(language, N_("counters: %(counters)s"), counters=shown) if shown else "")
    facts.append(_called(whole, one.services, language))
    return tuple(fact for fact in facts if fact)


def _served(whole: SetUp, service: str) -> bool:
    served = {one.id: calling.WorkProfile(one.services) for one in whole.of(WorkProfile)}
    everything = calling.WorkProfile()
    return any((served[one.profile] if one.profile else everything).serves(service) for one in whole.of(Counter))


def unserved(whole: SetUp, language: str) -> str:
    """The names of the services that no counter serves, though they give tickets; empty when there is none."""
    return " · ".join(title(one, language) for one in whole.of(Service) if one.open and not _served(whole, one.id))


def _profile_name(whole: SetUp, counter: Counter, language: str) -> str:
    found = whole.find("work_profiles", counter.profile) if counter.profile else None
    return title(found, language) if found else ""


def _called(whole: SetUp, services: list[str], language: str) -> str:
    """Services by their names, the first few of them."""
    known = {one.id: title(one, language) for one in whole.of(Service)}
    return " · ".join(known.get(id, id) for id in services[:NAMES_SHOWN]) + (" …" if len(services) > NAMES_SHOWN else "")


def series(whole: SetUp, id: Any, language: str) -> list[tuple[str, str]]:
    """The series that a service may count by: its own first, then each that others have, called by those who share it."""
    sharing: dict[str, list[str]] = {}
    for one in whole.of(Service):
        if one.id != id:
            sharing.setdefault(one.series, []).append(title(one, language))
    own = str(id or "")
    together = in_language(language, N_("Together with: %(services)s"), services=" · ".join(sharing.get(own, [])))
    first = (own, together if own in sharing else in_language(language, N_("Numbers of its own")))
    others = [
        (series, in_language(language, N_("Together with: %(services)s"), services=" · ".join(names)))
        for series, names in sharing.items()
        if series != own
    ]
    return [first, *others]
