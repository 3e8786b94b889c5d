"""Printers that take everything at once and say that all is well."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field

CUT, ASK, ASK_CLEAN = b"\x1dV", b"\x10\x04", b"\x1dr\x01"


@dataclass
class Printers:
    """So many network printers; `cuts` is how many papers they have cut off."""

    ports: list[int] = field(default_factory=list)
    cuts: int = 0
    _servers: list[asyncio.Server] = field(default_factory=list)

    async def open(self, count: int) -> None:
        for _ in range(count):
            server = await asyncio.start_server(self._print, "127.0.0.1", 0)
            self._servers.append(server)
            self.ports.append(server.sockets[0].getsockname()[1])

    async def _print(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.CancelledError):
            while data := await reader.read(65536):
                self.cuts += data.count(CUT)
                writer.write(b"\x12" * data.count(ASK) + b"\x00" * data.count(ASK_CLEAN))
        writer.close()

    def close(self) -> None:
        for server in self._servers:
            server.close()
