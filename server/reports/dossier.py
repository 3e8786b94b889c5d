"""The report that a director signs: the figures of the period as several views of it, one after another."""

from __future__ import annotations

from dataclasses import replace

from server.errors import N_
from server.reports.request import Request
from server.web.language import in_language

VIEWS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (N_("Wait times by service"), "wait-times", ("service",)),
    (N_("Wait times by hour"), "wait-times", ("hour",)),
    (N_("Wait times by day"), "wait-times", ("day",)),
    (N_("Weekdays and hours"), "wait-times", ("weekday", "hour")),
    (N_("Times at the counter by service"), "service-times", ("service",)),
    (N_("Counters' time"), "counters", ("counter",)),
    (N_("Calls out of order, by reason"), "out-of-order", ("reason",)),
    (N_("Ratings by service"), "ratings", ("service",)),
    (N_("Estimated waits by service"), "estimate-errors", ("service",)),
    (N_("Estimated waits by people ahead"), "estimate-errors", ("people_ahead",)),
)
LONG_DAYS = 62
"""A period longer than two months is shown by month instead of by day."""


def complete(request: Request, language: str) -> list[tuple[str, Request]]:
    """The views of a whole report, each with its title; the first is compared with the period before."""
    wanted: list[tuple[str, Request]] = []
    for title, kind, by in VIEWS:
        if by == ("day",) and request.period.days > LONG_DAYS:
            title, by = N_("Wait times by month"), ("month",)
        if by == ("day",) and request.period.days == 1:
            continue
        one = replace(request, kind=kind, by=by, compared=request.compared and not wanted)
        wanted.append((in_language(language, title), one))
    return wanted
