"""What was measured, hour by hour, and the server's own processor time and memory."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

TICK_S = 1 / os.sysconf("SC_CLK_TCK")
HEAD = (
    "| hour | tickets | calls | waiting, most | ticket p50 / p99 | call p50 / p99 | call → last display p50 / p99 |"
    " phone p50 / p99 | requests a second | snapshots a second | processor | memory |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
)


@dataclass
class Hour:
    """The times are milliseconds."""

    tickets: list[float] = field(default_factory=list)
    calls: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)
    phones: list[float] = field(default_factory=list)
    requests: int = 0
    snapshots: int = 0
    most_waiting: int = 0
    processor_s: float = 0.0
    took_s: float = 0.0
    memory_mb: float = 0.0


def line(name: str, hour: Hour) -> str:
    """The hour's row of the table."""
    seconds = hour.took_s or 1.0
    cells = (
        name, len(hour.tickets), len(hour.calls), hour.most_waiting,
        spread(hour.tickets), spread(hour.calls), spread(hour.shown), spread(hour.phones),
        f"{hour.requests / seconds:.0f}", f"{hour.snapshots / seconds:.0f}",
        f"{100 * hour.processor_s / seconds:.0f} %", f"{hour.memory_mb:.0f} MB",
    )  # fmt: skip
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def spread(times: Sequence[float]) -> str:
    """Median and 99th percentile, milliseconds."""
    if not times:
        return "–"
    ordered = sorted(times)
    return f"{ordered[len(ordered) // 2]:.1f} / {ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]:.0f} ms"


def processes(pid: int) -> Iterator[int]:
    """A process and all that came of it."""
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):  # a thread that has just ended
            for child in (task / "children").read_text().split():
                yield from processes(int(child))


def processor_s(pid: int) -> float:
    """Seconds of processor time that a server and its processes have used."""
    total = 0.0
    for one in processes(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
        total += (int(fields[11]) + int(fields[12])) * TICK_S
    return total


def memory_mb(pid: int) -> float:
    """Proportional memory of a server and its processes, in MB."""
    total = 0
    for one in processes(pid):
        text = Path(f"/proc/{one}/smaps_rollup").read_text()
        total += next(int(row.split()[1]) for row in text.splitlines() if row.startswith("Pss:"))
    return total / 1024
