"""Files that take longer to make: each in a process of its own that tells how far it is and can be ended at any moment.

One is made at a time, in the order in which they were asked for. A file lies in a folder of its own until it is fetched
or KEPT_MS old; a cancelled or failed export leaves nothing, and what a crash left is swept at the next start.
"""

from __future__ import annotations

import errno
import logging
import multiprocessing
import queue
import secrets
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from server.errors import N_, Refused
from server.files import write_whole
from server.reports import process, work
from server.reports.asking import place_of
from server.reports.process import ReportFailed, ReportTooLarge
from server.reports.request import Request
from server.reports.work import Place
from server.unit import Unit

log = logging.getLogger(__name__)

LEGS = {"legs-csv": "csv", "legs-excel": "excel", "legs-xlsx": "xlsx"}
"""Every leg of the period instead of figures: how each is asked of `work.export`."""
ENDINGS = {"legs-csv": "csv", "legs-excel": "csv", "legs-xlsx": "xlsx", "csv": "csv", "excel": "csv", "xlsx": "xlsx", "pdf": "pdf"}
FOLDER = "exports"
KEPT_MS = 15 * 60 * 1000
SWEEP_EVERY_S = 60.0
AT_ONCE = 3
FULL = N_("The disk is full: make room, then try again.")


class TooManyExports(Refused):
    status, slug = 429, "too-many-exports"
    message = N_("Three files are being made for you already: wait for one, or cancel it.")


class ExportGone(Refused):
    status, slug = 404, "export-gone"
    message = N_("This file is not there any more; have it made again.")


class OneTableOnly(Refused):
    status, slug = 422, "one-table-only"
    message = N_("The whole report is several tables: choose CSV for Excel, XLSX or PDF.")


class State(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Order:
    """What shall be in the file: a request in one of ENDINGS' forms, in a language. Raises OneTableOnly."""

    request: Request
    form: str
    language: str
    whole: bool = False

    def __post_init__(self) -> None:
        if self.whole and self.form == "csv":
            raise OneTableOnly

    @property
    def name(self) -> str:
        """The file's name for who fetches it."""
        about = "legs" if self.form in LEGS else "report" if self.whole else self.request.kind
        return f"istiqbal-{about}-{self.request.period.first}-{self.request.period.last}.{ENDINGS[self.form]}"


@dataclass(slots=True)
class Export:
    """One file on its way; `share` is what is done of it, from 0 to 1. `owner` alone sees it."""

    id: str
    owner: str
    order: Order
    path: Path
    begun: int
    state: State = State.WAITING
    share: float = 0.0
    fault: str = ""

    @property
    def under_way(self) -> bool:
        return self.state in (State.WAITING, State.RUNNING)


class Exports:
    """The files that are being made or wait to be fetched; a worker of the server."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._folder = unit.folder / FOLDER
        self._lock = threading.Lock()
        self._all: dict[str, Export] = {}
        self._line: queue.SimpleQueue[Export | None] = queue.SimpleQueue()
        self._process: BaseProcess | None = None
        self._thread = threading.Thread(target=self._work, name="exports", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Cancel what is under way; no file stays."""
        self._line.put(None)
        for one in list(self._all.values()):
            self._cancel(one)
        if self._thread.is_alive():
            self._thread.join(10)
        shutil.rmtree(self._folder, ignore_errors=True)

    def begin(self, owner: str, order: Order) -> Export:
        """Have a file made; raises TooManyExports."""
        with self._lock:
            if sum(one.under_way for one in self._all.values() if one.owner == owner) >= AT_ONCE:
                raise TooManyExports
            id = secrets.token_hex(8)
            made = self._all[id] = Export(id, owner, order, self._folder / id / order.name, self._unit.now().steady)
        self._line.put(made)
        return made

    def of(self, owner: str) -> list[Export]:
        """The owner's exports, the newest first."""
        return [one for one in reversed(list(self._all.values())) if one.owner == owner]

    def one(self, owner: str, id: str) -> Export:
        """The owner's export; raises ExportGone."""
        found = self._all.get(id)
        if found is None or found.owner != owner:
            raise ExportGone
        return found

    def cancel(self, owner: str, id: str) -> None:
        """End it and forget its file; raises ExportGone."""
        self._cancel(self.one(owner, id))

    def _cancel(self, one: Export) -> None:
        with self._lock:
            running = one.state is State.RUNNING
            if one.under_way or one.state is State.READY:
                one.state = State.CANCELLED
            if running and self._process is not None:
                self._process.kill()
        if not running:
            self._forget_file(one)

    def sweep(self) -> None:
        """Forget what nobody fetched."""
        oldest = self._unit.now().steady - KEPT_MS
        for one in list(self._all.values()):
            if not one.under_way and one.begun < oldest:
                self._forget_file(one)
                self._all.pop(one.id, None)

    def _forget_file(self, one: Export) -> None:
        shutil.rmtree(one.path.parent, ignore_errors=True)

    def _work(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        while True:
            try:
                one = self._line.get(timeout=SWEEP_EVERY_S)
            except queue.Empty:
                self.sweep()
                continue
            if one is None:
                return
            try:
                self._make(one)
            except Exception:  # outermost loop of a worker
                log.exception("an export failed")
                self._end(one, ReportFailed.message)
            self.sweep()

    def _make(self, one: Export) -> None:
        one.path.parent.mkdir(parents=True, exist_ok=True)
        context = multiprocessing.get_context("spawn")
        inbox, outbox = context.Pipe(duplex=False)
        place = place_of(self._unit.path, self._unit.settings.unit)
        child = context.Process(target=make, args=(outbox, place, one.order, one.path), daemon=True)
        with self._lock:
            if one.state is State.WAITING:
                child.start()
                self._process, one.state = child, State.RUNNING
        outbox.close()
        fault: str | None = ReportFailed.message
        while one.state is State.RUNNING:
            try:
                told = inbox.recv()
            except EOFError:
                break
            if isinstance(told, float):
                one.share = told
            else:
                fault = told
        inbox.close()
        self._end(one, fault)
        if child.pid is not None:
            child.join()

    def _end(self, one: Export, fault: str | None) -> None:
        with self._lock:
            self._process = None
            if one.state is not State.CANCELLED:
                one.state, one.fault = (State.FAILED, fault) if fault else (State.READY, "")
        if one.state is not State.READY:
            self._forget_file(one)


def make(outbox: Connection, place: Place, order: Order, path: Path) -> None:
    """In the process of its own: tells shares, and at last what went wrong or None."""
    process.stand_back()
    fault = None
    try:
        _write(place, order, path, _sparingly(outbox.send))
    except OSError as error:
        fault = FULL if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) else ReportFailed.message
    except Refused as refusal:
        fault = refusal.message
    except MemoryError:
        fault = ReportTooLarge.message
    outbox.send(fault)


def _write(place: Place, order: Order, path: Path, progress: Callable[[float], None]) -> None:
    if order.form in LEGS:
        work.export(place, order.request, LEGS[order.form], order.language, path, progress)
    else:
        write_whole(path, work.write(place, order.request, order.form, order.language, order.whole, progress).data)


def _sparingly(tell: Callable[[float], None]) -> Callable[[float], None]:
    """Tells only whole per cents that are new."""
    last = -1

    def progress(share: float) -> None:
        nonlocal last
        if int(share * 100) > last:
            last = int(share * 100)
            tell(float(share))

    return progress
