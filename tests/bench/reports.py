"""`make bench-reports DIR=…`: reports and exports over ten years, beside a floor, and what they do to tickets.

Wants a unit made by `python -m tests.bench.years DIR`; packs what is not packed yet, then measures medians.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from server import reports
from server.reports.counting import packs
from server.reports.writing import legs
from server.store.database import connect

ZONE = ZoneInfo("Africa/Casablanca")
YEAR = reports.Period(date(2025, 1, 1), date(2025, 12, 31))
TEN = reports.Period(date(2016, 11, 21), date(2026, 11, 20))
REPORTS = (
    ("wait-times", ("service", "hour")),
    ("wait-times", ("weekday", "hour")),
    ("service-times", ("counter",)),
    ("counters", ("counter",)),
    ("out-of-order", ("reason",)),
)


def median(work: Callable[[], object], times: int) -> float:
    """Seconds, the middle of so many runs."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def pack_all(path: Path) -> None:
    """Pack the days that have no pack."""
    reader, writer = connect(path, read_only=True), connect(path)
    for day in packs.packs_due(reader, "9999-01-01", 100_000):
        if (made := packs.pack(reader, day, ZONE)) is not None:
            writer.execute("BEGIN IMMEDIATE")
            packs.store(writer, made)
            writer.execute("COMMIT")
    writer.close()
    reader.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    path = parser.parse_args().folder / "unit.db"
    pack_all(path)
    conn = connect(path, read_only=True)
    print(f"floor: a loop of a million steps {median(_loop, 5) * 1000:.0f} ms")
    for kind, by in REPORTS:
        for name, period in (("a year", YEAR), ("ten years", TEN)):
            request = reports.Request(kind, period, by)
            taken = median(lambda request=request: reports.make(conn, request, ZONE), 5)  # type: ignore[misc]
            print(f"{kind} by {', '.join(by)}, {name}: {taken:.3f} s")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        print(f"legs of a year, CSV: {median(lambda: legs.write_csv(conn, YEAR, ZONE, out / 'x.csv'), 3):.2f} s")
        print(f"legs of a year, XLSX: {median(lambda: legs.write_xlsx(conn, YEAR, ZONE, out / 'x.xlsx', 'ar'), 3):.2f} s")
    print(f"memory that the exports added: {(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024:.0f} MB")


def _loop() -> None:
    for _ in range(1_000_000):
        pass


if __name__ == "__main__":
    main()
