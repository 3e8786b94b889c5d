"""gunicorn's worker of threads, made so that connections that are idle, slow or many can't take the threads of the others.

What gunicorn 27 does otherwise, seen with `make faults`: a new connection holds a thread for five seconds before it has said
anything; half a request head holds one for ever, and so does the rest of a body that nobody reads when it comes a byte every four
seconds; and a client that does not close its end stops the accepting of all others for two seconds. Here a connection gets a thread
when it has said something, a head must be whole within HEAD_S and a body within BODY_S or come at BODY_RATE at least, one address
can have only so many heads under way, and the lingering is done in the connection's own thread.
"""

from __future__ import annotations

import contextlib
import errno
import selectors
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from gunicorn import util
from gunicorn.workers.gthread import TConn, ThreadWorker

from server.periodic import Periodic

HEAD_S = 10.0
BODY_S = 30.0
BODY_RATE = 128 * 1024
"""A body has a second more for each so many bytes that have come: a film of 60 MB over Wi-Fi is let through, drips earn nothing."""
REST_S = 5.0
"""How long the rest of a body that the application did not read may take to arrive, before the connection is given up."""
SILENT_S = 15.0
"""How long a new connection may say nothing at all."""
SEND_S = 20
"""How long one send to a client that takes nothing may last; a websocket has less (`server.web.gate`)."""
LINGER_S = 0.5
HEADS_OF_ONE_ADDRESS = 32
CONNECTIONS = 4000
_NOT_OUR_FAULT = (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK, errno.EMFILE, errno.ENFILE)


class Slow:
    """Sockets from which something is being read, with the moment by which it must be there; later ones are cut off."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self.steady = steady
        self._lock = threading.Lock()
        self._until: dict[int, tuple[float, str, Any]] = {}
        self._of_address: Counter[str] = Counter()

    def begin(self, sock: Any, address: str, within_s: float, most: int | None = None) -> bool:
        """False when this address has `most` under way already."""
        with self._lock:
            if most is not None and self._of_address[address] >= most:
                return False
            self._until[id(sock)] = (self.steady() + within_s, address, sock)
            self._of_address[address] += 1
            return True

    def end(self, sock: Any) -> None:
        """It was read, or is given up; nothing when that was said before."""
        with self._lock:
            if found := self._until.pop(id(sock), None):
                self._of_address[found[1]] -= 1
                if not self._of_address[found[1]]:
                    del self._of_address[found[1]]

    def cut_off(self) -> None:
        """Shut down the sockets whose time is over; whoever reads from them then finds them closed."""
        now = self.steady()
        with self._lock:
            late = [sock for until, _, sock in self._until.values() if until < now]
        for sock in late:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def watch(self) -> Periodic:
        return Periodic("slow connections", self.cut_off, 1.0)


class Connection(TConn):  # type: ignore[misc]  # gunicorn is untyped
    """A connection that may be closed twice, and never lingers in the thread that accepts."""

    def close(self, graceful: bool = False) -> None:
        if self.sock.fileno() >= 0:
            util.close(self.sock)

    def linger(self) -> None:
        """Let the client take the last answer before the connection is gone."""
        if self.sock.fileno() >= 0:
            util.close_graceful(self.sock, timeout=LINGER_S)


class Worker(ThreadWorker):  # type: ignore[misc]
    """Needs `app.slow` (Slow) and `app.near` (addresses that stand for many others: the trusted proxies)."""

    def accept(self, listener: socket.socket) -> None:
        """A new connection waits in the poller until it says something."""
        try:
            sock, address = listener.accept()
        except OSError as error:
            if error.errno not in _NOT_OUR_FAULT:
                raise
            return
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", SEND_S, 0))
        self.nr_conns += 1
        conn = Connection(self.cfg, sock, address, listener.getsockname())
        conn.timeout = time.monotonic() + SILENT_S
        self.pending_conns.append(conn)
        self.poller.register(sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def handle(self, conn: Connection) -> Any:
        address = conn.client[0] if isinstance(conn.client, tuple) else ""
        most = None if address in self.app.near else HEADS_OF_ONE_ADDRESS
        if not self.app.slow.begin(conn.sock, address, HEAD_S, most):
            return False
        try:
            again = super().handle(conn)
        finally:
            self.app.slow.end(conn.sock)
        if again is False:
            conn.linger()
        return again

    def _keepalive_after(self, conn: Connection, keepalive: bool) -> Any:
        """gunicorn's own limit on reading the rest of a body away begins anew with every byte."""
        self.app.slow.begin(conn.sock, "", REST_S)
        try:
            return super()._keepalive_after(conn, keepalive)
        finally:
            self.app.slow.end(conn.sock)


def head_read(worker: Worker, request: Any) -> None:
    """gunicorn's `pre_request`: the head is whole, what follows takes as long as it takes."""
    worker.app.slow.end(request.unreader.sock)


class Bodies:
    """WSGI middleware: a request's body must arrive within BODY_S, or go on at BODY_RATE at least."""

    def __init__(self, application: Any, slow: Slow) -> None:
        self._application, self._slow = application, slow

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if sock := environ.get("gunicorn.socket"):
            environ["wsgi.input"] = TimedBody(environ["wsgi.input"], sock, self._slow)
        return self._application(environ, start_response)


class TimedBody:
    """A body's stream. All reads share its time: one byte now and then does not begin it anew."""

    def __init__(self, stream: Any, sock: Any, slow: Slow) -> None:
        self._stream, self._sock, self._slow = stream, sock, slow
        self._until = slow.steady() + BODY_S

    def read(self, size: int = -1) -> bytes:
        return self._timed(self._stream.read, size)

    def readline(self, size: int = -1) -> bytes:
        return self._timed(self._stream.readline, size)

    def _timed(self, read: Callable[[int], bytes], size: int) -> bytes:
        self._slow.begin(self._sock, "", self._until - self._slow.steady())
        try:
            data = read(size)
        finally:
            self._slow.end(self._sock)
        self._until += len(data) / BODY_RATE
        return data
