"""What the machine itself can do at this moment: the figures that ours are held against."""

from __future__ import annotations

import asyncio
import multiprocessing
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, broadcast, serve

from server.store.database import connect as open_database


def bare_commits(count: int) -> list[float]:
    """Milliseconds of BEGIN IMMEDIATE + insert + COMMIT with synchronous=FULL, nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        conn = open_database(Path(folder) / "floor.db")
        conn.execute("CREATE TABLE tickets (id INTEGER PRIMARY KEY, number INTEGER)")
        times = []
        for number in range(count):
            start = time.perf_counter()
            conn.execute("BEGIN IMMEDIATE")
            conn.execute("INSERT INTO tickets(number) VALUES (?)", (number,))
            conn.execute("COMMIT")
            times.append((time.perf_counter() - start) * 1000)
        conn.close()
    return times


def bare_broadcast(clients: int, payload: int, rounds: int) -> list[float]:
    """Milliseconds until the last of `clients` has a message of `payload` letters from the bare `websockets` library."""
    inbox: Any = multiprocessing.get_context("spawn").Queue()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(inbox, clients, payload, rounds))
    process.start()
    port = inbox.get(timeout=30)
    times = asyncio.run(_receive(port, clients))
    process.join(30)
    return times


def _serve(inbox: Any, clients: int, payload: int, rounds: int) -> None:
    asyncio.run(_broadcast(inbox, clients, payload, rounds))


async def _broadcast(inbox: Any, clients: int, payload: int, rounds: int) -> None:
    connected: set[ServerConnection] = set()
    everybody = asyncio.Event()

    async def handler(connection: ServerConnection) -> None:
        connected.add(connection)
        if len(connected) == clients:
            everybody.set()
        await connection.wait_closed()

    async with serve(handler, "127.0.0.1", 0, compression=None) as server:
        inbox.put(next(iter(server.sockets)).getsockname()[1])
        await everybody.wait()
        for _ in range(rounds):
            await asyncio.sleep(0.05)
            broadcast(connected, f"{time.time():.6f}".ljust(payload, "x"))
        await asyncio.sleep(0.5)
        await asyncio.gather(*(connection.close() for connection in connected))


async def _receive(port: int, clients: int) -> list[float]:
    seen: dict[str, int] = {}
    times: list[float] = []

    async def watch() -> None:
        async with connect(f"ws://127.0.0.1:{port}", compression=None) as socket:
            async for message in socket:
                arrived, sent = time.time(), str(message)[:17]
                seen[sent] = seen.get(sent, 0) + 1
                if seen[sent] == clients:
                    times.append((arrived - float(sent)) * 1000)

    await asyncio.gather(*(watch() for _ in range(clients)))
    return times


def summary(times: list[float]) -> tuple[float, float, float]:
    """Median, 99th percentile and longest, in milliseconds."""
    ordered = sorted(times)
    return statistics.median(ordered), ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))], ordered[-1]
