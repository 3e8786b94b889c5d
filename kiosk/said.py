"""What the kiosk says by its address: its own words, the names and texts of its services, numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from kiosk.hours import Lines, hours_of_hall, hours_of_service
from kiosk.words import WORDS
from server import setup
from server.information import TEXTS, information_of
from server.web.language import LANGUAGES, in_language

TICKET = re.compile(r"^[A-Z]{1,3}[0-9]{1,4}$")
NUMBER = re.compile(r"^[0-9]{1,4}$")


def said(conn: Any, lang: str, what: str, today: date) -> str | None:
    """The text of `word/KEY`, `service/ID/TEXT`, `priority/ID`, `hall/hours`, `ticket/A042` or `number/7` in a language.

    TEXT is `name`, one of information.TEXTS, `hours` (of the seven days from `today` on), or `document-N`. A ticket is spelled,
    so that each letter and digit is heard. None when there is no such text.
    """
    kind, _, rest = what.partition("/")
    if rest.endswith("hours") and lang in LANGUAGES and (hours := _hours(conn, what, today)) is not None:
        return ". ".join(hours.get(lang, [])) or None
    say = _SAY.get(kind)
    return (say(conn, lang, rest) or None) if say and lang in LANGUAGES else None


def _word(conn: Any, lang: str, key: str) -> str | None:
    return in_language(lang, WORDS[key]).replace("%(ticket)s", "") if key in WORDS else None


def _service(conn: Any, lang: str, rest: str) -> str | None:
    id, _, text = rest.partition("/")
    service = next((one for one in setup.services(conn) if one.id == id), None)
    if service is None:
        return None
    if text == "name":
        return setup.name_in(service.name, lang)
    if text in TEXTS:
        return setup.name_in(getattr(information_of(conn, id), text), lang)
    documents = {f"document-{number}": document for number, document in enumerate(service.documents)}
    return setup.name_in(documents.get(text, {}), lang)


def _hours(conn: Any, what: str, today: date) -> Lines | None:
    """The hours that `hall/hours` or `service/ID/hours` means; None for anything else."""
    if what == "hall/hours":
        return hours_of_hall(conn, today)
    kind, _, rest = what.partition("/")
    return hours_of_service(conn, rest.removesuffix("/hours"), today) if kind == "service" and rest.endswith("/hours") else None


def _priority(conn: Any, lang: str, id: str) -> str | None:
    return setup.name_in(setup.priorities(conn).get(id, {}), lang)


def _ticket(conn: Any, lang: str, ticket: str) -> str | None:
    return ", ".join(ticket) if TICKET.match(ticket) else None


def _number(conn: Any, lang: str, number: str) -> str | None:
    return number if NUMBER.match(number) else None


_SAY: dict[str, Callable[[Any, str, str], str | None]] = {
    "word": _word,
    "service": _service,
    "priority": _priority,
    "ticket": _ticket,
    "number": _number,
}
