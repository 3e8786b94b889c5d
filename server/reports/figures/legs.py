"""Figures of legs: how many came and what became of them, waiting, walking and serving times, the service level."""

from __future__ import annotations

from server.errors import N_
from server.reports.counting.columns import NONE
from server.reports.counting.groups import Groups
from server.reports.counting.legs import LEGS
from server.reports.counting.table import Table
from server.reports.figures.family import Aims, Family, Taken, distribution
from server.reports.figures.figure import Figure, Unit


def _outcomes(table: Table, groups: Groups, aims: Aims) -> Taken:
    states = groups.split(table.columns["state"], len(table.words["state"]))

    def ended(wanted: str) -> list[int]:
        return states[table.words["state"].index(wanted)] if wanted in table.words["state"] else [0] * groups.size

    return {
        "arrivals": groups.counts().tolist(),
        "served": ended("served"),
        "no_shows": ended("no_show"),
        "walkouts": groups.counts(table.columns["left_after"] != NONE).tolist(),
    }


def _odd(table: Table, groups: Groups, aims: Aims) -> Taken:
    return {"odd_times": groups.counts(table.columns["odd"] == 1).tolist()}


def _level(table: Table, groups: Groups, aims: Aims) -> Taken:
    called, left, aim = table.columns["called_after"], table.columns["left_after"], aims.of(table)
    in_time = groups.counts((called >= 0) & (called <= aim)).tolist()
    due = groups.counts((called >= 0) | ((left >= 0) & (left > aim))).tolist()
    return {
        "service_level_cases": due,
        "service_level": [round(good / all, 4) if all else None for good, all in zip(in_time, due, strict=True)],
    }


OUTCOMES = Family(
    "outcomes",
    LEGS,
    ("state", "left_after"),
    (
        Figure("arrivals", Unit.CASES, N_("Arrivals")),
        Figure("served", Unit.CASES, N_("Served")),
        Figure("no_shows", Unit.CASES, N_("Absentees")),
        Figure("walkouts", Unit.CASES, N_("Left before the call")),
    ),
    _outcomes,
)
WAITS = distribution(
    "waits", LEGS, "waited", "waits", "wait",
    (N_("Waits counted"), N_("Mean wait"), N_("Median wait"), N_("9 in 10 waited at most"), N_("Longest wait")),
)  # fmt: skip
LEVEL = Family(
    "level",
    LEGS,
    ("service", "called_after", "left_after"),
    (
        Figure("service_level", Unit.SHARE, N_("Called within the target")),
        Figure("service_level_cases", Unit.CASES, N_("Cases counted for this percentage")),
    ),
    _level,
)
ODD = Family("odd", LEGS, ("odd",), (Figure("odd_times", Unit.CASES, N_("Times left out (clock)")),), _odd)
TRANSACTIONS = distribution(
    "transactions", LEGS, "served", "transactions", "transaction",
    (
        N_("Services counted"), N_("Mean time at the counter"), N_("Median time at the counter"),
        N_("9 in 10 took at most"), N_("Longest time at the counter"),
    ),
)  # fmt: skip
WALKS = distribution(
    "walks", LEGS, "walked", "walks", "walk",
    (
        N_("Walks counted"), N_("Mean walk to the counter"), N_("Median walk to the counter"),
        N_("9 in 10 walked at most"), N_("Longest walk to the counter"),
    ),
)  # fmt: skip
