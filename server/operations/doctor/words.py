"""Names and messages: there in every language, and of letters that can be printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from printers.text import describe, missing_characters, words_of
from server import setup
from server.errors import N_
from server.information import information
from server.operations.doctor.findings import Called, Finding
from server.printing.slips import all_examples
from server.settings import Settings
from server.setup.slip import choices
from server.web.language import CITIZEN_LANGUAGES


def look(conn: Any, settings: Settings) -> Iterator[Finding]:
    """The set-up's texts."""
    yield from _letters(conn, settings)
    yield from _translations(conn)


def _letters(conn: Any, settings: Settings) -> Iterator[Finding]:
    """Characters that no font of ours has come out as a box on tickets."""
    texts = [text for slip in all_examples(conn, settings) for text in words_of(slip)]
    texts += [text for message in setup.messages(conn) for text in message.values()]
    missing = missing_characters([*texts, *choices(conn).footer.values()])
    for character in missing:
        yield Finding(
            "warning",
            N_("No font has %(character)s: it is printed as a box."),
            N_("Write the name without it."),
            {"character": describe(character)},
        )
    if not missing:
        yield Finding("good", N_("Every letter of names and messages can be printed."))


def _translations(conn: Any) -> Iterator[Finding]:
    services = setup.services(conn)
    named = [(Called(one.id, (one.name,)), one.name) for one in services]
    named += [
        (Called(f"{one.id}, document {n}", (one.name, text)), text)
        for one in services
        for n, text in enumerate(one.documents, start=1)
    ]
    titles = {one.id: one.name for one in services}
    named += [
        (Called(f"{id}, {text}", (titles.get(id, {}), names)), names)
        for id, told in information(conn).items()
        for text, names in asdict(told).items()
        if names
    ]
    named += [(Called(id, (names,)), names) for id, names in setup.priorities(conn).items()]
    named += [(Called(str(number), (text,)), text) for number, text in enumerate(setup.messages(conn), start=1)]
    lacking = [(what, code) for what, names in named for code in CITIZEN_LANGUAGES if not names.get(code)]
    for what, code in lacking:
        yield Finding(
            "warning",
            N_("“%(what)s” has no text in %(language)s; Arabic or French is shown."),
            N_("Add it on the manager's screen."),
            {"what": what, "language": code},
        )
    if not lacking:
        yield Finding("good", N_("Names and messages are there in every language."))
