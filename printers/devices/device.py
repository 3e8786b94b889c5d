"""A printer behind any transport: sending, asking and confirming, the same for all of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable

from printers.commands import INITIALIZE
from printers.devices.config import PrinterConfig
from printers.devices.link import Link
from printers.errors import PrinterError, PrinterUnreachable, SendingInterrupted
from printers.profiles import Profile
from printers.slip import Slip
from printers.status import (
    ASK_ALL,
    ASK_WHEN_DONE,
    NOT_ASKED,
    PUSH_CHANGES,
    PrinterStatus,
    Replies,
    ask_process_id,
    from_pushed,
    from_realtime,
)
from printers.stored import ACKNOWLEDGE, ASK_NAMES, MORE, NAMES_HEADER, fixed_pictures, plan
from printers.told import Says, Told, told

#: Bytes that make no sense, in one conversation, before the line is called wrong.
_GARBAGE = 3
#: Seconds between two looks for a fault while a ticket is being printed.
_LOOK_AGAIN = 0.5


class Device:
    """A printer that is asked before, and confirmed after, every job. Safe to use from several threads."""

    def __init__(self, config: PrinterConfig, link: Link, clock: Callable[[], float] = time.monotonic) -> None:
        self.config = config
        self.name = config.name
        self.profile: Profile = config.printer_profile()
        self.lock = threading.RLock()
        self._link, self._clock = link, clock
        self._replies = Replies()
        self._answered: bool | None = {"yes": True, "no": False}.get(config.answers)
        self._jobs = 0
        self.stored: dict[str, bytes] = {}
        """Names of the pictures that the printer is known to keep, by content; forgotten when the line is opened anew."""
        self.cut_short = False
        """Whether the last job may have ended in the middle of a command."""
        self.last_status = NOT_ASKED

    @property
    def place(self) -> str:
        """Where the printer is, in words."""
        return self._link.place

    @property
    def link(self) -> Link:
        """The line itself."""
        return self._link

    def pictures(self) -> list[tuple[str, bytes]]:
        """The last tickets of a virtual printer as (id, PNG), newest first; nothing from one that has paper."""
        kept: Callable[[], list[tuple[str, bytes]]] | None = getattr(self._link, "pictures", None)
        return kept() if kept else []

    @property
    def by_process_id(self) -> bool:
        """Whether a ticket is confirmed by GS ( H, which is answered when the paper has come out."""
        return self.config.confirm == "process-id" or (self.config.confirm == "auto" and self.profile.process_ids)

    @property
    def answers(self) -> bool:
        """Whether this printer is known to answer."""
        return bool(self._answered)

    def close(self) -> None:
        """Closes the line; the next use opens it again."""
        with self.lock:
            self._link.close()
            self._replies.clear()

    def status(self) -> PrinterStatus:
        """Asks the printer (DLE EOT 1 to 4). Never raises: an unreachable printer is `offline` with the reason."""
        with self.lock:
            self.last_status = self._asked()
            return self.last_status

    def heard(self) -> PrinterStatus:
        """The last known status, with what the printer has pushed since (ASB); sends nothing and does not wait."""
        return self.listen(0)

    def listen(self, seconds: float) -> PrinterStatus:
        """The same, waiting up to so many seconds for the printer to push a change; no job can be sent meanwhile."""
        with self.lock:
            if self.config.answers == "no":
                return self.last_status
            self._replies.pushed()
            try:
                self._open()
                self._wait(self._replies.has_pushed, seconds)
            except PrinterError as error:
                self._link.close()
                self.last_status = PrinterStatus("offline", error.told)
            frame = self._replies.pushed()
            if frame is not None:
                self.last_status = from_pushed(frame)
            return self.last_status

    def recover(self, data: bytes) -> None:
        """Sends what ends a cut job, and asks afresh whether the printer answers: it may have been unable to."""
        with self.lock:
            self.send(data)
            self.cut_short = False
            self._answered = {"yes": True, "no": False}.get(self.config.answers)

    def send(self, data: bytes) -> None:
        """Hands bytes to the printer. Raises PrinterUnreachable (nothing went out) or SendingInterrupted."""
        with self.lock:
            self._open()
            self._link.write(data)

    def keep(self, slips: Iterable[Slip]) -> int:
        """Has the printer keep the fixed parts of these slips; the number of pictures that had to be written.

        Does nothing where `graphics` is not `stored`. Call it when a printer is ready and when services change.
        Raises PrinterError when the printer can't be asked or does not take them; tickets print without, then.
        """
        if not self.profile.stored_graphics:
            return 0
        with self.lock:
            self.stored = {}
            self._open()
            chosen = plan(fixed_pictures(slips, self.profile), self._names())
            if chosen.commands:
                self.cut_short = True
                self._link.write(INITIALIZE + chosen.commands)
                if self.confirm(self.config.timeout) is None:
                    raise SendingInterrupted(told(Says.PICTURES_NOT_STORED, place=self.place))
                self.cut_short = False
            self.stored = chosen.names
            return chosen.written

    def _names(self) -> frozenset[bytes]:
        """The names of the pictures in the printer (GS ( L function 64)."""
        self._collect(0)
        self._replies.clear()
        self._link.write(ASK_NAMES)
        names: set[bytes] = set()
        while True:
            if not self._wait(lambda: bool(self._replies.blocks), self.config.answer_timeout):
                raise SendingInterrupted(told(Says.PICTURES_NOT_TOLD, place=self.place))
            block = self._replies.blocks.popleft()
            if not block.startswith(NAMES_HEADER):
                continue
            self._link.write(ACKNOWLEDGE)
            data = block[len(NAMES_HEADER) + 1 :]
            names.update(data[place : place + 2] for place in range(0, len(data) - 1, 2))
            if block[len(NAMES_HEADER)] != MORE:
                return frozenset(names)

    def _open(self) -> None:
        if self._link.open():
            # What is behind a new line may be another printer.
            self.stored = {}

    def confirm(self, seconds: float) -> PrinterStatus | None:
        """After a job: waits until the printer says that it is done, then asks how it is.

        Returns as soon as a fault shows; None when the printer said nothing within so many seconds. Raises
        SendingInterrupted when the line broke.
        """
        with self.lock:
            done = self._ask_when_done()
            until = self._clock() + seconds
            while not self._wait(done, min(_LOOK_AGAIN, max(0.001, until - self._clock()))):
                fault = self._fault()
                if fault is not None or self._clock() >= until:
                    return fault
            status = self._asked()
            self.last_status = status
            return status

    def _ask_when_done(self) -> Callable[[], bool]:
        """Sends the question that is answered when all before it is printed; whether the answer has come."""
        if self.by_process_id:
            identifier = self._identifier()
            self._link.write(PUSH_CHANGES + ask_process_id(identifier))
            return lambda: any(identifier in block for block in self._replies.blocks)
        before = len(self._replies.done)
        # Pushed statuses end with the job's ESC @, so they are asked for again with each job.
        self._link.write(PUSH_CHANGES + ASK_WHEN_DONE)
        return lambda: len(self._replies.done) > before

    def _fault(self) -> PrinterStatus | None:
        """The fault that shows while a job is printed, else None; a busy line may not answer, which is no fault."""
        self._replies.realtime.clear()
        self._link.write(ASK_ALL)
        if not self._wait(lambda: len(self._replies.realtime) >= 4, min(_LOOK_AGAIN, self.config.answer_timeout)):
            return None
        self.last_status = from_realtime(*list(self._replies.realtime)[:4])
        return self.last_status if self.last_status.blocks else None

    def _identifier(self) -> bytes:
        self._jobs += 1
        return f"{self._jobs % 10000:04d}".encode("ascii")

    def _asked(self) -> PrinterStatus:
        if self._answered is False and self.config.answers == "no":
            return PrinterStatus("unknown", told(Says.NOT_ASKABLE))
        try:
            return self._ask()
        except SendingInterrupted:
            # A line that broke while it lay idle is opened again, once: nothing of a job has gone out.
            self._link.close()
        try:
            return self._ask()
        except PrinterError as error:
            self._link.close()
            return PrinterStatus("offline", error.told)

    def _ask(self) -> PrinterStatus:
        try:
            self._open()
        except PrinterUnreachable as error:
            return PrinterStatus("offline", error.told)
        self._collect(0)
        if self._replies.realtime:
            self._answered = True  # late, but it does answer
        self._replies.clear()
        self._link.write(ASK_ALL)
        wait = 0.0 if self._answered is False else self.config.answer_timeout
        four = self._wait(lambda: len(self._replies.realtime) >= 4, wait)
        if four:
            self._answered = True
            return from_realtime(*list(self._replies.realtime)[-4:])
        if self._replies.garbage >= _GARBAGE:
            return PrinterStatus("error", self._nonsense())
        return self._one_by_one() if self._replies.realtime else self._silent()

    def _one_by_one(self) -> PrinterStatus:
        """For printers that lose requests sent together, or know only some of them; what is not answered is well."""
        self._replies.clear()
        answers = []
        for number in (1, 2, 3, 4):
            self._link.write(b"\x10\x04" + bytes((number,)))
            heard = self._wait(lambda: bool(self._replies.realtime), self.config.answer_timeout)
            answers.append(self._replies.realtime.popleft() if heard else 0x12)
        self._answered = True
        return from_realtime(*answers)

    def _silent(self) -> PrinterStatus:
        if self._answered:
            self._link.close()
            return PrinterStatus("offline", told(Says.SILENT, place=self.place))
        self._answered = False
        return PrinterStatus("unknown", told(Says.NO_STATUS, place=self.place))

    def _nonsense(self) -> Told:
        if self.config.transport == "serial":
            return told(Says.NONSENSE_SERIAL, place=self.place, baudrate=self.config.baudrate)
        return told(Says.NONSENSE, place=self.place)

    def _wait(self, met: Callable[[], bool], seconds: float) -> bool:
        until = self._clock() + seconds
        while not met():
            left = until - self._clock()
            if left <= 0 and seconds > 0:
                return False
            if not self._collect(max(0.0, left)) and seconds <= 0:
                return met()
        return True

    def _collect(self, seconds: float) -> bool:
        """Reads what has arrived; whether anything had."""
        data = self._link.read(seconds)
        self._replies.feed(data)
        return bool(data)
