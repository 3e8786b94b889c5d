"""The hall's screens: websockets that count what arrives; the displays note when each call was there."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

LONGEST_FRAME = 16 * 1024 * 1024
Call = tuple[str, int, str]
"""Ticket, counter, and when it was called as the board writes it."""
AGREES_S = 0.01
"""The press and the call are timed by one clock, the call's cut to milliseconds."""


@dataclass
class Arrived:
    """How many displays have shown a call, and when the last one did (seconds since 1970)."""

    displays: int = 0
    last: float = 0.0


@dataclass
class Screens:
    """All of them in one event loop. A snapshot that came to one display is read once, not once a display."""

    port: int
    displays: int
    snapshots: int = 0
    waiting: int = 0
    calls: dict[tuple[str, int], dict[str, Arrived]] = field(default_factory=dict)
    """By ticket and counter, then by when it was called."""
    lost: int = 0
    """Connections that the server ended."""
    _read: bytes = b""
    _newest: list[Call] = field(default_factory=list)
    _shown: list[set[Call]] = field(default_factory=list)
    _open: list[ClientConnection] = field(default_factory=list)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _leaving: bool = False

    async def join(self, namespace: str, token: str, count: int) -> None:
        """So many more screens of a kind."""
        for _ in range(count):
            address = f"ws://127.0.0.1:{self.port}/socket.io/?EIO=4&transport=websocket"
            socket = await connect(address, compression=None, max_queue=None, ping_interval=None, max_size=LONGEST_FRAME)
            await socket.recv()
            await socket.send(f"40{namespace},{json.dumps({'token': token})}")
            shown = set[Call]() if namespace == "/display" else None
            self._open.append(socket)
            self._tasks.append(asyncio.create_task(self._watch(socket, f"42{namespace}".encode(), shown)))

    async def leave(self) -> None:
        self._leaving = True
        await asyncio.gather(*(socket.close() for socket in self._open))
        await asyncio.gather(*self._tasks)

    async def _watch(self, socket: ClientConnection, event: bytes, shown: set[Call] | None) -> None:
        try:
            while True:
                frame = await socket.recv(decode=False)
                if frame == b"2":
                    await socket.send("3")
                elif frame.startswith(event):
                    arrived = time.time()
                    self.snapshots += 1
                    if shown is not None:
                        self._note(frame, len(event), shown, arrived)
        except ConnectionClosed:
            self.lost += not self._leaving

    def _note(self, frame: bytes, start: int, shown: set[Call], arrived: float) -> None:
        if frame != self._read:
            self._read = frame
            board = _payload(frame, start)
            self.waiting = sum(one["waiting"] for one in board["services"])
            self._newest = [(one["ticket"], one["counter"], one["called_at"]) for one in board["calls"]]
        for call in self._newest:
            if call not in shown:
                shown.add(call)
                there = self.calls.setdefault(call[:2], {}).setdefault(call[2], Arrived())
                there.displays += 1
                there.last = arrived

    def shown_ms(self, ticket: str, counter: int, pressed: float) -> float | None:
        """Milliseconds from the press to the last display; None when not every display has shown it."""
        for called_at, there in self.calls.get((ticket, counter), {}).items():
            if there.displays == self.displays and datetime.fromisoformat(called_at).timestamp() > pressed - AGREES_S:
                return (there.last - pressed) * 1000
        return None


def _payload(frame: bytes, start: int) -> dict[str, Any]:
    """The snapshot of an event's frame, `42/display,["snapshot",{…}]`."""
    found: dict[str, Any] = orjson.loads(frame[start + 1 :])[1]
    return found
