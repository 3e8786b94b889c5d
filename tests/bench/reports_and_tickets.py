"""What a running report does to tickets: rounds of quiet, of a bare loop in another process, and of one report after another.

Rounds alternate, every second one the other way round, so that what else runs on the machine meets all alike; of each round the p99
is taken, and of those the median.
The bare loop is the floor: what any other work at the lowest priority does, whatever it is.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import requests

from tests.bench.clients import HttpClient
from tests.bench.floors import summary
from tests.running import Running

ROUNDS = int(os.environ.get("ROUNDS", "9"))
TICKETS = int(os.environ.get("TICKETS", "600"))
TEN_YEARS = "/api/v1/reports/wait-times?from=2016-11-21&to=2026-11-20&by=service,hour"
THINKS_S = 0.004


def measure(folder: Path) -> None:
    """Starts the unit's server, which gets tickets of today; prints milliseconds."""
    running = Running(folder)
    running.unlimited()
    kiosk, manager = running.token("kiosk", "bench-kiosk"), running.token("manager", "bench-manager")
    running.start()
    try:
        _get(running, manager)
        beside: dict[str, Callable[[], AbstractContextManager[object]]] = {
            "quiet": nullcontext,
            "bare loop": _loop,
            "reports": lambda: _reports(running, manager),
        }
        times: dict[str, list[list[float]]] = {name: [] for name in beside}
        for turn in range(ROUNDS):
            for name in list(beside)[:: -1 if turn % 2 else 1]:
                with beside[name]():
                    times[name].append(asyncio.run(_tickets(running.port, kiosk)))
    finally:
        running.stop()
    for name, rounds in times.items():
        middles, p99s = [summary(one)[0] for one in rounds], [summary(one)[1] for one in rounds]
        quiet = [summary(one)[1] for one in times["quiet"]]
        ratio = statistics.median(mine / before for mine, before in zip(p99s, quiet, strict=True))
        print(f"ticket, {name}: median {statistics.median(middles):.1f} ms, p99 {statistics.median(p99s):.1f} ms, × {ratio:.2f}")


async def _tickets(port: int, token: str) -> list[float]:
    client = HttpClient(port, token)
    await client.open()
    times, visits = [], []
    for number in range(TICKETS):
        start = time.perf_counter()
        status, answer = await client.post("/api/v1/tickets", {"service": "etat-civil", "language": "ar"}, f"{number}-{start}")
        times.append((time.perf_counter() - start) * 1000)
        assert status == 201
        visits.append(json.loads(answer)["visit"])
        await asyncio.sleep(THINKS_S)
    for visit in visits:  # a hall in which thousands wait would be measured otherwise
        assert (await client.post(f"/api/v1/visits/{visit}/cancel", {}, visit))[0] == 200
    client.close()
    return times


def _get(running: Running, token: str) -> int:
    """One report of ten years; the answer's status."""
    return requests.get(running.url + TEN_YEARS, headers={"Authorization": f"Bearer {token}"}, timeout=120).status_code


@contextmanager
def _loop() -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-c", "import os; os.nice(19)\nwhile True: pass"])
    try:
        yield
    finally:
        process.kill()
        process.wait()


@contextmanager
def _reports(running: Running, token: str) -> Iterator[None]:
    ended, made = threading.Event(), []

    def work() -> None:
        while not ended.is_set():
            made.append(_get(running, token))

    thread = threading.Thread(target=work)
    thread.start()
    yield
    ended.set()
    thread.join()
    assert set(made) == {200}
