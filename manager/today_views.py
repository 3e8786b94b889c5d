"""What happened on a service day, from the journal: one page to read when somebody asks “what was that this morning?”."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response as AnyResponse

from manager.setup.words import author, section_name
from manager.today_words import GROUPS, WORDS
from manager.words import WORDS as HALL_WORDS
from server import setup
from server.diary import Entry, entries
from server.reports.counting.source import service_day
from server.revisions import EVENT as SETUP_CHANGED
from server.web import identity, pages
from server.web.language import in_language, reader_language, written_date, written_time

blueprint = Blueprint("today", __name__, url_prefix="/today")
SHOWN = 100
LONGEST_FILTER = 12


@blueprint.get("")
def today() -> AnyResponse:
    """Newest first; filtered by a group of events and by a ticket, a page at a time."""
    who = identity.permitted("manage")
    unit, language = identity.unit(), reader_language().code
    group = request.args.get("what", "")
    group = group if group in GROUPS else ""
    ticket = request.args.get("ticket", "").strip().upper()[:LONGEST_FILTER]
    before = request.args.get("before", "")
    older = int(before) if before.isascii() and before.isdecimal() and len(before) < 18 else None
    types = GROUPS[group][1] if group else ()
    with unit.reading() as conn:
        zone = unit.settings.unit.zone
        day = _day(request.args.get("day", "")) or setup.service_day(conn, unit.now().at, zone)
        bounds = service_day(conn, day, zone)
        found = entries(conn, (bounds.start, bounds.end), types, ticket, older, SHOWN + 1)
        services = {one.id: setup.name_in(one.name, language) for one in setup.services(conn)}
    start = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC).replace(hour=12)
    return pages.page(
        "manager/today.html",
        who=who,
        entries=[_told(one, language, services) for one in found[:SHOWN]],
        older=found[SHOWN - 1].seq if len(found) > SHOWN else None,
        chosen={"day": day, "what": group, "ticket": ticket},
        day_text=written_date(start, language, unit.settings.unit.timezone),
        groups=[(key, in_language(language, name)) for key, (name, _) in GROUPS.items()],
    )


def _told(entry: Entry, language: str, services: dict[str, str]) -> dict[str, Any]:
    """An event as people read it: when, what, of which ticket, where, by whom."""
    moment = datetime.fromtimestamp(entry.at / 1000, UTC)
    return {
        "at": written_time(moment, language, identity.unit().settings.unit.timezone),
        "what": in_language(language, WORDS.get(entry.type, entry.type)),
        "ticket": entry.ticket or "",
        "counter": entry.counter or "",
        "about": _about(entry, language, services),
        "by": author(entry.by, language),
    }


def _about(entry: Entry, language: str, services: dict[str, str]) -> str:
    """What an event concerns: a service, a printer, a section of the set-up, what an alert says."""
    data = entry.data
    if entry.type == SETUP_CHANGED:
        return section_name(str(data["what"]), language)
    if entry.type.startswith("alert_"):
        return _alert(data, language, services)
    return services.get(str(data.get("service", "")), "") or str(data.get("printer") or "")


def _alert(data: Mapping[str, Any], language: str, services: dict[str, str]) -> str:
    """The sentence of an alert, as the live hall shows it (static/alerts.js)."""
    if data["kind"] == "printer":
        return in_language(language, HALL_WORDS[f"told_{data['params']['state']}"], printer=data["subject"])
    subject = services.get(data["subject"], data["subject"])
    return in_language(language, HALL_WORDS[f"alert_{data['kind']}"], **{**data["params"], "subject": subject})


def _day(text: str) -> str | None:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None
