"""Time as the unit uses it: a wall clock in UTC and a steady clock that no clock change can spoil.

Both are whole milliseconds. `steady` reads like wall time but runs on CLOCK_BOOTTIME: within one boot of the machine it
never jumps, so a duration is always the difference of two `steady` values.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

MS = 1000


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant: `at` UTC milliseconds since 1970 by the wall clock, `steady` milliseconds by the steady clock."""

    at: int
    steady: int


Clock = Callable[[], Moment]


def wall_ms() -> int:
    """The wall clock, UTC milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def boot_ms() -> int:
    """Milliseconds since the machine started, sleep included."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000


def boot_id() -> str:
    """The kernel's name for this boot; what `steady` may be compared within."""
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def system_clock(steady_offset_ms: int) -> Clock:
    """A clock whose steady time is boot time plus the offset that the unit's first start of this boot wrote down."""
    return lambda: Moment(wall_ms(), boot_ms() + steady_offset_ms)


def rfc3339(at: int) -> str:
    """UTC milliseconds as RFC 3339 text with milliseconds, `2026-11-22T08:15:00.250Z`."""
    seconds, ms = divmod(at, MS)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{ms:03d}Z"


def local(at: int, zone: ZoneInfo) -> datetime:
    """The local date and time of an instant."""
    return datetime.fromtimestamp(at / MS, zone)


def local_day(at: int, zone: ZoneInfo) -> str:
    """The local date of an instant, `2026-11-22`."""
    return local(at, zone).date().isoformat()


def local_minute(at: int, zone: ZoneInfo) -> str:
    """The local date, hour and minute of an instant, `2026-11-22T09:15`."""
    return local(at, zone).strftime("%Y-%m-%dT%H:%M")


def day_bounds(day: str, zone: ZoneInfo) -> tuple[int, int]:
    """First and past-the-last UTC millisecond of a local day (23, 24 or 25 hours long)."""
    start = datetime.fromisoformat(day).replace(tzinfo=zone)
    following = datetime.fromordinal(start.toordinal() + 1).replace(tzinfo=zone)
    return int(start.timestamp() * MS), int(following.timestamp() * MS)
