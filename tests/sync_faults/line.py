"""A faulty line: a proxy on loopback between the unit and the portal that loses, cuts, damages and refuses as the dice say."""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import socket
import threading
import time
from collections import Counter
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LOST, CUT, SEVERED, DAMAGED, HTML = "reply lost", "reply cut", "request cut", "body truncated by a proxy", "200 with HTML"
STORM, STORM_ASKING = "503", "503 with Retry-After"
PORTAL_AWAY = "portal away"
SHARES = {LOST: 0.20, CUT: 0.05, SEVERED: 0.05, DAMAGED: 0.03, HTML: 0.03}
"""How often each happens to a request; LOST and CUT after the portal has done its work."""
FEWEST_LOST = 0.20
"""The share of all requests whose reply is lost at least: what the dice, storms and a dead portal leave short is made up for."""
STORM_BEGINS = 0.04
STORM_LASTS_S = (0.5, 4.0)
PASSED_BACK = ("Content-Type", "Retry-After", "Istiqbal-Contract")
PAGE = b"<!doctype html><title>Wi-Fi</title><p>Please sign in to the network."


@dataclass
class Request:
    """One request as it came from the unit."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class FaultyLine:
    """`counts` says what happened to how many requests; `stored` are the events' ids in the order the portal stored them."""

    def __init__(self, portal_port: int, dice: random.Random) -> None:
        self.counts: Counter[str] = Counter()
        self.stored: list[str] = []
        self._portal, self._dice = portal_port, dice
        self._storm_until, self._storm = 0.0, STORM
        self._lock = threading.Lock()
        line = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                line._take(self, b"")

            def do_POST(self) -> None:
                line._take(self, self.rfile.read(int(self.headers.get("Content-Length", 0))))

            def log_message(self, *_: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: Any) -> None:
                """The unit was killed in the middle."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _take(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        """One request at a time: what a killed unit sent ends before its next start's request is passed on."""
        with self._lock:
            request = Request(handler.command, handler.path, dict(handler.headers.items()), body)
            self.counts["requests"] += 1
            fault = self._fault(request)
            answer = self._answer(request, fault)
            happened = PORTAL_AWAY if answer is None else fault
            if happened:
                self.counts[happened] += 1
        answer = answer or b""
        if fault == CUT:
            answer = answer[: self._dice.randrange(len(answer) or 1)]
        handler.wfile.write(answer)
        handler.close_connection = True

    def _fault(self, request: Request) -> str | None:
        if time.monotonic() < self._storm_until:
            return self._storm
        if self._dice.random() < STORM_BEGINS:
            self._storm = self._dice.choice((STORM, STORM_ASKING))
            self._storm_until = time.monotonic() + self._dice.uniform(*STORM_LASTS_S)
            return self._storm
        if self.counts[LOST] < FEWEST_LOST * self.counts["requests"]:
            return LOST
        dice = self._dice.random()
        for fault, share in SHARES.items():
            if dice < share:
                return fault if fault != DAMAGED or request.path == "/v1/events" else None
            dice -= share
        return None

    def _answer(self, request: Request, fault: str | None) -> bytes | None:
        """The bytes for the unit, empty when the line just ends, None when the portal was not there."""
        if fault in (STORM, STORM_ASKING):
            asking = {"Retry-After": "1"} if fault == STORM_ASKING else {}
            return _raw(503, b'{"type": "urn:istiqbal:problem:busy"}', {"Content-Type": "application/problem+json", **asking})
        if fault == HTML:
            return _raw(200, PAGE, {"Content-Type": "text/html"})
        if fault == SEVERED:
            self._sever(request)
            return b""
        if fault == DAMAGED:
            request.body = request.body[: self._dice.randrange(len(request.body))]
        try:
            answer = self._pass_on(request)
        except (OSError, http.client.HTTPException):
            return None
        return b"" if fault == LOST else answer

    def _pass_on(self, request: Request) -> bytes:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self._portal, timeout=30)) as line:
            headers = {**request.headers, "Content-Length": str(len(request.body)), "Connection": "close"}
            line.request(request.method, request.path, request.body, headers)
            got = line.getresponse()
            body = got.read()
        if request.path == "/v1/events" and got.status == 200:
            self.stored += [one["id"] for one in json.loads(body)["verdicts"] if one["verdict"] == "stored"]
        kept = {name: value for name, value in got.getheaders() if name.title() in PASSED_BACK}
        return _raw(got.status, body, kept)

    def _sever(self, request: Request) -> None:
        """The portal gets the beginning of the request, up to any byte."""
        head = f"{request.method} {request.path} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in request.headers.items())
        whole = head.encode() + b"\r\n" + request.body
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self._portal), 5) as line:
            line.sendall(whole[: self._dice.randrange(len(whole))])


def _raw(status: int, body: bytes, headers: dict[str, str]) -> bytes:
    lines = {**headers, "Content-Length": str(len(body)), "Connection": "close"}
    head = f"HTTP/1.1 {status} {http.client.responses.get(status, '-')}\r\n"
    return head.encode() + "".join(f"{k}: {v}\r\n" for k, v in lines.items()).encode() + b"\r\n" + body
