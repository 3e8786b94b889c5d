"""Cases split into groups by one or two keys, and what is taken of each group: counts, sums, and places in sorted order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from server.reports.counting.columns import NONE
from server.reports.counting.source import OF_THE_DAY, Value
from server.reports.counting.table import Table

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]

EXACT = 1 << 53
"""Below it every whole number is a double."""
BUCKETS = 1 << 21
"""Buckets of all groups together when numbers of a rank are looked for: 16 MB."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Cases' group numbers, and each group's key values by number."""

    ids: NDArray[np.int64]
    values: Sequence[tuple[Value, ...]]

    @property
    def size(self) -> int:
        return len(self.values)

    def counts(self, mask: Mask | None = None) -> Counts:
        """How many cases each group has, of those in `mask`."""
        if self.size == 1:
            return np.array([len(self.ids) if mask is None else np.count_nonzero(mask)])
        return np.bincount(self.ids if mask is None else self.ids[mask], minlength=self.size)

    def split(self, places: NDArray[Any], count: int) -> list[list[int]]:
        """How many cases of each place (0 to `count` − 1) each group has, by place."""
        both = np.bincount(places if self.size == 1 else self.ids * count + places, minlength=self.size * count)
        by_place: list[list[int]] = both.reshape(self.size, count).T.tolist()
        return by_place

    def sums(self, numbers: NDArray[Any], mask: Mask) -> list[int]:
        """Each group's exact sum of whole numbers, of the cases in `mask`."""
        chosen = numbers[mask].astype(np.int64)
        if self.size == 1:
            return [int(chosen.sum())]
        if chosen.max(initial=0) * len(chosen) < EXACT:
            return [int(whole) for whole in np.bincount(self.ids[mask], chosen, self.size)]
        high, low = (np.bincount(self.ids[mask], part, self.size) for part in (chosen >> 20, chosen & 0xFFFFF))
        return [(int(big) << 20) + int(small) for big, small in zip(high, low, strict=True)]

    def picked(self, numbers: NDArray[Any], mask: Mask, ranks: Counts) -> Counts:
        """For each group (row of `ranks`) its numbers of those ranks, 0 the smallest; numbers in `mask` are not negative.

        Nothing is sorted but the few cases that share a bucket with a wanted one: three million take a twentieth of a second.
        """
        ids, chosen = self.ids[mask], numbers[mask].astype(np.int64)
        shift = _shift(int(chosen.max(initial=0)), max(1, BUCKETS // max(1, self.size)))
        width = (int(chosen.max(initial=0)) >> shift) + 1
        buckets = ids * width + (chosen >> shift)
        counts = np.bincount(buckets, minlength=self.size * width)
        ends = np.cumsum(counts)
        begins = np.concatenate(([0], ends[width - 1 :: width]))[: self.size]
        places = (begins[:, None] + ranks).ravel()
        of_places = np.searchsorted(ends, places, side="right")
        wanted = np.zeros(len(counts), dtype=np.bool_)
        wanted[of_places] = True
        left_out = np.cumsum(np.where(wanted, 0, counts))
        few = wanted[buckets]
        ordered = np.sort((buckets[few] << shift) + (chosen[few] & ((1 << shift) - 1)))
        found = ordered[places - left_out[of_places]] - ((np.arange(self.size) * width) << shift).repeat(ranks.shape[1])
        shaped: Counts = found.reshape(ranks.shape)
        return shaped


def _shift(largest: int, width: int) -> int:
    """How many low bits to leave out so that no more than `width` buckets are needed."""
    return max(0, largest.bit_length() - width.bit_length() + 1)


def group(table: Table, keys: Sequence[str]) -> Groups:
    """Split a table's cases by the keys (none: all together)."""
    ids = np.zeros(len(table), dtype=np.int64)
    values: list[tuple[Value, ...]] = [()]
    for key in keys:
        places, of_key = _places(table, key)
        ids = ids * len(of_key) + places
        values = [(*before, value) for before in values for value in of_key]
    return _present(ids, values)


def _places(table: Table, key: str) -> tuple[NDArray[Any], list[Value]]:
    """Each case's place in the list of a key's values."""
    if key in OF_THE_DAY:
        named = [OF_THE_DAY[key](day) for day in table.days]
        values = list(dict.fromkeys(named)) or [None]
        place = {value: at for at, value in enumerate(values)}
        return np.array([place[name] for name in named], dtype=np.int64)[table.day], values
    column = table.columns[key]
    if key in table.words:
        return column, list(table.words[key]) or [None]
    shifted = np.where(column == NONE, -1, column.astype(np.int64)) + 1
    there = np.flatnonzero(np.bincount(shifted))
    places = np.zeros(int(shifted.max(initial=0)) + 1, dtype=np.int64)
    places[there] = np.arange(len(there))
    return places[shifted], [None if number == 0 else int(number) - 1 for number in there] or [None]


def _present(ids: NDArray[np.int64], values: list[tuple[Value, ...]]) -> Groups:
    """Number only the groups that have a case, so that a sparse pair of keys costs nothing."""
    there = np.flatnonzero(np.bincount(ids, minlength=len(values)))
    renumbered = np.zeros(len(values), dtype=np.int64)
    renumbered[there] = np.arange(len(there))
    return Groups(renumbered[ids], [values[int(place)] for place in there])
