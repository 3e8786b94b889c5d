"""The names of the set-up's sections and fields, and how a value is written for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from manager.setup.fields import FIELDS
from manager.slip_form import PARTS
from server.errors import N_
from server.opening.calendar import DAYS
from server.web.language import LANGUAGES, calendar, in_language

SECTIONS: Mapping[str, tuple[str, str]] = {
    "services": (N_("Services"), N_("What citizens come for: names, letter, numbers, documents.")),
    "work_profiles": (N_("Work profiles"), N_("What a counter serves, and in which order.")),
    "counters": (N_("Counters"), N_("Their numbers, and by which work profile each works.")),
    "kiosks": (N_("Kiosks"), N_("Which services each kiosk offers.")),
    "displays": (N_("Hall displays"), N_("Which counters and services each display shows.")),
    "messages": (N_("Notices"), N_("Sentences at the foot of the hall's screens.")),
    "priorities": (N_("Priorities"), N_("Who goes before others, and why.")),
    "calling": (N_("Calling rules"), N_("How long anyone may wait, and how often preference counts.")),
    "estimates": (N_("Estimated wait"), N_("From when on it learns from past waits.")),
    "numbers": (N_("Numbers of a day"), N_("When numbers begin anew.")),
    "ratings": (N_("Ratings"), N_("For how long after a visit it can be rated.")),
    "alerts": (N_("Alerts"), N_("From when on the live hall tells of what goes wrong.")),
    "pause_reasons": (N_("Reasons for a pause"), N_("What a clerk chooses from when pausing.")),
    "park_reasons": (N_("Reasons to put aside"), N_("What a clerk chooses from when something is missing.")),
    "outcomes": (N_("Outcomes"), N_("What a clerk chooses from when a visit ends.")),
}
"""The sections as the overview shows them: name and what it is."""

OTHERS = {
    "person": N_("People"),
    "people": N_("People of a set-up file"),
    "device": N_("Devices"),
    "held counter": N_("Counters that a manager released"),
    "ticket": N_("What a ticket says"),
    "hours": N_("Opening hours"),
    "voice": N_("Voice"),
    "readings": N_("Displays"),
    "reports": N_("Settings of reports"),
    "portal delivery": N_("Sent to the portal again"),
    "media": N_("Media"),
}
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
    "password": N_("Password"),
    "pin": N_("PIN"),
    "has_pin": N_("Has a PIN"),
    "sessions": N_("Sessions"),
    "lock_out": N_("Waiting time after wrong attempts"),
    "languages": N_("Languages"),
    "state": N_("State"),
    "error": N_("What is wrong"),
    "data": N_("What is sent"),
    "recording": N_("Recording"),
    "visitor_first": N_("First in the language of the visitor’s ticket"),
    "repeats": N_("How often each call is said"),
    "volume": N_("How loud, by the hour"),
    "distance_m": N_("Farthest seat, in metres"),
    "diagonal_in": N_("Diagonal of the screen, in inches"),
    "clerk_figures": N_("Managers may see figures of single clerks"),
    "keep_rows_days": N_("Days that single visits are kept"),
    "kept": N_("The kiosk keeps to the opening hours"),
    "week": N_("The week"),
    "seasons": N_("Seasons"),
    "days": N_("Special days"),
    "turn_away": N_("No more tickets when who waits fills the time until closing"),
    "day_end": N_("The day ends"),
    "active": N_("Switched on"),
    "file": N_("File"),
    "seconds": N_("Seconds"),
    "since": N_("From hour"),
    "until": N_("Until hour"),
    "displays": N_("Displays"),
    "texts": N_("Texts"),
    "results": N_("Last month’s results"),
    "clerk": N_("Clerk"),
    "visitor": N_("Visitor"),
}
"""Fields of what has pages of its own."""
OWN_LABELS = {("hours", "services"): N_("Hours of a service")}
"""Fields that are called otherwise than elsewhere."""
THINGS = {("media", "results"): N_("Last month’s results")}
"""Things without a name of their own: section and id."""
WITHIN = {
    **PARTS,
    "since": N_("From"),
    "level": N_("How loud"),
    "on": N_("Switched on"),
    "margin_minutes": N_("Minutes to spare before closing"),
    "priorities_always": N_("Visitors with a priority still get a ticket"),
    "at": N_("At"),
    "minutes_after_closing": N_("Minutes after closing"),
    "first": N_("First day"),
    "last": N_("Last day"),
    "name": N_("Name"),
    "week": N_("The week"),
    "day": N_("Day"),
    "hours": N_("Hours"),
    "always": N_("Open day and night"),
    "order": N_("Order"),
    "text": N_("Text"),
    "displays": N_("Displays"),
    "begins": N_("From day"),
    "ends": N_("Until day"),
    "until": N_("Until hour"),
    "seconds": N_("Seconds"),
}
"""What stands before the values within a field."""
WORDS: Mapping[str, Mapping[str, str]] = {
    "role": {
        "clerk": N_("Clerk"), "manager": N_("Manager"), "administrator": N_("Administrator"),
        "kiosk": N_("Kiosk"), "display": N_("Hall display"), "counter": N_("Counter"),
        "tablet": N_("Rating tablet"),
    },
    "put_back": {
        "after": N_("after some others"), "place": N_("at the place of the first arrival"), "end": N_("at the end of the queue"),
    },
    "state": {"pending": N_("Still to be sent"), "refused": N_("Refused by the portal"), "given_up": N_("Given up")},
    "recording": {"site": N_("The site’s own"), "packaged": N_("The one that comes with Istiqbal"), "missing": N_("None")},
    "password": {"new": N_("A new one")},
    "pin": {"new": N_("A new one")},
    "lock_out": {"ended": N_("Ended")},
}  # fmt: skip
"""Field → the words that it may hold."""
INSTALLERS = {"installer": N_("The installer (command line)")}
"""Who makes changes without having a name here."""


def author(name: str, language: str) -> str:
    """Who made a change as people read it: by name, and the installer in words."""
    return in_language(language, INSTALLERS[name]) if name in INSTALLERS else name


def counter_name(number: int, language: str) -> str:
    """What a counter is called."""
    return in_language(language, N_("Counter %(number)s"), number=number)


def section_name(section: str, language: str) -> str:
    """What a section is called; one that is not known here by its own word."""
    name = SECTIONS[section][0] if section in SECTIONS else OTHERS.get(section)
    return in_language(language, name) if name else section


def label(section: str, field: str, language: str) -> str:
    """What a field of a section is called."""
    own = {one.name: one.label for one in FIELDS.get(section, ())}
    name = own.get(field) or OWN_LABELS.get((section, field)) or LABELS.get(field) or MORE_LABELS.get(field)
    return in_language(language, name) if name else field


def said(field: str, value: Any, language: str, names: Mapping[str, str]) -> str:
    """A field's value as people read it; `names` writes ids of services and work profiles by their name."""
    word = WORDS.get(field, {}).get(value) if isinstance(value, str) else None
    return in_language(language, word) if word else written(value, language, names)


def written(value: Any, language: str, names: Mapping[str, str]) -> str:
    """A value as people read it, whatever its field."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return in_language(language, N_("yes") if value else N_("no"))
    if isinstance(value, dict):
        parts = [f"{_key(str(key), language, names)}: {_apart(written(one, language, names))}" for key, one in value.items()]
        return " · ".join(parts) or "–"
    if isinstance(value, list):
        return " ; ".join(_apart(written(one, language, names)) for one in value) or "–"
    return names.get(str(value), str(value)) if isinstance(value, str) else str(value)


def _apart(text: str) -> str:
    """In a direction of its own: hours, names of other scripts and what stands beside them keep their order in Arabic."""
    return f"\u2068{text}\u2069"


def _key(key: str, language: str, names: Mapping[str, str]) -> str:
    """What stands before a value: a language, a day of the week, a part, or whatever has this id."""
    if key in LANGUAGES:
        return LANGUAGES[key].name
    if key in DAYS:
        return str(calendar(language)["days"][DAYS.index(key)])
    return in_language(language, WITHIN[key]) if key in WITHIN else names.get(key, key)
