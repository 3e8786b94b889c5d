"""The manager's page of opening hours: the week, closing, seasons, special days, hours of services."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from manager.guard import signed_in
from manager.hours_form import PARTS, Sent, Values, as_values
from server import setup
from server.errors import Refused
from server.opening import store, writing
from server.opening.calendar import DAYS
from server.opening.holidays import BY_THE_MOON, not_listed
from server.opening.writing import Opening
from server.web import identity, pages
from server.web.language import CITIZEN_LANGUAGES, LANGUAGES, calendar, in_language, reader_language

blueprint = Blueprint("hours", __name__, url_prefix="/hours")


PLAN_NEXT_YEAR_FROM = 11
"""The month from which the holidays of the coming year are offered."""


@blueprint.get("")
def edit() -> Response:
    """The hours as they are kept."""
    return _page(saved=request.args.get("saved"))


@blueprint.post("")
def save() -> Response:
    """Make one part's change, or show the page again with what is wrong beside its field."""
    who = signed_in()
    form = request.form
    if form.get("part") not in PARTS or not form.get("revision", "").isdecimal():
        abort(400)
    read, field = PARTS[form["part"]]
    if form["part"] == "service":
        with identity.unit().reading() as conn:
            setup.service(conn, form.get("service", ""))
    sent = Sent(form)
    change = read(sent)
    if not sent.faults:
        unit = identity.unit()
        seen, actor = int(form["revision"]), who.caller().id
        try:
            unit.writer.run(lambda conn: store.change(conn, unit.journal, actor, seen, change))
            return redirect(f"/manager/hours?saved={form['part']}#{form['part']}", 303)
        except store.EditedMeanwhile as refusal:
            sent.faults["revision"] = refusal
        except Refused as refusal:
            sent.faults[field] = refusal
    return _page(sent)


def _page(sent: Sent | None = None, saved: str | None = None) -> Response:
    lang = reader_language().code
    zone = identity.unit().settings.unit.zone
    with identity.unit().reading() as conn:
        opening, revision = store.opening(conn), store.revision(conn)
        services = [(one.id, setup.name_in(one.name, lang)) for one in setup.services(conn)]
    faults = {name: in_language(lang, fault.message, **fault.params) for name, fault in sent.faults.items()} if sent else {}
    return pages.page(
        "manager/hours.html",
        status=next((fault.status for fault in sent.faults.values()), 422) if sent else 200,
        who=signed_in(),
        opening=opening,
        calendar=opening.calendar,
        revision=revision,
        faults=faults,
        failed=sent.values["part"] if sent else None,
        saved=saved,
        days=list(zip(DAYS, calendar(lang)["days"], strict=True)),
        services=services,
        moon=[setup.name_in(names, lang) for names in BY_THE_MOON],
        citizens=CITIZEN_LANGUAGES,
        year=(today := _today(zone)).year + (today.month >= PLAN_NEXT_YEAR_FROM),
        today=today,
        not_listed=not_listed(opening.calendar, today) if opening.kept else [],
        written=lambda day: format_date(day, "EEE d MMMM y", locale=LANGUAGES[lang].locale),
        name_in=lambda names: setup.name_in(names, lang),
        day_text=writing.day_text,
        time_text=writing.time_text,
        values=_values(opening, sent, request.args, [id for id, _ in services]),
    )


def _today(zone: ZoneInfo) -> date:
    return datetime.now(UTC).astimezone(zone).date()


def _values(opening: Opening, sent: Sent | None, asked: Values, services: list[str]) -> dict[str, Any]:
    """By part, what its fields show: what was typed, else what is kept, else what was chosen to be edited."""
    found: dict[str, Any] = {
        "week": as_values(opening.calendar.week),
        "season": _season(opening, asked),
        "day": {},
        "service": _service(opening, asked) if asked.get("service") in services else {},
        "holidays": {},
        "closing": {
            "margin": str(opening.margin_min),
            "ends": "at" if opening.day_end_at is not None else "after" if opening.day_end_after_min is not None else "next-day",
            "ends-at": writing.time_text(opening.day_end_at) if opening.day_end_at is not None else "18:00",
            "ends-after": str(opening.day_end_after_min if opening.day_end_after_min is not None else 60),
        },
    }
    if sent is not None:
        found[sent.values["part"]] = sent.values
    return found


def _season(opening: Opening, asked: Values) -> dict[str, str]:
    place = asked.get("season", "")
    if not (place.isdecimal() and len(place) < 3 and int(place) < len(opening.calendar.seasons)):
        return as_values(opening.calendar.week)
    one = opening.calendar.seasons[int(place)]
    names = {f"name-{code}": name for code, name in one.name.items()}
    return {"place": place, "first": one.first.isoformat(), "last": one.last.isoformat(), **names, **as_values(one.week)}


def _service(opening: Opening, asked: Values) -> dict[str, str]:
    id = asked.get("service", "")
    own = opening.calendar.services.get(id)
    if own is None or own.always:
        kind = "always" if own else "hall"
        return {"service": id, "kind": kind, **as_values(opening.calendar.week)}
    return {"service": id, "kind": "own", **as_values(own.week or ())}
