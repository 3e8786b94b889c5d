"""The forms of the set-up: which fields each section has, and how what was typed becomes data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from server.errors import N_
from server.web.language import CITIZEN_LANGUAGES

Typed = MultiDict[str, str]
SPARE_DOCUMENTS = 2
"""Empty lines below a service's documents, for more of them."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form: its name in the data, the macro that draws it (`kind`), what stands beside it."""

    name: str
    kind: str
    label: str
    hint: str = ""


def _names(typed: Typed, name: str) -> dict[str, str]:
    return {code: typed.get(f"{name}.{code}", "") for code in CITIZEN_LANGUAGES}


def _documents(typed: Typed, name: str) -> list[dict[str, str]]:
    rows = [_names(typed, f"{name}.{number}") for number in range(len(typed.getlist(f"{name}.row")))]
    return [row for row in rows if any(text.strip() for text in row.values())]


def number(typed: Typed, name: str) -> Any:
    """A whole number, or what was typed instead."""
    text = typed.get(name, "").strip()
    return int(text) if text.isascii() and text.isdecimal() else text


def _ids(typed: Typed, name: str) -> list[Any]:
    return typed.getlist(name)


def _numbers(typed: Typed, name: str) -> list[Any]:
    return [int(one) if one.isascii() and one.isdecimal() else one for one in typed.getlist(name)]


def _ranks(typed: Typed, name: str) -> dict[str, Any]:
    start = f"{name}."
    return {key.removeprefix(start): number(typed, key) for key in typed if key.startswith(start) and typed[key]}


READ: Mapping[str, Callable[[Typed, str], Any]] = {
    "names": _names,
    "long_names": _names,
    "title": _names,
    "documents": _documents,
    "number": number,
    "text": lambda typed, name: typed.get(name, ""),
    "prefix": lambda typed, name: typed.get(name, "").strip().upper(),
    "icon": lambda typed, name: typed.get(name, ""),
    "series": lambda typed, name: typed.get(name, ""),
    "time": lambda typed, name: typed.get(name, ""),
    "moment": lambda typed, name: typed.get(name) or None,
    "profile": lambda typed, name: typed.get(name) or None,
    "place": lambda typed, name: typed.get(name) or None,
    "switch": lambda typed, name: name in typed,
    "services": _ids,
    "counters": _numbers,
    "ranks": _ranks,
    "per_service": _ranks,
}
"""How each kind of field is read from what was typed."""


def read(fields: tuple[Field, ...], typed: Typed) -> dict[str, Any]:
    """The data of a filled-in form, not yet judged."""
    return {field.name: READ[field.kind](typed, field.name) for field in fields}


NAME = Field("name", "names", N_("Name"), N_("Arabic and French are needed; without the Amazigh name the Arabic one is shown."))

FIELDS: Mapping[str, tuple[Field, ...]] = {
    "services": (
        NAME,
        Field("prefix", "prefix", N_("Letter on the ticket"), N_("One or two Latin letters that no other service has.")),
        Field("icon", "icon", N_("Icon")),
        Field("target_minutes", "number", N_("A visitor should be called within (minutes)")),
        Field("sentence", "long_names", N_("What the service is for"), N_("One sentence; the kiosk shows it and reads it aloud.")),
        Field("fees", "long_names", N_("What it costs")),
        Field("delay", "long_names", N_("When the result is there")),
        Field("steps", "long_names", N_("How it goes")),
        Field("heading", "title", N_("Group at the kiosk"), N_("Services of one group stand together when there are many.")),
        Field("documents", "documents", N_("Documents to bring"), N_("Printed on the ticket and shown to the clerk.")),
        Field("open", "switch", N_("Gives tickets"), N_("Without it the kiosk shows the service as closed.")),
        Field("series", "series", N_("Numbers"), N_("Services can count their tickets together.")),
        Field("first", "number", N_("First number")),
        Field("last", "number", N_("Last number"), N_("After it the count begins anew, without numbers that are still held.")),
        Field("keeps_place", "switch", N_("Whoever is transferred here keeps the place of the first arrival")),
    ),
    "work_profiles": (
        NAME,
        Field("services", "ranks", N_("Services, in order"), N_("1 is called before 2; services of one rank are one queue.")),
    ),
    "counters": (
        Field("number", "number", N_("Number of the counter")),
        Field("profile", "profile", N_("Work profile")),
    ),
    "priorities": (NAME,),
    "messages": (
        Field("text", "long_names", N_("Notice"), N_("Shown at the foot of the hall's screens, one language after the other.")),
        Field("begins", "moment", N_("Shown from"), N_("At once when nothing is said.")),
        Field("ends", "moment", N_("Shown until"), N_("For good when nothing is said.")),
    ),
    "pause_reasons": (NAME,),
    "park_reasons": (NAME,),
    "outcomes": (NAME,),
    "calling": (
        Field(
            "cap_minutes",
            "number",
            N_("Wait from which on preference is held back (minutes)"),
            N_("While somebody has waited longer, counters that serve them call by preference only as often as told below."),
        ),
        Field(
            "prefer_one_in",
            "number",
            N_("Calls among which one may then go by preference"),
            N_("2 or more; 3 means one call in three."),
        ),
        Field(
            "early_minutes",
            "number",
            N_("How long before its time an appointment goes before others (minutes)"),
            N_("Until then who has it waits like everybody."),
        ),
        Field(
            "put_back",
            "place",
            N_("Who was absent or put aside comes back"),
            N_("Then the clerk puts the visitor back into the queue with one key."),
        ),
        Field("put_back_after", "number", N_("After so many others"), N_("Counts only for “after the next ones”.")),
        Field("auto_next", "switch", N_("A finished visit calls the next visitor by itself")),
    ),
    "numbers": (Field("day_starts", "time", N_("Numbers begin anew at"), N_("Local time; midnight is 00:00.")),),
    "estimates": (
        Field("after_waits", "number", N_("Waits to learn from before the past counts"), N_("Before, it goes by the queue alone.")),
    ),
    "ratings": (Field("rating_days", "number", N_("A visit can be rated for (days)"), N_("Counted from its end; 1 to 90.")),),
    "alerts": (
        Field("waiting", "number", N_("How many may wait in the hall (visitors)"), N_("0 means no limit.")),
        Field("waiting_for", "per_service", N_("How many may wait for a service (visitors)"), N_("Empty or 0 means no limit.")),
        Field(
            "past_target_minutes",
            "number",
            N_("How long a wait may go past the service’s target (minutes)"),
            N_("0 means an alert as soon as the target is passed."),
        ),
        Field("idle_seconds", "number", N_("How long a counter may be free while people it serves wait (seconds)")),
        Field("display_seconds", "number", N_("How long a display may be gone (seconds)")),
        Field("portal_hours", "number", N_("How long the portal may be silent (hours)")),
    ),
    "kiosks": (Field("services", "services", N_("Services that it offers"), N_("None ticked means all.")),),
    "displays": (
        Field("title", "title", N_("Title"), N_("For a hall with several rooms; may be left empty.")),
        Field("counters", "counters", N_("Counters that it shows"), N_("None ticked means all.")),
        Field("services", "services", N_("Services that it shows"), N_("None ticked means all.")),
    ),
}
"""Section → the fields of its form, in order."""
