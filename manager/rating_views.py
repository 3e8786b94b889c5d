"""The manager's page of ratings: by service, hour and reason, with the response rate; no clerk, no counter, no small group."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask import Blueprint, request
from werkzeug.wrappers import Response as AnyResponse

from manager.guard import signed_in
from server import setup
from server.alerts.store import alerts
from server.errors import Refused
from server.feedback.dips import dip
from server.feedback.overview import overview
from server.feedback.words import RATING_WORDS
from server.reports.period import chosen
from server.reports.small_groups import FEWEST
from server.web import identity, pages
from server.web.language import in_language, reader_language, written_date

blueprint = Blueprint("ratings", __name__, url_prefix="/ratings")

USUAL_DAYS = 28


@blueprint.get("")
def page() -> AnyResponse:
    """`?from&to` are local days; the last four weeks when left out."""
    unit = identity.unit()
    zone, lang = unit.settings.unit.zone, reader_language().code
    with unit.reading() as conn:
        today = date.fromisoformat(setup.service_day(conn, unit.now().at, zone))
        fault, first, last = _period(today, lang)
        found, fell = (
            overview(conn, first, last, zone),
            dip(conn, unit.now().at, told=any(one.alert.kind == "ratings_fell" for one in alerts(conn))),
        )
        days = setup.rating_days(conn)
        names = {one.id: setup.name_in(one.name, lang) for one in setup.services(conn)}
        for one in found.services:
            if one.key not in names:
                names[str(one.key)] = setup.name_in(setup.service(conn, str(one.key)).name, lang)
    return pages.page(
        "manager/ratings.html", who=signed_in(), found=found, fell=fell, days=days, names=names, first=first, last=last,
        fault=fault, fewest=FEWEST,
        whole=lambda _: f"{_written(first, lang)} – {_written(last, lang)}",
        named=lambda key: names[key], houred=lambda key: f"{key:02d}:00",
        reason_words={word: in_language(lang, text) for word, text in RATING_WORDS.items()},
    )  # fmt: skip


def _written(day: str, lang: str) -> str:
    """A local day in words."""
    return written_date(datetime.fromisoformat(f"{day}T12:00:00Z"), lang, "UTC")


def _period(today: date, lang: str) -> tuple[str | None, str, str]:
    """A sentence when the dates make no period, and the first and last day."""
    usual = (today - timedelta(days=USUAL_DAYS - 1)).isoformat(), today.isoformat()
    first, last = request.args.get("from"), request.args.get("to")
    if not first and not last:
        return None, *usual
    try:
        period = chosen(today, first or None, last or None, None)
    except Refused as error:
        return in_language(lang, error.message, **error.params), *usual
    return None, period.first.isoformat(), period.last.isoformat()
