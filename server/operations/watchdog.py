"""Telling systemd that the server is ready and well, each time after a real look: it answers over HTTP and can still commit.

The protocol is that of sd_notify(3): datagrams to the socket in `NOTIFY_SOCKET`, and `WATCHDOG_USEC` within which the next
`WATCHDOG=1` must come, or systemd starts the server anew.
"""

from __future__ import annotations

import http.client
import os
import socket
import time
from collections.abc import Callable

from server.errors import UnitError
from server.periodic import Periodic

LOOK_S = 1.0
ANSWER_S = 10.0


class NoAnswer(UnitError):
    """The server did not answer itself, or said that it can't commit."""


def look(host: str, port: int) -> None:
    """One whole turn: connection, request, commit, answer; raises NoAnswer."""
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    line = http.client.HTTPConnection(near, port, timeout=ANSWER_S)
    try:
        line.request("GET", "/readyz")
        status = line.getresponse().status
    except OSError as error:
        raise NoAnswer(f"The server does not answer itself: {error}") from error
    finally:
        line.close()
    if status != 200:
        raise NoAnswer(f"The server is not ready: it answered {status}.")


class Watchdog:
    """Says READY=1 after the first good look, then WATCHDOG=1 after each, three to an interval; a failed look says nothing."""

    def __init__(
        self,
        look: Callable[[], None],
        tell: Callable[[str], None],
        interval_s: float,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._look, self._tell, self._every_s, self._steady = look, tell, interval_s / 3, steady
        self._ready = False
        self._next = 0.0

    def turn(self) -> None:
        if self._ready and self._steady() < self._next:
            return
        self._look()
        self._next = self._steady() + self._every_s
        self._tell("WATCHDOG=1" if self._ready else "READY=1\nWATCHDOG=1")
        self._ready = True


class Supervisor:
    """systemd, as it told this process how to reach it."""

    def __init__(self, address: str, interval_s: float) -> None:
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self.interval_s = interval_s

    @classmethod
    def from_environment(cls) -> Supervisor | None:
        """None when nobody listens (started by hand). Takes the address away, since gunicorn would say READY=1 with it before
        the worker has even begun to load."""
        address = os.environ.pop("NOTIFY_SOCKET", None)
        if address is None:
            return None
        return cls(address, int(os.environ.get("WATCHDOG_USEC", "60000000")) / 1_000_000)

    def tell(self, message: str) -> None:
        """One datagram."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
            line.connect(self._address)
            line.sendall(message.encode())


def watchdog(supervisor: Supervisor, host: str, port: int) -> Periodic:
    """The worker that looks and tells."""
    return Periodic("watchdog", Watchdog(lambda: look(host, port), supervisor.tell, supervisor.interval_s).turn, LOOK_S)
