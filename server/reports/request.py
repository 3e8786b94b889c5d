"""What can be asked of a report and what it answers; nothing here counts, so that the server holds no counting library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from server import setup
from server.errors import N_, Refused, UnknownService
from server.reports.counting.source import KEYS, OF_THE_DAY
from server.reports.period import Period

REPORTS: Mapping[str, str] = {
    "wait-times": N_("Wait times"),
    "service-times": N_("Times at the counter"),
    "counters": N_("Counters' time"),
    "out-of-order": N_("Calls out of order"),
    "ratings": N_("Ratings"),
    "estimate-errors": N_("Estimated waits and what came true"),
}
"""The reports there are, by name; their figures are in `figures.registry`."""
KEY_WORDS = {
    "service": N_("Service"),
    "counter": N_("Counter"),
    "clerk": N_("Clerk"),
    "hour": N_("Hour"),
    "language": N_("Language"),
    "priority": N_("Priority"),
    "day": N_("Day"),
    "weekday": N_("Weekday"),
    "week": N_("Week"),
    "month": N_("Month"),
    "reason": N_("Reason"),
    "people_ahead": N_("People ahead"),
}
Row = dict[str, Any]
BY = (*KEYS, *OF_THE_DAY, "reason", "people_ahead")
"""What a report can be split by; two at once at most. `reason` is that of calls out of order, `people_ahead` that of estimates."""
CLERK_CHOICE = "clerk_figures"


class BadGrouping(Refused):
    status, slug = 422, "bad-grouping"
    message = N_("A report is split by one or two of: %(keys)s.")


class UnknownReport(Refused):
    status, slug = 404, "unknown-report"
    message = N_("There is no report “%(report)s”.")


class ClerksNotShown(Refused):
    status, slug = 403, "clerks-not-shown"
    message = N_("Figures of single clerks are switched off in this unit.")


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: the report, its period, what it is split by, only some services (all when empty), compared or not."""

    kind: str
    period: Period
    by: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    compared: bool = False

    def __post_init__(self) -> None:
        if self.kind not in REPORTS:
            raise UnknownReport(report=self.kind)
        if len(self.by) > 2 or len(set(self.by)) < len(self.by) or not set(self.by) <= set(BY):
            raise BadGrouping(keys=", ".join(BY))


@dataclass(frozen=True, slots=True)
class Report:
    """Rows ordered by their keys (`request.by`), each with the kind's figures; all cases together; the period before."""

    request: Request
    rows: list[Row]
    total: Row
    before: Row | None = None


def keys(text: str) -> tuple[str, ...]:
    """The keys of `service,hour`; raises BadGrouping by the request that is made of them."""
    return tuple(part for part in text.split(",") if part)


def look_for(conn: Any, services: Sequence[str]) -> None:
    """Raises UnknownService for one that the unit never had; what was removed keeps its figures."""
    known = {id for (id,) in conn.execute("SELECT id FROM services")}
    for one in services:
        if one not in known:
            raise UnknownService(service=one)


def permit_clerks(conn: Any, by: Sequence[str]) -> None:
    """Raises ClerksNotShown when single clerks are asked for and the unit does not show them."""
    if "clerk" in by and not setup.choice(conn, CLERK_CHOICE, False):
        raise ClerksNotShown
