"""`make bench-reports DIR=…`: reports and exports over ten years, beside a floor, and what they do to tickets.

Wants a unit made by `python -m tests.bench.years DIR`; packs what is not packed yet, then measures medians. Beside each median of
seconds stand the seconds of processor time, which other work on the machine spoils less.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from server import reports
from server.reports.counting import packing, packs
from server.reports.making import make
from server.reports.writing import legs
from server.store.database import connect
from tests.bench import reports_and_tickets

ZONE = ZoneInfo("Africa/Casablanca")
YEAR = reports.Period(date(2025, 1, 1), date(2025, 12, 31))
TEN = reports.Period(date(2016, 11, 21), date(2026, 11, 20))
REPORTS = (
    ("wait-times", ("service", "hour")),
    ("wait-times", ("weekday", "hour")),
    ("service-times", ("counter",)),
    ("counters", ("counter",)),
    ("out-of-order", ("reason",)),
    ("ratings", ("service",)),
    ("estimate-errors", ("service", "people_ahead")),
)


def median(work: Callable[[], object], times: int) -> str:
    """Seconds, the middle of so many runs, and the middle of their processor time."""
    taken, busy = [], []
    for _ in range(times):
        begun, used = time.perf_counter(), time.process_time()
        work()
        taken.append(time.perf_counter() - begun)
        busy.append(time.process_time() - used)
    return f"{statistics.median(taken):.3f} s (processor {statistics.median(busy):.3f} s)"


def pack_all(path: Path) -> None:
    """Pack the days that have no pack."""
    reader, writer = connect(path, read_only=True), connect(path)
    for day in packs.packs_due(reader, "9999-01-01", 100_000):
        if (made := packing.pack(reader, day, ZONE)) is not None:
            writer.execute("BEGIN IMMEDIATE")
            packs.store(writer, made)
            writer.execute("COMMIT")
    writer.close()
    reader.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", choices=("reports", "exports", "tickets", "memory"))
    asked = parser.parse_args()
    path = asked.folder / "unit.db"
    if asked.only == "memory":
        _one_export(path)
    else:
        _measure(path, asked.only)


def _measure(path: Path, only: str | None) -> None:
    pack_all(path)
    print(f"floor: a loop of a million steps {median(_loop, 9)}")
    if only in (None, "reports"):
        _reports(path)
    if only in (None, "exports"):
        _exports(path)
    print(f"floor again: {median(_loop, 9)}")
    if only in (None, "tickets"):
        reports_and_tickets.measure(path.parent)


def _reports(path: Path) -> None:
    conn = connect(path, read_only=True)
    for kind, by in REPORTS:
        for name, period in (("a year", YEAR), ("ten years", TEN)):
            request = reports.Request(kind, period, by)
            print(f"{kind} by {', '.join(by)}, {name}: {median(lambda request=request: make(conn, request, ZONE), 7)}")  # type: ignore[misc]


def _exports(path: Path) -> None:
    conn = connect(path, read_only=True)
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "x"
        print(f"legs of a year, CSV: {median(lambda: legs.write_csv(conn, YEAR, ZONE, out), 7)}")
        print(f"legs of a year, XLSX: {median(lambda: legs.write_xlsx(conn, YEAR, ZONE, out, 'ar'), 5)}")
    alone = [sys.executable, "-m", "tests.bench.reports", path.parent, "--only", "memory"]
    for form, grown in json.loads(subprocess.run(alone, check=True, capture_output=True).stdout).items():
        print(f"memory that the {form} added in a new process: {grown:.0f} MB")


def _one_export(path: Path) -> None:
    """Prints by how many MB this process grew from one day's export to a year's."""
    conn = connect(path, read_only=True)
    day = reports.Period(date(2025, 1, 2), date(2025, 1, 2))
    grown = {}
    with tempfile.TemporaryDirectory() as name:
        for form, write in (
            ("CSV", lambda period: legs.write_csv(conn, period, ZONE, Path(name) / "x")),
            ("XLSX", lambda period: legs.write_xlsx(conn, period, ZONE, Path(name) / "x", "ar")),
        ):
            write(day)
            before = _most_memory()
            write(YEAR)
            grown[form] = _most_memory() - before
    print(json.dumps(grown))


def _most_memory() -> float:
    """MB; `ru_maxrss` would be the parent's, which a new process inherits."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _loop() -> None:
    for _ in range(1_000_000):
        pass


if __name__ == "__main__":
    main()
