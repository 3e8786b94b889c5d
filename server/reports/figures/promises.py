"""Figures of estimated waits: how many were promised, and how far what was told was off from what came true."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from server.errors import N_
from server.reports.counting.columns import NONE
from server.reports.counting.groups import Groups
from server.reports.counting.promises import PROMISES
from server.reports.counting.table import Table
from server.reports.figures.family import Aims, Family, Taken, spread
from server.reports.figures.figure import Figure, Unit


def _errors(table: Table, groups: Groups, aims: Aims) -> Taken:
    judged = table.columns["actual"] != NONE
    actual = _whole(table, "actual")
    told, low, high = (_whole(table, name) * 1000 for name in ("told", "low", "high"))
    hits = groups.counts(judged & (low <= actual) & (actual <= high)).tolist()
    rows = spread(groups, np.abs(told - actual), judged)
    sums = [groups.sums(numbers, judged) for numbers in (told, actual, high - low)]
    return {
        "promises": groups.counts().tolist(),
        "promises_due": [row[0] for row in rows],
        "error_mean": [row[1] for row in rows],
        "error_median": [row[2] for row in rows],
        "error_p90": [row[3] for row in rows],
        "bias": [_mean(told - actual, row[0]) for row, told, actual in zip(rows, sums[0], sums[1], strict=True)],
        "coverage": [round(hit / row[0], 4) if row[0] else None for hit, row in zip(hits, rows, strict=True)],
        "range_mean": [_mean(width, row[0]) for row, width in zip(rows, sums[2], strict=True)],
    }


def _whole(table: Table, name: str) -> NDArray[Any]:
    return table.columns[name].astype(np.int64)


def _mean(ms: int, count: int | None) -> int | None:
    """Whole seconds, the half upwards also below nothing."""
    return (ms + 500 * count) // (1000 * count) if count else None


ERRORS = Family(
    "errors",
    PROMISES,
    ("told", "low", "high", "actual"),
    (
        Figure("promises", Unit.CASES, N_("Estimates kept")),
        Figure("promises_due", Unit.CASES, N_("Estimates that came due")),
        Figure("error_mean", Unit.SECONDS, N_("Mean error")),
        Figure("error_median", Unit.SECONDS, N_("Median error")),
        Figure("error_p90", Unit.SECONDS, N_("9 in 10 were off by at most")),
        Figure("bias", Unit.SIGNED, N_("Told too much (+) or too little (−)")),
        Figure("coverage", Unit.SHARE, N_("Within the range")),
        Figure("range_mean", Unit.SECONDS, N_("Mean width of the range")),
    ),
    _errors,
)
