"""The hall's results of last month, for displays: visitors served, median wait, share called within the target.

They are counted beside the server when the manager switched them on, once a day, and kept, so that no snapshot waits for them.
"""

from __future__ import annotations

from datetime import date
from math import floor
from typing import Any

from server import setup
from server.clock import Moment, local_day
from server.errors import N_
from server.journal import Journal
from server.periodic import Periodic
from server.reports import asking
from server.revisions import note_change
from server.setup.media import WHAT, results_switched_on, switch_results
from server.unit import Unit
from server.web.language import CITIZEN_LANGUAGES, calendar, in_language, written_for_all, written_number, written_share

KEPT = "results_of_last_month"
ENOUGH = 100
"""Cases below which a median or a share says little; then nothing is shown."""
CHECK_EVERY_S = 60.0
REPORT = "wait-times"

MONTH = N_("Our hall in %(month)s")
SERVED = N_("visitors served")
MEDIAN = N_("wait in minutes: half of the visitors waited less")
"""Beside a number, so it has no plural forms: a wait of 1, 2, 5 and 11 is told alike."""
SHARE = N_("were called within the promised time")


def show_results(conn: Any, journal: Journal, actor: str, on: bool) -> None:
    """Switch them on or off. Inside a transaction of the writer."""
    before = results_switched_on(conn)
    if before != on:
        switch_results(conn, on)
        note_change(conn, journal, actor, WHAT, "results", {"active": before}, {"active": on})


def count(unit: Unit) -> None:
    """Count last month anew when that is wanted and was not done today; displays follow by the journal."""
    now = unit.now()
    today = local_day(now.at, unit.settings.unit.zone)
    with unit.reading() as conn:
        if not results_switched_on(conn) or (setup.choice(conn, KEPT, None) or {}).get("counted_on") == today:
            return
    report = asking.report(unit, asking.request(unit, REPORT, None, None, "", name="last-month"))
    total = report.total
    found = {
        "counted_on": today,
        "month": report.request.period.first.isoformat(),
        "served": total["served"],
        "wait_s": total["wait_median"] if (total["waits"] or 0) >= ENOUGH else None,
        "share": total["service_level"] if (total["service_level_cases"] or 0) >= ENOUGH else None,
    }

    def command(conn: Any) -> None:
        setup.choose(conn, KEPT, found)
        unit.journal.append(conn, "results_counted", {"month": found["month"]}, actor="unit", moment=now)

    unit.writer.run(command)


def counting(unit: Unit) -> Periodic:
    """The worker that does so while the server runs."""
    return Periodic("results", lambda: count(unit), CHECK_EVERY_S)


def results(conn: Any, now: Moment, unit: Unit) -> dict[str, dict[str, Any]] | None:
    """By language `{title, figures: [{figure, common, words}]}`, None when they are switched off, old, or there are too few cases.

    `figure` is written as that language does, `common` for a place where one figure stands beside the words of all languages.
    """
    kept = setup.choice(conn, KEPT, None)
    if not kept or not results_switched_on(conn) or (kept["served"] or 0) < ENOUGH:
        return None
    today = date.fromisoformat(local_day(now.at, unit.settings.unit.zone))
    month = date.fromisoformat(kept["month"])
    if (today.year * 12 + today.month) - (month.year * 12 + month.month) != 1:
        return None
    return {lang: _written(kept, month, lang) for lang in CITIZEN_LANGUAGES}


def _written(kept: dict[str, Any], month: date, lang: str) -> dict[str, Any]:
    figures = [(written_number(kept["served"], lang), written_for_all(kept["served"]), SERVED)]
    if kept["wait_s"] is not None:
        minutes = max(1, round(kept["wait_s"] / 60))
        figures.append((written_number(minutes, lang), written_for_all(minutes), MEDIAN))
    if kept["share"] is not None:
        per_cent = floor(round(kept["share"] * 100, 2))  # never more than it was; 0.29 * 100 alone is a little less than 29
        share = written_share(per_cent / 100, lang)
        figures.append((share, share, SHARE))
    written_month = f"{calendar(lang)['months'][month.month - 1]} {month.year}"
    return {
        "title": in_language(lang, MONTH, month=written_month),
        "figures": [{"figure": figure, "common": common, "words": in_language(lang, words)} for figure, common, words in figures],
    }
