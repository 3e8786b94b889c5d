"""What a process that works beside the server may take: so much memory and time, and when memory runs out it goes first."""

from __future__ import annotations

import resource
from contextlib import suppress
from pathlib import Path

OOM = Path("/proc/self/oom_score_adj")


def limit(memory: int, cpu_s: int) -> None:
    """At most `memory` bytes of address space and `cpu_s` seconds of a processor: a file made to harm harms this process only."""
    with suppress(OSError):  # a hardened service may not set limits; then its own hold
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))


def go_first(told: Path = OOM) -> None:
    """Give up what the server was given (OOMScoreAdjust= in its unit): the kernel then ends this process before it (proc(5))."""
    with suppress(OSError, ValueError):
        if int(told.read_text()) < 0:
            told.write_text("0")
