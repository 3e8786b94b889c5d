"""`make portal-bench`: how many events a second the portal takes over HTTP, beside bare COPY into the same table.

A benchmark, not a test. Starts its own PostgreSQL with fsync and synchronous_commit on. Batches are made and gzipped
before the clock starts; the senders share the machine's cores with the portal and PostgreSQL.
"""

from __future__ import annotations

import http.client
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from portal import contract
from portal.receiving import rows
from portal.store.database import connect
from tests.portal.running import HEADERS, Portal, Post, Stream, packed


def send(port: int, work: Iterator[Post], latencies: list[float], wait_for: Callable[[], None] | None = None) -> None:
    """Post what `work` gives over one kept connection, each answered whole before the next."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for token, body, count in work:
        if wait_for is not None:
            wait_for()
        start = time.perf_counter()
        line.request("POST", "/v1/events", body, {**HEADERS, "Authorization": f"Bearer {token}"})
        got = line.getresponse()
        said = got.read()
        latencies.append(time.perf_counter() - start)
        assert (got.status, said.count(b'"stored"')) == (200, count), said[:300]
    line.close()


class Shared:
    """Work handed out to several senders, each piece once."""

    def __init__(self, work: Sequence[Post]) -> None:
        self._work, self._lock = iter(work), threading.Lock()

    def __iter__(self) -> Iterator[Post]:
        while True:
            with self._lock:
                one = next(self._work, None)
            if one is None:
                return
            yield one


def post_all(port: int, lanes: Sequence[Sequence[Post]]) -> tuple[float, list[float]]:
    """Seconds for all, and each request's; a lane is sent in order, by one sender."""
    latencies: list[float] = []
    threads = [threading.Thread(target=send, args=(port, iter(lane), latencies)) for lane in lanes]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start, latencies


