"""Pairing: a screen that is not paired shows a code, a manager accepts it, the screen goes on by itself.

The key is made when the screen first asks and stays in that browser's HttpOnly cookie; accepting the code makes the key's
hash a token. So nothing is handed over afterwards, nothing stands in an address, and a restart of the server between the
two loses only the code: the screen shows another one.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from server.access import devices
from server.access.audit import Audit
from server.access.keys import hashed
from server.errors import N_, Refused

LETTERS = "ABCDEFGHJKMNPQRTUVWXY346789"
"""Capitals and digits without those that are taken for one another (I 1 L, O 0, S 5, Z 2)."""
LENGTH = 6
LASTS_S = 600
GONE_S = 60
"""A screen asks every two seconds; one that did not for so long was switched off."""
KEPT_OF_A_PLACE = 16
KEPT = 400


class UnknownCode(Refused):
    status, slug = 404, "unknown-code"
    message: ClassVar[str] = N_("No screen shows this code now. Look at the screen again: a code lasts ten minutes.")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A screen that waits to be paired; `since` and `asked` are seconds of the steady clock, `place` its address."""

    hash: str
    code: str
    role: str
    place: str
    since: float
    asked: float


class Pairings:
    """The screens that wait now, in memory: what is lost by a restart is shown anew."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._waiting: dict[str, Waiting] = {}
        self._lock = threading.Lock()

    def ask(self, key: str, role: str, place: str) -> Waiting:
        """The code that the browser with this key shows now: a new one after LASTS_S. Each browser has its own."""
        hash, now = hashed(key), self._clock()
        with self._lock:
            self._forget(now)
            found = self._waiting.get(hash)
            if found is None or found.role != role or now - found.since >= LASTS_S:
                found = Waiting(hash, self._new_code(), role, place, now, now)
            self._waiting.pop(hash, None)
            self._waiting[hash] = replace(found, asked=now)
            self._bound(place)
            return found

    def left_s(self, waiting: Waiting) -> int:
        """Seconds that this code still lasts."""
        return max(0, int(waiting.since + LASTS_S - self._clock()))

    def waiting(self) -> list[Waiting]:
        """The screens that wait now, the oldest first."""
        with self._lock:
            self._forget(self._clock())
            return sorted(self._waiting.values(), key=lambda one: one.since)

    def accept(self, conn: Any, audit: Audit, code: str, name: str, at: int) -> devices.Device:
        """Pair the screen that shows this code. A code opens once. Raises UnknownCode or BadDeviceName."""
        wanted = "".join(code.split()).replace("-", "").upper()
        name = devices.checked_name(name)
        with self._lock:
            self._forget(self._clock())
            found = next((one for one in self._waiting.values() if secrets.compare_digest(one.code, wanted)), None)
            if found is None:
                raise UnknownCode
            del self._waiting[found.hash]
        id = devices.admit(conn, found.hash, found.role, name, at)
        devices.note_new(conn, audit, id)
        return devices.device(conn, id)

    def _new_code(self) -> str:
        taken = {one.code for one in self._waiting.values()}
        while (code := "".join(secrets.choice(LETTERS) for _ in range(LENGTH))) in taken:
            pass
        return code

    def _forget(self, now: float) -> None:
        """A screen that asks no more is gone; its code is nobody's."""
        for hash, one in list(self._waiting.items()):
            if now - one.since >= LASTS_S or now - one.asked >= GONE_S:
                del self._waiting[hash]

    def _bound(self, place: str) -> None:
        """One place that asks with ever new keys pushes out its own screens first."""
        there = [one.hash for one in self._waiting.values() if one.place == place]
        for hash in [*there[:-KEPT_OF_A_PLACE], *list(self._waiting)[:-KEPT]]:
            self._waiting.pop(hash, None)
