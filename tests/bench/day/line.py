"""One HTTP connection that is kept, as a browser keeps it; opened again when the server has ended it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, the ETag if there is one, body, and milliseconds from the first byte sent to the last received."""

    status: int
    etag: str
    body: bytes
    ms: float


class Line:
    """Requests one after another; each goes out in one write."""

    def __init__(self, port: int, token: str | None = None) -> None:
        self._port = port
        self._authorization = f"Authorization: Bearer {token}\r\n" if token else ""
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def get(self, path: str, etag: str = "") -> Answer:
        return await self._ask(f"GET {path}", f"If-None-Match: {etag}\r\n" if etag else "", b"")

    async def post(self, path: str, body: bytes, key: str) -> Answer:
        """A command; a request whose connection broke is sent again with the same key."""
        head = f"Content-Type: application/json\r\nIdempotency-Key: {key}\r\nContent-Length: {len(body)}\r\n"
        return await self._ask(f"POST {path}", head, body)

    async def _ask(self, first: str, head: str, body: bytes) -> Answer:
        data = f"{first} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n{self._authorization}{head}\r\n".encode() + body
        start = time.perf_counter()
        for last in (False, True):
            try:
                return await self._once(data, start)
            except (OSError, asyncio.IncompleteReadError):
                self.close()
                if last:
                    raise
        raise AssertionError

    async def _once(self, data: bytes, start: float) -> Answer:
        if self._writer is None or self._reader is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writer.write(data)
        lines = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        fields = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
        status = int(lines[0].split()[1])
        length = 0 if status in (204, 304) else int(fields.get("content-length", 0))
        body = await self._reader.readexactly(length)
        if fields.get("connection") == "close":
            self.close()
        return Answer(status, fields.get("etag", ""), body, (time.perf_counter() - start) * 1000)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None
