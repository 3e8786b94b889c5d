"""The reports there are: each a name and the families of its figures. A new family is a module and a place in a list here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from server.errors import N_
from server.reports.figures.counters import COUNTERS
from server.reports.figures.family import Family, Figure
from server.reports.figures.legs import LEVEL, ODD, OUTCOMES, TRANSACTIONS, WAITS, WALKS
from server.reports.figures.order import CALLED, OUT_OF_ORDER


@dataclass(frozen=True, slots=True)
class Kind:
    """A report: its title and its figures, family by family."""

    title: str
    families: tuple[Family, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(figure for family in self.families for figure in family.figures)


KINDS: Mapping[str, Kind] = {
    "wait-times": Kind(N_("Wait times"), (OUTCOMES, WAITS, LEVEL, ODD)),
    "service-times": Kind(N_("Times at the counter"), (TRANSACTIONS, WALKS, ODD)),
    "counters": Kind(N_("Counters' time"), (COUNTERS,)),
    "out-of-order": Kind(N_("Calls out of order"), (CALLED, OUT_OF_ORDER)),
}
FIGURES: Mapping[str, Figure] = {figure.name: figure for kind in KINDS.values() for figure in kind.figures}
