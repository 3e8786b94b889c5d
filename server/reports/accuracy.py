"""How true the estimated waits of a period were, as the API and the manager's page tell it: by service and people ahead."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from server import setup
from server.errors import N_
from server.reports import asking
from server.reports.counting.promises import BANDS
from server.reports.period import Period
from server.reports.request import Row
from server.reports.writing.cells import harmless
from server.unit import Unit

KIND = "estimate-errors"
COLUMNS = ("service", "people_ahead", "cases", "mean_error", "median_error", "bias", "coverage")
WHY_SILENT = {
    "missed": N_("Its ranges missed too often of late; it is heard again once they hit."),
    "no-counter": N_("No open counter serves it."),
    "little-evidence": N_("Too few calls yet to say anything."),
    "failed": N_("An estimate could not be made; the server's log says why."),
}


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Seconds over `cases`; `bias` is the mean of told − actual, `coverage` the share of waits within the range that was told."""

    service: str | None
    people_ahead: str | None
    cases: int
    mean_error: int
    median_error: int
    bias: int
    coverage: float


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
            "rows": [asdict(row) for row in self.rows],
            "silent": [{"service": service, "why": why} for service, why in self.silent.items() if why],
        }

    def as_csv(self) -> str:
        """RFC 4180; seconds, `coverage` from 0 to 1; an empty cell means all of them."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        for row in map(asdict, self.rows):
            writer.writerow("" if row[name] is None else harmless(row[name]) for name in COLUMNS)
        return out.getvalue()


def estimates(unit: Unit, first: str | None, last: str | None, name: str | None = None) -> Estimates:
    """Of the promises made on these service days (today when nothing is said); raises BadPeriod."""
    by_service, by_both = (asking.request(unit, KIND, first, last, by, name) for by in ("service", "service,people_ahead"))
    whole = asking.report(unit, by_service)
    rows = [whole.total, *whole.rows, *asking.report(unit, by_both).rows]
    with unit.reading() as conn:
        now = unit.now()
        silent = {one.id: unit.estimates.why_silent(conn, now, one.id) for one in setup.services(conn)}
    places = {service: place for place, service in enumerate(silent)}
    found = [_accuracy(row) for row in sorted(rows, key=lambda row: _order(row, places)) if row["promises_due"]]
    return Estimates(by_service.period, found, silent)


def _order(row: Row, places: Mapping[str, int]) -> tuple[int, str, int]:
    """All together before each service, services as in `places` and removed ones behind them, each before its parts."""
    service = row.get("service") or ""
    return places.get(service, len(places) if service else -1), service, row.get("people_ahead", -1)


def _accuracy(row: Row) -> Accuracy:
    band = BANDS[row["people_ahead"]] if "people_ahead" in row else None
    figures = (row[name] for name in ("promises_due", "error_mean", "error_median", "bias", "coverage"))
    return Accuracy(row.get("service"), band and _digits(*band), *figures)


def _digits(first: int, last: int | None) -> str:
    if last is None:
        return f"{first}+"
    return str(first) if first == last else f"{first}-{last}"
