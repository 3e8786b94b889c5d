"""Work that is done again and again beside the screens, in a thread of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)

LONGEST_GOODBYE_S = 10.0


class Periodic:
    """Calls `turn` every `every_s` seconds until stopped; a turn that fails is logged, and the next one tries again.

    With `at_once` the first turn is done inside `start()`, before anything else begins, and its failure is the caller's.
    """

    def __init__(self, name: str, turn: Callable[[], object], every_s: float, *, at_once: bool = False) -> None:
        self._turn = turn
        self._every_s = every_s
        self._at_once = at_once
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)

    def start(self) -> None:
        if self._at_once:
            self._turn()
        self._thread.start()

    def stop(self) -> None:
        """Returns when the present turn has ended, or after LONGEST_GOODBYE_S."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=LONGEST_GOODBYE_S)

    def _work(self) -> None:
        while not self._stopping.wait(self._every_s):
            try:
                self._turn()
            except Exception:  # outermost loop of a worker
                log.exception("%s failed; it is tried again", self._thread.name)
