"""The names of the set-up's sections and fields, and how a value is written for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from manager.setup.fields import FIELDS
from server.errors import N_
from server.web.language import in_language

SECTIONS: Mapping[str, tuple[str, str]] = {
    "services": (N_("Services"), N_("What citizens come for: names, letter, numbers, documents.")),
    "work_profiles": (N_("Work profiles"), N_("What a counter serves, and in which order.")),
    "counters": (N_("Counters"), N_("Their numbers, and by which work profile each works.")),
    "kiosks": (N_("Kiosks"), N_("Which services each kiosk offers.")),
    "displays": (N_("Hall displays"), N_("Which counters and services each display shows.")),
    "messages": (N_("Notices"), N_("Sentences at the foot of the hall's screens.")),
    "priorities": (N_("Priorities"), N_("Who goes before others, and why.")),
    "calling": (N_("Calling rules"), N_("How long anyone may wait, and how often preference counts.")),
    "numbers": (N_("Numbers of a day"), N_("When numbers begin anew.")),
    "pause_reasons": (N_("Reasons for a pause"), N_("What a clerk chooses from when pausing.")),
    "park_reasons": (N_("Reasons to put aside"), N_("What a clerk chooses from when something is missing.")),
    "outcomes": (N_("Outcomes"), N_("What a clerk chooses from when a visit ends.")),
}
"""The sections as the overview shows them: name and what it is."""

OTHERS = {"person": N_("People"), "device": N_("Devices"), "ticket": N_("What a ticket says"), "hours": N_("Opening hours")}
"""What else the list of changes tells of."""

ADD = {
    "services": N_("Add a service"),
    "work_profiles": N_("Add a work profile"),
    "counters": N_("Add a counter"),
    "messages": N_("Add a notice"),
    "priorities": N_("Add a priority"),
    "pause_reasons": N_("Add a reason"),
    "park_reasons": N_("Add a reason"),
    "outcomes": N_("Add an outcome"),
}

LABELS = {field.name: field.label for fields in FIELDS.values() for field in fields}
MORE_LABELS = {
    "layout": N_("Parts of the ticket"),
    "footer": N_("Text at the end"),
    "logo": N_("Logo"),
    "order": N_("Order"),
    "role": N_("Role"),
    "login": N_("Login"),
}


def section_name(section: str, language: str) -> str:
    """What a section is called; one that is not known here by its own word."""
    name = SECTIONS[section][0] if section in SECTIONS else OTHERS.get(section)
    return in_language(language, name) if name else section


def label(section: str, field: str, language: str) -> str:
    """What a field of a section is called."""
    own = {one.name: one.label for one in FIELDS.get(section, ())}
    name = own.get(field) or LABELS.get(field) or MORE_LABELS.get(field)
    return in_language(language, name) if name else field


def written(value: Any, language: str, names: Mapping[str, str]) -> str:
    """A value as people read it; `names` writes ids of services and work profiles by their name."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return in_language(language, N_("yes") if value else N_("no"))
    if isinstance(value, dict):
        parts = [f"{names.get(str(key), key)}: {written(one, language, names)}" for key, one in value.items()]
        return " · ".join(parts) or "–"
    if isinstance(value, list):
        return " ; ".join(written(one, language, names) for one in value) or "–"
    return names.get(str(value), str(value)) if isinstance(value, str) else str(value)
