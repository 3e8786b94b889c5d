"""What the portal tells of a submission: asked at once when somebody looks, else at most once an hour."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, TimeoutError
from typing import Any

from server.feedback.submissions import note_stage, to_follow
from server.sync import Adapter, SyncFailed
from server.unit import Unit

log = logging.getLogger(__name__)

EVERY_MS = 3600 * 1000
AT_A_CONTACT = 50
"""Most submissions asked about after one contact with the portal."""
FRESH_S = 60.0
"""For so long an answer is shown again without asking anew."""
PATIENCE_S = 4.0
"""Somebody who looks waits no longer for the portal; they then see what was known before."""
KEPT = 500

Told = Mapping[str, Any]


class Stages:
    """Asks the portal. The words of an answer stay in memory for FRESH_S and go nowhere else."""

    def __init__(self, unit: Unit, adapter: Adapter | None) -> None:
        self._unit, self._adapter = unit, adapter
        self._fresh: OrderedDict[str, tuple[float, Future[Told | None]]] = OrderedDict()
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="stages")

    def now(self, reference: str) -> Told | None:
        """What the portal tells of a submission now; None when it can't be asked or does not know it (yet)."""
        if self._adapter is None:
            return None
        try:
            return self._asked(reference).result(PATIENCE_S)
        except (SyncFailed, TimeoutError):
            return None

    def follow(self, unit: Unit, adapter: Adapter) -> int:
        """Ask about what is not answered; how often the portal knew. Raises SyncFailed."""
        before = unit.now().at - EVERY_MS
        with unit.reading() as conn:
            references = to_follow(conn, before, AT_A_CONTACT)
        return sum(self._ask(reference, adapter) is not None for reference in references)

    def forget(self) -> None:
        """Ask anew at the next look, whatever was told lately."""
        with self._lock:
            self._fresh.clear()

    def stop(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _asked(self, reference: str) -> Future[Told | None]:
        assert self._adapter is not None
        with self._lock:
            now = time.monotonic()
            while self._fresh and next(iter(self._fresh.values()))[0] < now - FRESH_S:
                self._fresh.popitem(last=False)
            if reference not in self._fresh:
                self._fresh[reference] = (now, self._threads.submit(self._ask, reference, self._adapter))
                while len(self._fresh) > KEPT:
                    self._fresh.popitem(last=False)
            return self._fresh[reference][1]

    def _ask(self, reference: str, adapter: Adapter) -> Told | None:
        told = adapter.stage(reference)
        at = self._unit.now().at
        self._unit.writer.run(lambda conn: note_stage(conn, reference, told, at))
        return told
