"""Figures of counters: how long they were open, busy, idle and paused."""

from __future__ import annotations

import numpy as np

from server.errors import N_
from server.reports.counting.desks import DESKS
from server.reports.counting.groups import Groups
from server.reports.counting.table import Table
from server.reports.figures.family import Aims, Family, Taken
from server.reports.figures.figure import Figure, Unit


def _times(table: Table, groups: Groups, aims: Aims) -> Taken:
    everything = np.ones(len(table), dtype=np.bool_)
    open_ms, paused, busy = (groups.sums(table.columns[name], everything) for name in ("open", "paused", "busy"))
    return {
        "open_time": [_seconds(ms) for ms in open_ms],
        "busy_time": [_seconds(ms) for ms in busy],
        "idle_time": [_seconds(whole - part) for whole, part in zip(open_ms, busy, strict=True)],
        "pause_time": [_seconds(ms) for ms in paused],
        "busy_share": [round(part / whole, 4) if whole else None for whole, part in zip(open_ms, busy, strict=True)],
    }


def _seconds(ms: int) -> int:
    return (ms + 500) // 1000


COUNTERS = Family(
    "counters",
    DESKS,
    ("open", "paused", "busy"),
    (
        Figure("open_time", Unit.SECONDS, N_("Counters open")),
        Figure("busy_time", Unit.SECONDS, N_("With a visitor")),
        Figure("idle_time", Unit.SECONDS, N_("Without a visitor")),
        Figure("pause_time", Unit.SECONDS, N_("Paused")),
        Figure("busy_share", Unit.SHARE, N_("Share of the open time with a visitor")),
    ),
    _times,
)
