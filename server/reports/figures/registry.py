"""The reports there are: each a name and the families of its figures. A new family is a module and a place in a list here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from server.reports.figures.counters import COUNTERS
from server.reports.figures.family import Family
from server.reports.figures.figure import Figure
from server.reports.figures.legs import LEVEL, ODD, OUTCOMES, TRANSACTIONS, WAITS, WALKS
from server.reports.figures.order import CALLED, OUT_OF_ORDER
from server.reports.figures.promises import ERRORS
from server.reports.figures.ratings import RATED
from server.reports.request import REPORTS


@dataclass(frozen=True, slots=True)
class Kind:
    """A report: its title and its figures, family by family."""

    title: str
    families: tuple[Family, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(figure for family in self.families for figure in family.figures)


_FAMILIES: Mapping[str, tuple[Family, ...]] = {
    "wait-times": (OUTCOMES, WAITS, LEVEL, ODD),
    "service-times": (TRANSACTIONS, WALKS, ODD),
    "counters": (COUNTERS,),
    "out-of-order": (CALLED, OUT_OF_ORDER),
    "ratings": (RATED,),
    "estimate-errors": (ERRORS,),
}
KINDS: Mapping[str, Kind] = {name: Kind(REPORTS[name], families) for name, families in _FAMILIES.items()}
FIGURES: Mapping[str, Figure] = {figure.name: figure for kind in KINDS.values() for figure in kind.figures}
