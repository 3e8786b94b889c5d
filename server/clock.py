"""Time as the unit uses it: a wall clock in UTC and a steady clock that no clock change can spoil.

Both are whole milliseconds. `steady` reads like wall time but runs on CLOCK_BOOTTIME: within one boot of the machine it
never jumps, so a duration is always the difference of two `steady` values. A wall clock that jumps while the server runs is
not believed at once (`HeldClock`): a day forth by mistake would send everybody home.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

MS = 1000
LARGEST_STEP_MS = 5 * 60 * MS
"""What a time server or a careful hand sets right without anybody noticing."""
BELIEVED_AFTER_MS = 12 * 3600 * MS
"""By then the hall is empty, whatever the hour at which the clock was set."""
TIME_SERVER = Path("/run/systemd/timesync/synchronized")
"""Touched by systemd-timesyncd whenever it has heard of a time server and set the clock by it (systemd-timesyncd.service(8))."""
HEARD_WITHIN_MS = 60 * MS


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


def set_by_time_server(wall: int, told: Path = TIME_SERVER) -> bool:
    """Whether a time server has just set the clock to what it says, `wall` (UTC ms); systemd's word, False where it has none."""
    try:
        return abs(wall - told.stat().st_mtime_ns // 1_000_000) <= HEARD_WITHIN_MS
    except OSError:
        return False


class HeldClock:
    """The wall clock while it goes on with the steady one; what it says after a jump is doubted, and `at` goes on as before.

    A jump of more than LARGEST_STEP_MS either way is believed when a time server made it, or after BELIEVED_AFTER_MS by the steady
    clock. A new clock, made at a start of the server, believes what it finds. Summer time is no jump: this is UTC.
    """

    def __init__(
        self, wall: Callable[[], int], steady: Callable[[], int], vouched: Callable[[int], bool] = set_by_time_server
    ) -> None:
        self._wall, self._steady, self._vouched = wall, steady, vouched
        self._lock = threading.Lock()
        self._ahead = wall() - steady()
        self._doubted: tuple[int, int] | None = None

    def __call__(self) -> Moment:
        with self._lock:
            wall, steady = self._wall(), self._steady()
            ahead = wall - steady
            if not _jumped(self._ahead, ahead) or self._held_long(ahead, steady) or self._vouched(wall):
                self._ahead, self._doubted = ahead, None
            return Moment(steady + self._ahead, steady)

    def _held_long(self, ahead: int, steady: int) -> bool:
        """How long the wall clock has been ahead by so much, remembered from the first look that found it so."""
        if self._doubted is None or _jumped(self._doubted[0], ahead):
            self._doubted = ahead, steady
        return steady - self._doubted[1] >= BELIEVED_AFTER_MS

    @property
    def doubts(self) -> bool:
        """Whether the wall clock says something that is not believed, by the last look at it."""
        return self._doubted is not None


def _jumped(before: int, ahead: int) -> bool:
    return abs(ahead - before) > LARGEST_STEP_MS


def system_clock(steady_offset_ms: int) -> HeldClock:
    """A clock whose steady time is boot time plus the offset that the unit's first start of this boot wrote down."""
    return HeldClock(wall_ms, lambda: boot_ms() + steady_offset_ms)


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
