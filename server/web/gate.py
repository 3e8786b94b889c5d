"""How many websockets there may be: each holds a thread, and enough must be left for requests.

One address may have half of them, so that a single machine in the network can't shut the hall's screens out; the unit's own
(127.0.0.1) may have all. A few more are let in so far that a screen can be told that there is no place for it; beyond that a
handshake is refused at once with a sentence. Either way the screen tries again by itself.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections import Counter
from typing import Any

SEND_S = 10
"""A screen that takes nothing for so long is given up."""
STANDING = 4
"""So many at a time are let in only to be told that all places are taken."""
LOCAL = ("127.0.0.1", "::1")


class Gate:
    """WSGI middleware around the application."""

    def __init__(self, application: Any, most: int) -> None:
        self._application = application
        self.most = most
        self._open: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if environ.get("HTTP_UPGRADE", "").lower() != "websocket":
            return self._application(environ, start_response)
        address = environ.get("REMOTE_ADDR", "")
        if not self._enter(address):
            headers = [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", "10"), ("Connection", "close")]
            start_response("503 Service Unavailable", headers)
            return [b"Too many screens are connected; try again in 10 seconds.\n"]
        try:
            if sock := environ.get("gunicorn.socket"):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", SEND_S, 0))
            return self._application(environ, start_response)
        finally:
            self._leave(address)

    def _enter(self, address: str) -> bool:
        with self._lock:
            all_ = self.most + STANDING
            own = all_ if address in LOCAL else self.most // 2
            if self._open.total() >= all_ or self._open[address] >= own:
                return False
            self._open[address] += 1
            return True

    def _leave(self, address: str) -> None:
        with self._lock:
            self._open[address] -= 1
            if not self._open[address]:
                del self._open[address]
