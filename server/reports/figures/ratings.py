"""Figures of ratings: how many, their mean and spread, and how many of those who could have rated did."""

from __future__ import annotations

from server.errors import N_
from server.reports.counting.groups import Groups
from server.reports.counting.ratings import RATINGS
from server.reports.counting.table import Table
from server.reports.figures.family import Aims, Family, Taken
from server.reports.figures.figure import Figure, Unit
from server.reports.small_groups import hidden_cells

SCORES = (1, 2, 3, 4)
SATISFIED = 3
"""A score from which a visitor counts as satisfied."""


def _ratings(table: Table, groups: Groups, aims: Aims) -> Taken:
    by_score = groups.split(table.columns["score"], len(SCORES) + 1)
    counts = [sum(scores) for scores in zip(*by_score[1:], strict=True)]
    not_shown = hidden_cells(dict(zip(groups.values, counts, strict=True)))
    hide = {place for place, key in enumerate(groups.values) if key in not_shown}
    served = groups.counts().tolist()

    def share(part: int, whole: int) -> float | None:
        return round(part / whole, 4) if whole else None

    taken: dict[str, list[int | float | None]] = {
        "could_rate": served,
        "ratings": counts,
        "response_rate": [share(count, whole) for count, whole in zip(counts, served, strict=True)],
        "rating_mean": [
            share(sum(score * by_score[score][place] for score in SCORES), count) for place, count in enumerate(counts)
        ],
        "satisfied": [
            share(sum(by_score[score][place] for score in SCORES if score >= SATISFIED), count)
            for place, count in enumerate(counts)
        ],
        **{f"rated_{score}": list(by_score[score]) for score in SCORES},
    }
    return {
        name: values if name == "could_rate" else [None if place in hide else value for place, value in enumerate(values)]
        for name, values in taken.items()
    }


RATED = Family(
    "ratings",
    RATINGS,
    ("score",),
    (
        Figure("could_rate", Unit.CASES, N_("Served, who could rate")),
        Figure("ratings", Unit.CASES, N_("Ratings")),
        Figure("response_rate", Unit.SHARE, N_("Response rate")),
        Figure("rating_mean", Unit.SCORE, N_("Mean rating, 1 to 4")),
        Figure("satisfied", Unit.SHARE, N_("Satisfied or very satisfied")),
        Figure("rated_1", Unit.CASES, N_("Rated 1")),
        Figure("rated_2", Unit.CASES, N_("Rated 2")),
        Figure("rated_3", Unit.CASES, N_("Rated 3")),
        Figure("rated_4", Unit.CASES, N_("Rated 4")),
    ),
    _ratings,
)
