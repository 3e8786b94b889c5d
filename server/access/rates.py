"""How often one device, person or address may ask, counted in memory by the steady clock.

(The library `limits` counts by the wall clock: set back by a day, it would refuse for a day.)
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from ipaddress import IPv6Address, ip_address

from server.errors import TooManyRequests

KEPT = 20_000
PERIOD_S = 60.0


class Rates:
    """`per_minute` by kind, 0 for no limit; a whole minute's worth may come at once (the generic cell rate algorithm)."""

    def __init__(self, per_minute: Mapping[str, int], steady: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._steady = steady
        self._due: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, kind: str, who: str) -> None:
        """Count one; raises TooManyRequests, which says how many seconds to wait, and then does not count it."""
        self._look(kind, who, count=True)

    def check(self, kind: str, who: str) -> None:
        """As `take`, without counting."""
        self._look(kind, who, count=False)

    def _look(self, kind: str, who: str, *, count: bool) -> None:
        most = self._per_minute[kind]
        if not most:
            return
        every = PERIOD_S / most
        with self._lock:
            now = self._steady()
            due = max(now, self._due.get((kind, who), now))
            if (beyond := due + every - now - PERIOD_S) > 1e-6:
                raise TooManyRequests(seconds=math.ceil(beyond))
            if count:
                self._due[kind, who] = due + every
                self._due.move_to_end((kind, who))
                while len(self._due) > KEPT:
                    self._due.popitem(last=False)

    def __len__(self) -> int:
        return len(self._due)


def place(address: str | None) -> str:
    """An address to count by: of IPv6 the network, since one machine has as many addresses as it likes."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return str(address)
    return str(IPv6Address(int(parsed) >> 64 << 64)) + "/64" if isinstance(parsed, IPv6Address) else str(parsed)
