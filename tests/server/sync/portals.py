"""A portal to order: a real HTTP server on loopback that keeps what it is told and answers as the test says."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc.jwk import OKPKey

JSON = "application/json"
PROBLEM = "application/problem+json"
KEY = {
    **OKPKey.generate_key("X25519").as_dict(private=False), "kid": "k1",
    "valid_from": "2026-01-01T00:00:00.000Z", "valid_until": "2028-01-01T00:00:00.000Z",
}  # fmt: skip


@dataclass
class Reply:
    """One answer; `cut` closes the line after so many bytes of the body, `lost` keeps what was sent and then says nothing."""

    status: int = 200
    body: Any = None
    kind: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    lost: bool = False


def problem(status: int, slug: str, **headers: str) -> Reply:
    return Reply(status, {"type": f"urn:istiqbal:problem:{slug}", "title": slug}, PROBLEM, dict(headers))


class TrialPortal:
    """Stores events by id; `replies` are given first, one per request, then it behaves as the contract says."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.events: dict[str, dict[str, Any]] = {}
        self.order: list[str] = []
        self.submissions: dict[str, dict[str, Any]] = {}
        self.replies: list[Reply | None] = []
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.judge: Callable[[dict[str, Any]], dict[str, str] | None] = lambda _: None
        self.version = "1.0"
        portal = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                portal._answer(self, b"")

            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                body = self.rfile.read(length)
                if len(body) == length:
                    portal._answer(self, body)
                else:
                    self.close_connection = True

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if context is not None:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"http{'s' if context else ''}://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        self.requests.append(
            (f"{handler.command} {handler.path}", {name.lower(): value for name, value in handler.headers.items()})
        )
        ordered = self.replies.pop(0) if self.replies else None
        by_itself = ordered is None or ordered.lost or ordered.cut is not None
        reply = self._behave(handler, body) if ordered is None or by_itself else ordered
        content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        if ordered is not None and ordered.lost:
            handler.close_connection = True
            return
        handler.send_response(reply.status)
        for name, value in {"Content-Type": reply.kind, "Istiqbal-Contract": self.version, **reply.headers}.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content if ordered is None or ordered.cut is None else content[: ordered.cut])
        handler.close_connection = handler.close_connection or (ordered is not None and ordered.cut is not None)

    def _behave(self, handler: BaseHTTPRequestHandler, body: bytes) -> Reply:
        if handler.path == "/v1/token":
            return Reply(200, {"access_token": f"token-{len(self.requests)}", "token_type": "Bearer", "expires_in": 900})
        if handler.path == "/v1/keys":
            return Reply(200, {"keys": [KEY]})
        if handler.path == "/v1/submissions":
            one = json.loads(body)
            known = one["reference"] in self.submissions
            self.submissions.setdefault(one["reference"], one)
            return Reply(200 if known else 201, {"reference": one["reference"], "stage": "transmitted"})
        return Reply(200, {"verdicts": [self._store(event) for event in json.loads(gzip.decompress(body))]})

    def _store(self, event: dict[str, Any]) -> dict[str, str]:
        if (bad := self.judge(event)) is not None:
            return {"id": event["id"], **bad}
        known = event["id"] in self.events
        if not known:
            self.events[event["id"]] = event
            self.order.append(event["id"])
        return {"id": event["id"], "verdict": "duplicate" if known else "stored"}


class CutLine:
    """A line to a portal that breaks when so many bytes have gone up, or come down; None lets everything through."""

    def __init__(self, portal: TrialPortal) -> None:
        self.up: int | None = None
        self.down: int | None = None
        self._portal = int(portal.url.rpartition(":")[2])
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()

    def _serve(self) -> None:
        while True:
            try:
                unit, _ = self._door.accept()
            except OSError:
                return
            portal = socket.create_connection(("127.0.0.1", self._portal))
            up = threading.Thread(target=_carry, args=(unit, portal, self.up), daemon=True)
            up.start()
            _carry(portal, unit, self.down)
            up.join()
            unit.close()
            portal.close()


def _carry(source: socket.socket, target: socket.socket, most: int | None) -> None:
    """Bytes from one side to the other; both lines are hung up when one ends or `most` have gone."""
    gone = 0
    with contextlib.suppress(OSError):
        while most is None or gone < most:
            if not (some := source.recv(65536 if most is None else min(65536, most - gone))):
                break
            target.sendall(some)
            gone += len(some)
    for line in (source, target):
        with contextlib.suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)
