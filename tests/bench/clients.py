"""Cheap clients for measuring: HTTP with a kept connection, and displays that speak just enough Socket.IO."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from websockets.asyncio.client import ClientConnection, connect


class HttpClient:
    """One kept connection; the whole of a request in one write."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._token = port, token
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter

    async def open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)

    async def timed_get(self, path: str) -> float:
        """Milliseconds until the whole of the answer is there."""
        start = time.perf_counter()
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nAuthorization: Bearer {self._token}\r\n\r\n"
        self._writer.write(head.encode())
        await self._answer()
        return (time.perf_counter() - start) * 1000

    async def post(self, path: str, body: dict[str, object], key: str) -> tuple[int, bytes]:
        """Status and body of the answer."""
        data = json.dumps(body).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nAuthorization: Bearer {self._token}\r\n"
            f"Content-Type: application/json\r\nIdempotency-Key: {key}\r\nContent-Length: {len(data)}\r\n\r\n"
        )
        self._writer.write(head.encode() + data)
        return await self._answer()

    async def _answer(self) -> tuple[int, bytes]:
        lines = (await self._reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        length = next((int(line[15:]) for line in lines if line.lower().startswith("content-length:")), 0)
        return int(lines[0].split()[1]), await self._reader.readexactly(length)

    def close(self) -> None:
        self._writer.close()


@dataclass
class Displays:
    """Many displays in one event loop; notes when each snapshot reached the last of them."""

    port: int
    token: str
    count: int
    lags_ms: list[float] = field(default_factory=list)
    _seen: dict[str, int] = field(default_factory=dict)
    _open: list[ClientConnection] = field(default_factory=list)

    async def join(self) -> list[asyncio.Task[None]]:
        """Connect all; the tasks end when their connections do."""
        url = f"ws://127.0.0.1:{self.port}/socket.io/?EIO=4&transport=websocket"
        for _ in range(self.count):
            socket = await connect(url, compression=None, max_queue=None, ping_interval=None)
            await socket.recv()
            await socket.send(f"40/display,{json.dumps({'token': self.token})}")
            await self._first_snapshot(socket)
            self._open.append(socket)
        return [asyncio.create_task(self._watch(socket)) for socket in self._open]

    async def _first_snapshot(self, socket: ClientConnection) -> None:
        while True:
            text = str(await socket.recv())
            if text.startswith("42/display"):
                return
            if text.startswith("44"):
                raise RuntimeError(text)

    async def _watch(self, socket: ClientConnection) -> None:
        async for frame in socket:
            arrived = time.time()
            text = str(frame)
            if text == "2":
                await socket.send("3")
            elif text.startswith("42/display"):
                self._note(text, arrived)

    def _note(self, text: str, arrived: float) -> None:
        start = text.index('"now":"') + 7
        now = text[start : start + 24]
        self._seen[now] = self._seen.get(now, 0) + 1
        if self._seen[now] == self.count:
            committed = datetime.fromisoformat(now).timestamp()
            self.lags_ms.append((arrived - committed) * 1000)

    async def leave(self) -> None:
        await asyncio.gather(*(socket.close() for socket in self._open))


def watch(outbox: Any, port: int, token: str, count: int, rounds: int) -> None:
    """The whole life of a process of displays: joins, watches `rounds` snapshots, puts the lags (ms) in `outbox`."""
    asyncio.run(_watch_all(outbox, port, token, count, rounds))


async def _watch_all(outbox: Any, port: int, token: str, count: int, rounds: int) -> None:
    displays = Displays(port, token, count)
    tasks = await displays.join()
    outbox.put("joined")
    last, waited = 0, 0.0
    while len(displays.lags_ms) < rounds and waited < 5:
        await asyncio.sleep(0.2)
        waited = 0.0 if len(displays.lags_ms) > last else waited + 0.2
        last = len(displays.lags_ms)
    outbox.put(displays.lags_ms)
    await displays.leave()
    await asyncio.gather(*tasks, return_exceptions=True)
