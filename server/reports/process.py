"""The process that counts: reports are made beside the server, so that no ticket waits for Python's lock.

A pure-Python loop in the server raises the slowest tickets from 5 to 93 ms; another process at low priority does not. It is
begun with the first report, kept for the next, and ends with the server, even if that is killed.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from typing import TypeVar

from server.errors import N_, Refused

T = TypeVar("T")

NICE = 10
ANSWER_WITHIN_S = 120.0


class ReportFailed(Refused):
    status, slug = 503, "report-failed"
    message = N_("The report could not be made; try again.")


class _Kept:
    """The one process, begun when it is first needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None

    def pool(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                context = multiprocessing.get_context("spawn")
                self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=stand_back)
            return self._pool

    def forget(self, pool: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is pool:
                self._pool = None
        pool.shutdown(wait=False)


_kept = _Kept()


def run(function: Callable[..., T], *args: object) -> T:
    """`function(*args)` in the process of reports; raises what it raised, or ReportFailed when the process died."""
    pool = _kept.pool()
    try:
        return pool.submit(function, *args).result(ANSWER_WITHIN_S)
    except (BrokenProcessPool, TimeoutError) as error:
        _kept.forget(pool)
        raise ReportFailed from error


def stand_back() -> None:
    """Give way to the server, and end when it ends."""
    os.nice(NICE)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(0)
