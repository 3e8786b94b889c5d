"""`python -m tests.bench.draining`: what sending a long backlog to the portal does to a visitor who takes a ticket.

One server process, tickets over HTTP at a steady pace, with nothing owed and with 100,000 events owed, in turn. The portal is a
trial one in a process of its own that answers as fast as it can; it shares the machine's processors with everything else.
"""

from __future__ import annotations

import asyncio
import gzip
import multiprocessing
import sqlite3
import statistics
import tempfile
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import click
import orjson

from server import settings
from server.journal import random_id
from server.operations.making import make_unit
from server.unit import Unit
from server.visits import Order
from tests.bench.clients import HttpClient
from tests.bench.floors import bare_commits, summary
from tests.conftest import KIOSK
from tests.running import Running, free_port

WAY = """[portal]
adapter = "https"
url = "http://127.0.0.1:{port}"
client_secret_file = "portal-secret"
every_s = 1

[limits]
tickets_per_minute = 0
requests_per_minute = 0
"""
EXPECTED = 450
"""Events a second that are drained, about: half of the tickets with nothing owed are taken before the draining, half after it, so
that what other programs do meanwhile falls on both alike."""
ORDER: dict[str, object] = {"service": "etat-civil", "language": "ar"}


def portal(port: int, taken: Any) -> None:
    """The whole life of the trial portal: says `stored` to everything, and counts it in `taken`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def do_GET(self) -> None:
            self._say({"keys": []})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/v1/token":
                self._say({"access_token": "a", "token_type": "Bearer", "expires_in": 86400})
                return
            events = orjson.loads(gzip.decompress(body))
            self._say({"verdicts": [{"id": event["id"], "verdict": "stored"} for event in events]})
            taken.value += len(events)

        def _say(self, said: object) -> None:
            content = orjson.dumps(said)
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


def owing(folder: Path, port: int, events: int) -> Path:
    """A unit that once owed so many events, all of them sent."""
    make_unit(folder, "annexe")
    (folder / "portal-secret").write_text("secret")
    (folder / "unit.toml").write_text((folder / "unit.toml").read_text().split("[portal]")[0] + WAY.format(port=port))
    unit = Unit(folder, settings.load(folder))
    unit.visits.cancel(unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"], KIOSK)

    def multiply(conn: Any) -> None:
        kind, target, payload, epoch, at = conn.execute(
            "SELECT kind, target, payload, epoch, created_at FROM deliveries"
        ).fetchone()
        rows = ((random_id(), kind, target, payload, number, epoch, at) for number in range(2, events + 1))
        insert = "INSERT INTO deliveries(event, kind, target, payload, sequence, epoch, created_at) VALUES (?,?,?,?,?,?,?)"
        conn.executemany(insert, rows)
        conn.execute("UPDATE deliveries SET state = 'done'")

    unit.writer.run(multiply)
    unit.close()
    return folder


def owe_again(folder: Path) -> None:
    """All of it is owed once more, at one blow."""
    conn = sqlite3.connect(folder / "unit.db", timeout=60)
    with conn:
        conn.execute("UPDATE deliveries SET state = 'pending' WHERE kind = 'portal'")
    conn.close()


class Kiosk:
    """Takes tickets at a steady pace, `rate` a second, over one kept connection."""

    def __init__(self, running: Running, rate: float) -> None:
        self._client = HttpClient(running.port, running.token("kiosk", "kiosk-1"))
        self._apart = 1 / rate

    async def open(self) -> None:
        await self._client.open()

    async def take(self) -> float:
        """Milliseconds of one ticket; returns when the next one is due."""
        start = time.perf_counter()
        status, answer = await self._client.post("/api/v1/tickets", ORDER, random_id())
        took = time.perf_counter() - start
        assert status == 201, answer
        await asyncio.sleep(max(0.0, self._apart - took))
        return took * 1000

    def close(self) -> None:
        self._client.close()


async def measure(running: Running, taken: Any, events: int, rounds: int, rate: float) -> None:
    kiosk = Kiosk(running, rate)
    await kiosk.open()
    for _ in range(100):
        await kiosk.take()
    ratios, drains, calm_all, busy_all = [], [], [], []
    for number in range(rounds):
        floor = summary(bare_commits(300))
        calm = [await kiosk.take() for _ in range(int(events / EXPECTED * rate / 2))]
        owe_again(running.folder)
        before, began, busy = taken.value, time.perf_counter(), []
        while taken.value < before + events:
            busy.append(await kiosk.take())
        drains.append(time.perf_counter() - began)
        await asyncio.sleep(2)
        calm += [await kiosk.take() for _ in busy[len(calm) :]]
        ratios.append(summary(busy)[1] / summary(calm)[1])
        busy_all += busy
        calm_all += calm
        print(f"round {number + 1}: {len(calm)} and {len(busy)} tickets · a bare commit {said(floor)} · "
              f"nothing owed {said(summary(calm))} · draining {said(summary(busy))} · "
              f"p99 × {ratios[-1]:.2f} · drained in {drains[-1]:.0f} s", flush=True)  # fmt: skip
    together = summary(busy_all)[1] / summary(calm_all)[1]
    print(
        f"together (median / p99): nothing owed {said(summary(calm_all))}, draining {said(summary(busy_all))}, p99 × {together:.2f}"
    )
    print(f"the median round: p99 × {statistics.median(ratios):.2f}; {events:,} events in {statistics.median(drains):.0f} s")
    kiosk.close()


def said(times: tuple[float, float, float]) -> str:
    """Median and p99."""
    return f"{times[0]:.1f} / {times[1]:.1f} ms"


@click.command()
@click.option("--events", default=100_000, show_default=True)
@click.option("--rounds", default=3, show_default=True)
@click.option("--rate", default=40.0, show_default=True, help="Tickets a second.")
def main(events: int, rounds: int, rate: float) -> None:
    """Measure tickets with and without a backlog on its way."""
    context = multiprocessing.get_context("spawn")
    taken: Any = context.Value("q", 0)
    port = free_port()
    process = context.Process(target=portal, args=(port, taken), daemon=True)
    process.start()
    with tempfile.TemporaryDirectory(prefix="istiqbal-draining-") as name:
        running = Running(owing(Path(name) / "unit", port, events))
        running.start()
        try:
            asyncio.run(measure(running, taken, events, rounds, rate))
        finally:
            running.stop()
            process.terminate()
            process.join()


if __name__ == "__main__":
    main()
