"""Figures of calls out of order."""

from __future__ import annotations

from server.errors import N_
from server.reports.counting.calls import CALLS
from server.reports.counting.columns import NONE
from server.reports.counting.groups import Groups
from server.reports.counting.legs import LEGS
from server.reports.counting.table import Table
from server.reports.figures.family import Aims, Family, Taken
from server.reports.figures.figure import Figure, Unit


def _called(table: Table, groups: Groups, aims: Aims) -> Taken:
    return {"called": groups.counts(table.columns["called_after"] != NONE).tolist()}


def _chosen(table: Table, groups: Groups, aims: Aims) -> Taken:
    return {"out_of_order": groups.counts().tolist()}


CALLED = Family("called", LEGS, ("called_after",), (Figure("called", Unit.CASES, N_("Called")),), _called)
OUT_OF_ORDER = Family("order", CALLS, (), (Figure("out_of_order", Unit.CASES, N_("Called out of order")),), _chosen)
