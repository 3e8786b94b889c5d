"""The doctor at work beside the screens: one look at a time, in a thread of its own, and what the last one found."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from server.errors import N_
from server.operations.doctor.findings import Finding

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Examined:
    """What a look found, and when it ended (UTC ms)."""

    at: int
    findings: Sequence[Finding]


class Examination:
    """Looks when told to; reading a large database whole takes seconds, for which no request waits."""

    def __init__(self, look: Callable[[], Iterator[Finding]], now_ms: Callable[[], int]) -> None:
        self._look, self._now_ms = look, now_ms
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self.last: Examined | None = None

    @property
    def running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def begin(self) -> None:
        """Look now, unless one is looking already."""
        with self._lock:
            if not self.running:
                self._thread = threading.Thread(target=self._work, name="doctor", daemon=True)
                self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Whether the present look has ended within so many seconds."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)
        return not self.running

    def _work(self) -> None:
        try:
            found = list(self._look())
        except Exception as error:  # outermost loop of a worker: the page says that the look broke off
            log.exception("the unit could not be looked over")
            remedy = N_("Run istiqbal doctor on the unit's own PC.")
            found = [Finding("fault", N_("The check broke off."), remedy, detail=type(error).__name__)]
        self.last = Examined(self._now_ms(), found)
