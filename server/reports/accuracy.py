"""How true the estimated waits of a period were, as the API and the manager's page tell it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from server import setup
from server.errors import N_
from server.estimates.figures import Accuracy, accuracy
from server.reports.counting.source import service_day
from server.reports.period import Period, chosen
from server.reports.writing.cells import harmless
from server.unit import Unit

COLUMNS = ("service", "people_ahead", "cases", "mean_error", "median_error", "bias", "coverage")
WHY_SILENT = {
    "missed": N_("Its ranges missed too often of late; it is heard again once they hit."),
    "no-counter": N_("No open counter serves it."),
    "little-evidence": N_("Too few calls yet to say anything."),
    "failed": N_("An estimate could not be made; the server's log says why."),
}


@dataclass(frozen=True, slots=True)
class Estimates:
    """The figures of a period, and by service why it shows no estimate now (a key of WHY_SILENT, None: it does)."""

    period: Period
    rows: Sequence[Accuracy]
    silent: dict[str, str | None]

    def as_json(self) -> dict[str, Any]:
        return {
            "first": self.period.first.isoformat(),
            "last": self.period.last.isoformat(),
            "rows": [_rounded(row) for row in self.rows],
            "silent": [{"service": service, "why": why} for service, why in self.silent.items() if why],
        }

    def as_csv(self) -> str:
        """RFC 4180; seconds, `coverage` from 0 to 1; an empty cell means all of them."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        for row in map(_rounded, self.rows):
            writer.writerow("" if row[name] is None else harmless(row[name]) for name in COLUMNS)
        return out.getvalue()


def estimates(unit: Unit, first: str | None, last: str | None, name: str | None = None) -> Estimates:
    """Of the promises made on these service days (today when nothing is said); raises BadPeriod."""
    zone, now = unit.settings.unit.zone, unit.now()
    with unit.reading() as conn:
        period = chosen(date.fromisoformat(setup.service_day(conn, now.at, zone)), first, last, name)
        begins = service_day(conn, period.first.isoformat(), zone).start
        ends = service_day(conn, period.last.isoformat(), zone).end
        silent = {one.id: unit.estimates.why_silent(conn, now, one.id) for one in setup.services(conn)}
        return Estimates(period, accuracy(conn, begins, ends), silent)


def _rounded(row: Accuracy) -> dict[str, Any]:
    told = asdict(row)
    return {
        **told,
        **{name: round(told[name]) for name in ("mean_error", "median_error", "bias")},
        "coverage": round(row.coverage, 4),
    }
