"""What a ticket says, in the citizen's language: facts of the visit, words of the catalogs, choices of the manager."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from printers.slip import Slip
from server import setup
from server.errors import N_
from server.settings import Settings
from server.setup.slip import SlipChoices, choices
from server.web.language import CITIZEN_LANGUAGES, LANGUAGES, in_language, written_datetime
from server.web.waits import written_estimate

HALF = 8
"""Letters of a reference on one line of paper."""
KEEP = N_("Keep it: with it you see here, at any time, how far it is. Nobody can find it again for you.")


def slip_of(payload: Mapping[str, Any], service: setup.Service, settings: Settings, chosen: SlipChoices) -> Slip:
    """The slip of a print delivery's payload; the subtitle is the service in French, or in Arabic for French."""
    language = payload["language"]
    issued = datetime.fromtimestamp(payload["issued_at"] / 1000, UTC)
    address = settings.server.public_url
    return Slip(
        language=language,
        direction=LANGUAGES[language].direction,
        unit=setup.name_in(settings.unit.name, language),
        number=payload["ticket"],
        service=setup.name_in(service.name, language),
        subtitle=setup.name_in(service.name, "ar" if language == "fr" else "fr"),
        issued=written_datetime(issued, language, settings.unit.timezone),
        facts=_facts(payload, language),
        documents_title=in_language(language, N_("Bring with you")),
        documents=tuple(setup.name_in(document, language) for document in service.documents),
        qr=f"{address}/t/{payload['visit']}" if address else None,
        qr_text=in_language(language, N_("Follow your turn on your phone")) if address else None,
        help_line=in_language(language, N_("Help and complaints: 3737")),
        footer=setup.name_in(chosen.footer, language) or None,
        duplicate=_mark(payload, language),
        logo=chosen.logo,
        layout=chosen.layout,
    )


def _mark(payload: Mapping[str, Any], language: str) -> str | None:
    """What keeps a slip from being taken for a ticket of its own."""
    if payload.get("test"):
        return in_language(language, N_("TEST, NOT A TICKET"))
    return in_language(language, N_("DUPLICATE")) if payload.get("duplicate") else None


def reference_slip(payload: Mapping[str, Any], settings: Settings, chosen: SlipChoices) -> Slip:
    """The slip of a submission's reference, with the code of its page where phones reach this server."""
    language, reference = payload["language"], payload["reference"]
    issued = datetime.fromtimestamp(payload["issued_at"] / 1000, UTC)
    address = settings.server.public_url
    return Slip(
        language=language,
        direction=LANGUAGES[language].direction,
        unit=setup.name_in(settings.unit.name, language),
        number="\n".join(map(grouped, (reference[:HALF], reference[HALF:]))),
        service=in_language(language, N_("Your reference")),
        issued=written_datetime(issued, language, settings.unit.timezone),
        qr=f"{address}/s/{reference}" if address else None,
        qr_text=in_language(language, N_("See how far it is")) if address else None,
        help_line=in_language(language, N_("Help and complaints: 3737")),
        footer=in_language(language, KEEP),
        logo=chosen.logo,
    )


def grouped(reference: str) -> str:
    """A reference in groups of four, to be read out and compared."""
    return " ".join(reference[at : at + 4] for at in range(0, len(reference), 4))


def _facts(payload: Mapping[str, Any], language: str) -> tuple[tuple[str, str], ...]:
    """The appointment or that there is a priority, people ahead, and the estimated wait with its range, each when it is known.

    Which priority it is stays off the paper: a stranger who finds it need not know who is ill or pregnant.
    """
    facts = []
    if appointment := payload.get("appointment"):
        facts.append((_label(N_("Appointment"), language), appointment))
    elif payload.get("priority"):
        facts.append((in_language(language, N_("Ticket with priority")), ""))
    if (ahead := payload.get("people_ahead")) is not None:
        facts.append((_label(N_("People before you"), language), str(ahead)))
    if estimate := payload.get("estimated_wait"):
        facts.append((_label(N_("Estimated wait"), language), written_estimate(estimate, language)))
    return tuple(facts)


def _label(message: str, language: str) -> str:
    """What stands before a value, with its colon as the language sets it."""
    return in_language(language, message) + ("\N{NO-BREAK SPACE}:" if language == "fr" else ":")


def example(service: setup.Service, language: str, at: int) -> dict[str, Any]:
    """The payload of a ticket that nobody took, for previews and test prints."""
    return {
        "visit": "a" * 26,
        "ticket": setup.ticket(service.prefix, 42),
        "service": service.id,
        "language": language,
        "people_ahead": 7,
        "issued_at": at,
    }


def all_examples(conn: Any, settings: Settings) -> tuple[Slip, ...]:
    """A ticket of every service in every language of citizens: whatever stands on all of them is worth storing."""
    chosen = choices(conn)
    return tuple(
        slip_of(example(service, language, 0), service, settings, chosen)
        for service in setup.services(conn)
        for language in CITIZEN_LANGUAGES
    )
