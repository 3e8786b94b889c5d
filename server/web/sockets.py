"""Websockets as cheap as threads allow: a broadcast is framed once, and each screen's queue is the interpreter's own.

python-engineio takes its queue and its websocket from a table of the async mode; these two replace the table's. They lean
on exact versions (pinned in setup.cfg) and are held by `tests/server/web/test_sockets.py`.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import socket
import struct
from typing import Any

from engineio.async_drivers._websocket_wsgi import SimpleWebSocketWSGI

log = logging.getLogger(__name__)

TEXT, LAST_FRAGMENT = 0x1, 0x80
GOODBYE_US = 200_000


class Outbox(queue.SimpleQueue[Any]):
    """A screen's queue; waking its thread costs a fraction of what `queue.Queue` takes."""

    def __init__(self, maxsize: int = 0) -> None:
        super().__init__()

    def task_done(self) -> None:
        """Nobody waits for a screen's queue to be worked off."""

    def join(self) -> None:
        """See task_done."""


class FramedOnce(SimpleWebSocketWSGI):  # type: ignore[misc]  # engineio is untyped
    """Sends a text message by a frame that is made once for all screens that get the same message."""

    _last: tuple[str, bytes] = ("", b"")

    def send(self, message: str | bytes) -> None:
        """Raises OSError when the screen is gone."""
        if not isinstance(message, str):
            super().send(message)
            return
        if not self.ws.connected:
            raise OSError("the screen is gone")
        said, framed = FramedOnce._last
        if said is not message:
            framed = frame(message)
            FramedOnce._last = (message, framed)
        self.ws.sock.sendall(framed)

    def __call__(self, environ: Any, start_response: Any) -> Any:
        """The whole life of a screen's connection; one that speaks nonsense is hung up on."""
        try:
            return super().__call__(environ, start_response)
        except StopIteration:  # how gunicorn is told that the connection is done with
            raise
        except (ValueError, TypeError, IndexError, KeyError, AttributeError) as error:
            log.info("a socket spoke nonsense (%s)", type(error).__name__)
            self.close()
            raise StopIteration from None

    def close(self) -> None:
        """Say goodbye and hang up, also on a screen that takes nothing: its reading thread ends with the connection."""
        with contextlib.suppress(OSError):
            self.ws.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", 0, GOODBYE_US))
            super().close()
        with contextlib.suppress(OSError):
            self.ws.sock.shutdown(socket.SHUT_RDWR)


def frame(message: str) -> bytes:
    """An unmasked, unfragmented text frame (RFC 6455, section 5.2)."""
    data = message.encode()
    if len(data) < 126:
        head = struct.pack("!BB", LAST_FRAGMENT | TEXT, len(data))
    elif len(data) < 1 << 16:
        head = struct.pack("!BBH", LAST_FRAGMENT | TEXT, 126, len(data))
    else:
        head = struct.pack("!BBQ", LAST_FRAGMENT | TEXT, 127, len(data))
    return head + data


def make_cheap(engine: Any) -> None:
    """Have an engineio server use the two; its sockets made from now on do."""
    engine._async = {**engine._async, "queue": Outbox, "websocket": FramedOnce}


class NoCompression:
    """WSGI middleware: screens get no permessage-deflate, which costs 94 KB a client and half as much again in time."""

    def __init__(self, application: Any) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        return self._application(environ, start_response)
