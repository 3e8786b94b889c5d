"""The process that counts: reports are made beside the server, so that no ticket waits for Python's lock.

A pure-Python loop in the server raises the slowest tickets from 5 to 93 ms; another process at low priority does not. It is
begun with the first report, kept for the next, and ends with the server, even if that is killed. It may have MOST_MEMORY: a report
that needs more fails with a sentence, and the hall goes on.
"""

from __future__ import annotations

import ctypes
import itertools
import multiprocessing
import os
import resource
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection
from typing import Any, Generic, TypeVar

from server import beside
from server.errors import N_, Refused

T = TypeVar("T")

ANSWER_WITHIN_S = 120.0
MOST_MEMORY = 640 * 1024 * 1024
"""Bytes of data (RLIMIT_DATA): ten years of three million visits by day and hour go with 600 MB and not with 400; the server's unit
file allows 1 GB in all."""


class ReportFailed(Refused):
    status, slug = 503, "report-failed"
    message = N_("The report could not be made; try again.")


class ReportTooLarge(Refused):
    status, slug = 422, "report-too-large"
    message = N_("This report needs more memory than there is for reports: choose a shorter period, or a coarser split.")


class Job(Generic[T]):
    """Something that the process does or will do; `share` is how much of it is done, from 0 to 1."""

    def __init__(self, number: int, future: Future[T], pool: ProcessPoolExecutor, shares: Any) -> None:
        self._number, self._future, self._pool, self._shares = number, future, pool, shares

    @property
    def share(self) -> float:
        number, share = self._shares
        return float(share) if number == self._number else 0.0

    def done_within(self, seconds: float) -> bool:
        """Wait up to so many seconds; whether it is over, well or not."""
        return bool(wait([self._future], seconds).done)

    def result(self) -> T:
        """What it gave; raises what it raised, ReportTooLarge, or ReportFailed when the process died or takes too long."""
        try:
            return self._future.result(ANSWER_WITHIN_S)
        except (BrokenProcessPool, TimeoutError) as error:
            _kept.forget(self._pool)
            raise ReportFailed from error
        except MemoryError as error:
            _kept.forget(self._pool)
            raise ReportTooLarge from error


class _Kept:
    """The one process, begun when it is first needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._shares: Any = None
        self._numbers = itertools.count(1)

    def begin(self, function: Callable[..., T], args: tuple[object, ...], told: bool) -> Job[T]:
        with self._lock:
            number = next(self._numbers)

            def submitted(pool: ProcessPoolExecutor) -> Job[T]:
                work = pool.submit(_told, number, function, args) if told else pool.submit(function, *args)
                return Job(number, work, pool, self._shares)

            try:
                return submitted(self._pool or self._new())
            except BrokenProcessPool:  # it died while nobody waited for it
                return submitted(self._new())

    def _new(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        self._shares = context.RawArray(ctypes.c_double, 2)
        self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=_begin, initargs=(self._shares,))
        return self._pool

    def forget(self, pool: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is pool:
                self._pool = None
        pool.shutdown(wait=False)


_kept = _Kept()


def run(function: Callable[..., T], *args: object) -> T:
    """`function(*args)` in the process of reports; raises what it raised, or ReportFailed when the process died."""
    return _kept.begin(function, args, told=False).result()


def begin(function: Callable[..., T], *args: object) -> Job[T]:
    """Have `function(*args, progress=…)` done, which tells the share that is done."""
    return _kept.begin(function, args, told=True)


_shares: Any = None
"""In the process itself: the number of the job that it does, and the share that is done."""


def _begin(shares: Any) -> None:
    global _shares
    _shares = shares
    stand_back()


def _told(number: int, function: Callable[..., T], args: tuple[object, ...]) -> T:
    def progress(share: float) -> None:
        _shares[1] = share

    _shares[:] = [number, 0.0]
    return function(*args, progress=progress)


def stand_back() -> None:
    """Give way to the server, take no more than MOST_MEMORY, and end when the server ends.

    SCHED_IDLE runs when nobody else wants the processor and is put aside at once for who does; a niceness only weighs.
    """
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    beside.go_first()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # numpy would keep memory for every processor
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(0)