def bare_copy(url: str, batches: int, seconds: int = 0) -> float:
    """Rows a second of COPY alone, 500 rows a transaction, two connections, the same table and rows."""
    lanes = []
    for lane in range(2):
        stream = Stream(f"bare-{lane}", datetime.now(UTC) - timedelta(hours=1))
        made = [stream.events(contract.BATCH_SIZE, 0.001) for _ in range(batches // 2)]
        lanes.append([rows.text(-1 - lane, [rows.line(event) for event in one]) for one in made])

    def run(blobs: Sequence[bytes]) -> None:
        with connect(url) as conn:
            for blob in blobs:
                with conn.transaction(), conn.cursor() as cursor, cursor.copy(rows.COPY) as copy:
                    copy.write(blob)

    threads = [threading.Thread(target=run, args=(lane,)) for lane in lanes]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return batches // 2 * 2 * contract.BATCH_SIZE / (time.perf_counter() - start)


def end_to_end(portal: Portal, lanes: Sequence[Sequence[Post]]) -> tuple[float, list[float]]:
    """Events a second, and each batch's seconds."""
    took, latencies = post_all(portal.port, lanes)
    return len(latencies) * contract.BATCH_SIZE / took, latencies


def prepared(portal: Portal, batches: int, senders: int, name: str) -> list[list[Post]]:
    """Batches of as many new units as there are senders, one lane each."""
    names = [f"{name}-{number}" for number in range(senders)]
    lanes = []
    for unit, token in zip(names, portal.tokens(names), strict=True):
        stream = Stream(unit, datetime.now(UTC) - timedelta(hours=1))
        lanes.append([packed(token, stream.events(contract.BATCH_SIZE, 0.001)) for _ in range(batches // senders)])
    return lanes


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def cpu_seconds() -> float:
    """Seconds that all processors of this machine have worked since it started."""
    fields = Path("/proc/stat").read_text().splitlines()[0].split()[1:]
    idle = int(fields[3]) + int(fields[4])
    return (sum(map(int, fields[:8])) - idle) / os.sysconf("SC_CLK_TCK")


@click.group(invoke_without_command=True)
@click.option("--rounds", default=5, show_default=True)
@click.option("--batches", default=400, show_default=True, help="Batches of 500 events in a round.")
@click.option("--processes", default=4, show_default=True)
@click.option("--senders", default=4, show_default=True)
@click.option("--fleet", default=5000, show_default=True, help="Units of the simulation; 0 leaves it out.")
@click.option("--fleet-seconds", default=30, show_default=True, help="How long the fleet's minute is watched.")
@click.option("--visits-a-day", default=300, show_default=True)
def main(rounds: int, batches: int, processes: int, senders: int, fleet: int, fleet_seconds: int, visits_a_day: int) -> None:
    """Measure the portal on this machine."""
    with tempfile.TemporaryDirectory(prefix="istiqbal-portal-bench-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        portal = Portal(Path(name), processes, max(2, senders))
        try:
            measure(portal, rounds, batches, senders)
            if fleet:
                simulate(portal, fleet, fleet_seconds, visits_a_day, senders)
        finally:
            portal.close()


def measure(portal: Portal, rounds: int, batches: int, senders: int) -> None:
    floors, rates, latencies = [], [], []
    costs: dict[str, list[float]] = {"portal": [], "PostgreSQL": [], "senders": []}
    print(f"{rounds} rounds of {batches} batches of 500, {senders} senders, {os.cpu_count()} processors")
    for number in range(rounds):
        floors.append(bare_copy(portal.url, batches))
        lanes = prepared(portal, batches, senders, f"round{number}")
        before = portal.worked()
        rate, times = end_to_end(portal, lanes)
        for name, after in portal.worked().items():
            costs[name].append((after - before[name]) * 1000 / len(times))
        rates.append(rate)
        latencies += times
        print(f"  round {number + 1}: bare COPY {floors[-1]:,.0f} rows/s · end to end {rate:,.0f} events/s", flush=True)
    with connect(portal.url) as conn:
        row = conn.execute("SELECT count(*) FROM events WHERE stream > 0").fetchone()
        assert row == (rounds * (batches // senders * senders) * contract.BATCH_SIZE,), row
    print(f"bare COPY, median:            {statistics.median(floors):>10,.0f} rows/s")
    print(f"end to end over HTTP, median: {statistics.median(rates):>10,.0f} events/s (slowest round {min(rates):,.0f})")
    each = {name: statistics.median(values) for name, values in costs.items()}
    said = ", ".join(f"{name} {value:.1f} ms" for name, value in each.items())
    ceiling = (os.cpu_count() or 1) * contract.BATCH_SIZE * 1000 / sum(each.values())
    print(f"processor time of a batch: {said}; the processors, with nothing else to do, allow {ceiling:,.0f} events/s")
    print(f"a batch: median {percentile(latencies, 0.5) * 1000:.1f} ms, p99 {percentile(latencies, 0.99) * 1000:.1f} ms, "
          f"longest {max(latencies) * 1000:.1f} ms", flush=True)  # fmt: skip


def simulate(portal: Portal, fleet: int, seconds: int, visits_a_day: int, senders: int) -> None:
    """`fleet` units sending once a minute, then all of them with three days to send."""
    names = [f"fleet-{number}" for number in range(fleet)]
    tokens = portal.tokens(names)
    streams = [Stream(name, datetime.now(UTC) - timedelta(days=3)) for name in names]
    minute(portal, streams, tokens, seconds, visits_a_day, senders)
    back(portal, streams, tokens, visits_a_day, senders)


def minute(portal: Portal, streams: Sequence[Stream], tokens: Sequence[str], seconds: int, visits_a_day: int, senders: int) -> None:
    """Requests at the steady pace of a fleet whose units send at moments of their own."""
    due = len(streams) * seconds // 60
    each = max(1, round(visits_a_day / 480))
    work = [packed(tokens[n % len(tokens)], streams[n % len(streams)].events(each, 60)) for n in range(due)]
    latencies: list[float] = []
    lock, begin = threading.Lock(), time.perf_counter()
    turn = iter(range(due))

    def wait_for() -> None:
        with lock:
            place = next(turn)
        time.sleep(max(0.0, begin + place * seconds / due - time.perf_counter()))

    busy = cpu_seconds()
    shared = Shared(work)
    threads = [threading.Thread(target=send, args=(portal.port, iter(shared), latencies, wait_for)) for _ in range(senders * 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - begin
    print(f"{len(streams):,} units sending every minute ({due / seconds:.0f} requests/s of {each} events) for {took:.0f} s: median "
          f"{percentile(latencies, 0.5) * 1000:.1f} ms, p99 {percentile(latencies, 0.99) * 1000:.1f} ms, processors busy "
          f"{(cpu_seconds() - busy) / took / (os.cpu_count() or 1):.0%}", flush=True)  # fmt: skip


def back(portal: Portal, streams: Sequence[Stream], tokens: Sequence[str], visits_a_day: int, senders: int) -> None:
    """All units are there again after three days and send what they owe, in parts so that it fits into memory."""
    owed, took, latencies, sent = 3 * visits_a_day, 0.0, [], 0
    part = 500
    for begin in range(0, len(streams), part):
        lanes: list[list[Post]] = [[] for _ in range(senders)]
        for place in range(begin, min(begin + part, len(streams))):
            events = streams[place].events(owed, 3 * 86400 / owed * 0.9)
            batches = [events[at : at + contract.BATCH_SIZE] for at in range(0, owed, contract.BATCH_SIZE)]
            lanes[place % senders] += [packed(tokens[place], batch) for batch in batches]
            sent += owed
        seconds, times = post_all(portal.port, lanes)
        took += seconds
        latencies += times
    print(f"{len(streams):,} units back after three days ({owed} events each, {sent:,} in all): drained in {took:.0f} s "
          f"({sent / took:,.0f} events/s), p99 of a batch {percentile(latencies, 0.99) * 1000:.1f} ms", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
