"""Printers for tests: real sockets and ptys around `SoftwarePrinter`, with the ways in which real ones fail."""

from __future__ import annotations

import os
import pty
import select
import socket
import threading
import tty
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from printers.profiles import CodePage
from printers.receiver.paper import Ticket
from printers.receiver.printer import Fault, SoftwarePrinter

PAGE = CodePage(16, "cp1252")


def _nothing(_: int) -> None:
    """What most tests do with each byte."""


class Wire:
    """Serves one `SoftwarePrinter` in a thread and lets a test wait for what happens to it."""

    def __init__(self, width_dots: int = 576, *, answers: bool = True, reads: bool = True) -> None:
        self.printer = SoftwarePrinter(width_dots, PAGE)
        self.answers, self.reads = answers, reads
        self.chunk = 4096
        """Bytes taken at a time."""
        self.babble: bytes | None = None
        """Sent instead of every answer: a wrong baud rate, another device."""
        self.received = bytearray()
        self.on_bytes: Callable[[int], None] = _nothing
        """Called with the number of bytes received so far, before the printer sees the last of them."""
        self._changed = threading.Condition()
        self._wake_read, self._wake_write = os.pipe()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def wait(self, met: Callable[[], bool], seconds: float = 10.0) -> bool:
        """Waits until something is so of this printer; whether it came to be."""
        with self._changed:
            return self._changed.wait_for(met, seconds)

    def fault(self, fault: Fault, present: bool = True) -> None:
        """Sets or clears a fault, and tells the other end what a printer would."""
        with self._changed:
            self._answer(self.printer.fault(fault, present))
            self._changed.notify_all()

    @property
    def tickets(self) -> list[Ticket]:
        return self.printer.tickets

    def take(self, data: bytes) -> None:
        """What arrives from the other end."""
        with self._changed:
            self.received += data
            self.on_bytes(len(self.received))
            answers = self.printer.receive(data)
            if self.babble is not None and answers:
                answers = self.babble
            self._answer(answers)
            self._changed.notify_all()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends the serving thread, unless it is the one that asks: that one sees for itself that its line is gone."""
        if threading.current_thread() is not self._thread:
            os.write(self._wake_write, b"x")
            self._thread.join(10)

    def resume(self) -> None:
        """Reads again after `reads` was False."""
        self.reads = True
        os.write(self._wake_write, b"r")

    def _answer(self, data: bytes) -> None:
        if data and self.answers:
            with suppress(OSError):
                self._send(data)

    def _send(self, data: bytes) -> None:
        raise NotImplementedError

    def _serve(self) -> None:
        raise NotImplementedError

    def _stopped(self, *others: int) -> bool:
        """Waits until something can be read, there or here; whether it is time to stop."""
        ready = select.select([self._wake_read, *others], [], [])[0]
        word = os.read(self._wake_read, 1) if self._wake_read in ready else b""
        if word == b"b":
            self._break()
        return word == b"x"

    def _break(self) -> None:
        """Breaks the connection, where the line has such a thing."""

    def _has(self, other: int) -> bool:
        return bool(select.select([other], [], [], 0)[0])


class TcpPrinter(Wire):
    """A network printer on a free port of the loopback; one connection at a time, as most have it."""

    def __init__(self, width_dots: int = 576, *, answers: bool = True, reads: bool = True, host: str = "127.0.0.1") -> None:
        super().__init__(width_dots, answers=answers, reads=reads)
        self._host = host
        self._listen(0)
        self.connections = 0
        self._line: socket.socket | None = None

    def _listen(self, port: int) -> None:
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if not self.reads:  # a small window, so that a printer that never reads is noticed soon
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        self._listener.bind((self._host, port))
        self._listener.listen(4)
        self.port = int(self._listener.getsockname()[1])

    def __enter__(self) -> TcpPrinter:
        self.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()
        self._listener.close()
        if self._line is not None:
            self._line.close()

    def pull(self) -> None:
        """Nobody can connect any more, and the connection that there was is gone."""
        self.stop()
        self.reset()
        self._listener.close()

    def plug(self) -> None:
        """The printer can be reached again, at the same address."""
        self._listen(self.port)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.start()

    def reset(self) -> None:
        """Breaks the connection as a printer that is switched off and on does."""
        if threading.current_thread() is self._thread or not self._thread.is_alive():
            self._break()
            return
        with self._changed:
            os.write(self._wake_write, b"b")
            self._changed.wait_for(lambda: self._line is None, 10)

    def _break(self) -> None:
        with self._changed:
            line, self._line = self._line, None
            if line is not None:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                line.close()
            self._changed.notify_all()

    def _send(self, data: bytes) -> None:
        if self._line is not None:
            self._line.sendall(data)

    def _serve(self) -> None:
        while True:
            line = self._line
            if line is None:
                if self._stopped(self._listener.fileno()):
                    return
                self._line, _ = self._listener.accept()
                with self._changed:
                    self.connections += 1
                    self._changed.notify_all()
                continue
            if self._stopped(*([line.fileno()] if self.reads else [])):
                return
            if self.reads and self._line is line and self._has(line.fileno()):
                self._read(line)

    def _read(self, line: socket.socket) -> None:
        try:
            data = line.recv(self.chunk)
        except OSError:
            data = b""
        if data:
            self.take(data)
        elif self._line is line:
            self._line = None
            line.close()


class PtyPrinter(Wire):
    """A serial printer on a pseudo-terminal. `path` is its device; it stays the same when the cable is put in again."""

    def __init__(self, width_dots: int = 576, *, answers: bool = True, reads: bool = True, link: Path | None = None) -> None:
        super().__init__(width_dots, answers=answers, reads=reads)
        self._link = link
        self._master, self._slave, self._name = -1, -1, ""
        self._open()

    @property
    def path(self) -> str:
        """The device, or the link to it as /dev/serial/by-id has one."""
        return str(self._link or self._name)

    def __enter__(self) -> PtyPrinter:
        self.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.pull()

    def pull(self) -> None:
        """Pulls the cable: the device is gone for whoever has it open."""
        if self._master < 0:
            return
        self.stop()
        for number in (self._master, self._slave):
            os.close(number)
        self._master = -1
        if self._link is not None:
            self._link.unlink()

    def plug(self) -> None:
        """Puts the cable in again."""
        self._open()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.start()

    def _open(self) -> None:
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self._name = os.ttyname(self._slave)
        if self._link is not None:
            self._link.symlink_to(self._name)

    def _send(self, data: bytes) -> None:
        os.write(self._master, data)

    def _serve(self) -> None:
        while self._master >= 0:
            if self._stopped(*([self._master] if self.reads else [])):
                return
            if self.reads and self._has(self._master):
                self.take(os.read(self._master, self.chunk))
