"""LED boards on serial lines: each shows the last call of its counters. One that fails never stops the queue.

A thread a board: it is woken after every commit, reads the calls, and writes the one whose turn it is (display/holding.py) when
that changed, again every REPEAT_S (a board that was switched off comes back blank). When its line comes back the newest is
written at once.
"""

from __future__ import annotations

import logging
import termios
import threading
import time
from contextlib import suppress
from typing import Any

import serial

from display.boards import MAKES
from display.holding import EMPTY, HOLD_S, Holding, Shown
from server.settings import BoardSettings
from server.unit import Unit

log = logging.getLogger(__name__)

RETRY_S = 2.0
REPEAT_S = 30.0
WRITE_WITHIN_S = 5.0
GOODBYE_S = 10.0
BROKEN = (OSError, termios.error)
"""How a line fails: pyserial lets termios's own error through, which is no OSError."""


class Board:
    """One `[[boards]]` table at work."""

    def __init__(self, unit: Unit, config: BoardSettings) -> None:
        self._unit = unit
        self._config = config
        self._make = MAKES[config.make]
        self._line: Any = None
        self._holding = Holding(HOLD_S)
        self._shown: Shown | None = None
        self._shown_at = 0.0
        self._fault = ""
        self._something = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name=f"board-{config.name}", daemon=True)

    def start(self) -> None:
        self._unit.after_commit.append(self._wake)
        self._thread.start()

    def stop(self) -> None:
        """The board goes dark for the night, if its line still takes anything."""
        self._stopping.set()
        self._something.set()
        if self._thread.is_alive():
            self._thread.join(GOODBYE_S)

    def _wake(self, conn: Any) -> None:
        self._something.set()

    def _work(self) -> None:
        while not self._stopping.is_set():
            self._something.clear()
            try:
                pause = self._turn()
            except Exception:  # outermost loop of a worker
                log.exception("board %s failed; it is tried again", self._config.name)
                pause = RETRY_S
            self._something.wait(pause)
        with suppress(*BROKEN):
            self._write(EMPTY)
        self._close()

    def _turn(self) -> float:
        """Show the call whose turn it is; seconds until the next turn at the latest."""
        self._holding.take(self._calls())
        now = time.monotonic()
        next_s = self._holding.tick(now)
        shown = self._holding.shown
        if shown != self._shown or now - self._shown_at >= REPEAT_S:
            try:
                self._write(shown)
            except BROKEN as error:
                self._lost(error)
                self._stopping.wait(RETRY_S)
                return 0
            self._shown, self._shown_at = shown, now
        repeat_s = self._shown_at + REPEAT_S - now
        return repeat_s if next_s is None else min(next_s, repeat_s)

    def _calls(self) -> list[Shown]:
        """The newest calls of today to this board's counters, newest first."""
        wanted = self._config.counters
        with self._unit.reading() as conn:
            calls = self._unit.hall.calls(conn, self._unit.now(), of_each_counter=bool(wanted))
        return [
            Shown(call["ticket"], call["counter"], call["called_at"], call["recalls"])
            for call in calls
            if not wanted or call["counter"] in wanted
        ]

    def _write(self, call: Shown) -> None:
        """Send one frame, opening the line first where it is closed; raises one of BROKEN."""
        if self._line is None:
            self._line = self._open()
        self._line.write(self._make.frame(call.ticket, call.counter, self._config.address))
        self._line.flush()
        if self._fault:
            log.info("board %s answers again", self._config.name)
            self._fault = ""

    def _open(self) -> Any:
        line, port = self._make.line, self._config.port
        try:
            return serial.serial_for_url(
                port,
                baudrate=self._config.baud or line.baud,
                bytesize=line.bits,
                parity=line.parity,
                stopbits=line.stop_bits,
                # pyserial's RFC 2217 client refuses a write timeout; its socket gives up by itself.
                write_timeout=None if port.startswith("rfc2217:") else WRITE_WITHIN_S,
                exclusive=None if "://" in port else True,
            )
        except ValueError as error:
            raise OSError(str(error)) from error

    def _lost(self, error: Exception) -> None:
        """Give the line up; said once in the log, not every two seconds."""
        if self._line is not None:
            with suppress(*BROKEN):  # else closing would wait for a board that takes nothing
                self._line.reset_output_buffer()
        self._close()
        self._holding, self._shown = Holding(HOLD_S), None  # what waited is old news when the line is back
        if str(error) != self._fault:
            self._fault = str(error)
            log.warning("board %s at %s: %s", self._config.name, self._config.port, error)

    def _close(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            with suppress(*BROKEN):
                line.close()


def boards(unit: Unit) -> list[Board]:
    """The boards of unit.toml."""
    return [Board(unit, config) for config in unit.settings.boards]
