"""Visits from a CSV file whose columns the caller names: times as ISO 8601, as Unix seconds or in a given format.

Nothing is guessed and nothing is silently mended: what is wrong with a row is said with its line number.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from itertools import pairwise
from pathlib import Path

from server.errors import UnitError

ONE_SERVICE = "all"
"""The service of every row of a file without such a column."""
SEPARATORS = ",;\t|"


class BadFile(UnitError):
    """The file can't be read at all, or lacks a column."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns; times without a zone are local times of `zone`. `time_format` is strptime's, None for ISO."""

    arrival: str
    call: str | None = None
    start: str | None = None
    end: str | None = None
    service: str | None = None
    counter: str | None = None
    priority: str | None = None
    time_format: str | None = None
    zone: tzinfo = UTC

    def names(self) -> list[str]:
        """The columns that the file must have."""
        named = (self.arrival, self.call, self.start, self.end, self.service, self.counter, self.priority)
        return [name for name in named if name is not None]


@dataclass(frozen=True, slots=True)
class Record:
    """A row: times in seconds since 1970 or None where empty or wrong, words as they stand; `faults` are sentences."""

    line: int
    arrival: float | None
    call: float | None
    start: float | None
    end: float | None
    service: str
    counter: str
    priority: str
    faults: tuple[str, ...]


def read(path: Path, columns: Columns) -> Iterator[Record]:
    """The rows of a file with a heading line; raises BadFile with a sentence."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            heading = file.readline()
            separator = max(SEPARATORS, key=heading.count)
            names = next(csv.reader([heading], delimiter=separator), [])
            if missing := [name for name in columns.names() if name not in names]:
                raise BadFile(f"{path} has no column “{missing[0]}”; its columns are: {', '.join(names) or 'none'}.")
            rows = csv.reader(file, delimiter=separator)
            for cells in rows:
                if cells:
                    yield _record(rows.line_num + 1, dict(zip(names, cells, strict=False)), len(cells) - len(names), columns)
    except OSError as error:
        raise BadFile(f"{path} can't be read: {error.strerror}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadFile(f"{path} can't be read as CSV in UTF-8: {error}.") from error


def _record(line: int, row: dict[str, str], surplus: int, columns: Columns) -> Record:
    faults = [] if surplus == 0 else [f"it has {abs(surplus)} cells too {'many' if surplus > 0 else 'few'}"]

    def word(name: str | None, default: str = "") -> str:
        return (row.get(name) or "").strip() if name is not None else default

    def time(name: str | None) -> float | None:
        text = word(name)
        if not text:
            return None
        try:
            return parse_time(text, columns)
        except (ValueError, OverflowError, OSError):
            faults.append(f"“{text[:40]}” ({name}) is no time")
            return None

    names = (columns.arrival, columns.call, columns.start, columns.end)
    arrival, call, start, end = times = [time(name) for name in names]
    if arrival is None and not word(columns.arrival):
        faults.append(f"{columns.arrival} is empty")
    faults += _disorder(times, names)
    service, counter, priority = word(columns.service, ONE_SERVICE), word(columns.counter), word(columns.priority)
    return Record(line, arrival, call, start, end, service, counter, priority, tuple(faults))


def parse_time(text: str, columns: Columns) -> float:
    """Seconds since 1970; raises ValueError."""
    if columns.time_format is not None:
        found = datetime.strptime(text, columns.time_format)
    elif text.replace(".", "", 1).isdigit() and len(text) >= 9 and not (len(text) == 14 and "." not in text):
        found = datetime.fromtimestamp(float(text), UTC)
    else:
        found = datetime.fromisoformat(text)
    if not 1970 <= found.year < 9999:
        raise ValueError(text)
    return (found if found.tzinfo else found.replace(tzinfo=columns.zone)).timestamp()


def _disorder(times: Sequence[float | None], names: Sequence[str | None]) -> Iterator[str]:
    known = [(time, name) for time, name in zip(times, names, strict=True) if time is not None]
    for (before, earlier), (after, later) in pairwise(known):
        if after < before:
            yield f"{later} is before {earlier}"
