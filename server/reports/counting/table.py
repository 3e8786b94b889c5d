"""A table of cases: the columns of a source over a range of days, from packs and, where there are none, from the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from server.reports.counting import packs
from server.reports.counting.columns import Column
from server.reports.counting.packing import columns_of
from server.reports.counting.source import Progress, Source
from server.reports.period import Period


@dataclass(frozen=True, slots=True)
class Table:
    """Cases of a range: `columns` by name (numbers, or places in `words[name]`), `day` places in `days`."""

    days: Sequence[str]
    day: NDArray[Any]
    columns: Mapping[str, NDArray[Any]]
    words: Mapping[str, list[str | None]]

    def __len__(self) -> int:
        return len(self.day)

    def only(self, mask: NDArray[Any]) -> Table:
        """The cases for which `mask` is true."""
        return Table(self.days, self.day[mask], {name: column[mask] for name, column in self.columns.items()}, self.words)


def load(
    conn: Any, source: Source, names: Sequence[str], period: Period, zone: ZoneInfo, progress: Progress = lambda _: None
) -> Table:
    """The named columns of a source's cases in a period, days in order.

    A range of ten years is three million cases: 4 bytes each in a column, and no more is held than the columns asked for.
    """
    first, last = period.first.isoformat(), period.last.isoformat()
    names = list(names) or ["service"]
    columns = {name: Column(source.is_word(name)) for name in names}
    days: list[str] = []
    counts: list[int] = []
    for name in names:
        found = [(day, columns[name].add(data)) for day, data in packs.packed(conn, source.name, name, first, last)]
        days, counts = [day for day, _ in found], [count for _, count in found]
    loose = packs.loose_days(conn, first, last)
    for place, date in enumerate(loose):
        data = columns_of(conn, source, date, zone)
        sizes = [columns[name].add(data[name]) for name in names]
        days.append(date)
        counts.append(sizes[0])
        progress((place + 1) / len(loose))
    return Table(
        days,
        np.repeat(np.arange(len(days), dtype=np.int32), counts),
        {name: column.numbers() for name, column in columns.items()},
        {name: column.words() for name, column in columns.items() if source.is_word(name)},
    )
