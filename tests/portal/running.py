"""A real portal in processes of its own, and streams of invented events for it."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portal import contract, keys, settings, units
from portal.clock import rfc3339
from portal.store.database import connect, migrate
from tests.portal.postgres import Postgres
from tests.portal.sender import random_id
from tests.running import free_port

POSTGRES = {"shared_buffers": "256MB", "max_wal_size": "8GB", "checkpoint_timeout": "15min", "max_connections": "50"}
HEADERS = {"Content-Type": contract.BATCH_MEDIA_TYPE, "Content-Encoding": "gzip"}
Post = tuple[str, bytes, int]
"""A token, a gzipped batch, and how many events it holds."""


class Portal:
    """A portal in processes of its own on a PostgreSQL of its own."""

    def __init__(self, folder: Path, processes: int, threads: int) -> None:
        self.postgres = Postgres(folder / "cluster", POSTGRES)
        self.postgres.start()
        self.url = self.postgres.database("portal")
        self.folder = folder / "portal"
        path = settings.write_new(self.folder, self.url)
        keys.rotate(self.folder, datetime.now(UTC))
        path.write_text(path.read_text().replace("threads = 4", f"threads = {threads}"))
        with connect(self.url) as conn:
            migrate(conn)
        self.port = free_port()
        program = str(Path(sys.executable).with_name("istiqbal-portal"))
        self._command = [program, "serve", str(self.folder), "--port", str(self.port), "--processes", str(processes)]
        self.begin()

    def begin(self) -> None:
        """Start serving; returns when it answers."""
        self.process = subprocess.Popen(self._command, start_new_session=True)
        self._wait()

    def kill(self) -> None:
        """As a power cut would, all processes at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)

    def _wait(self) -> None:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            with contextlib.suppress(OSError), contextlib.closing(line):
                line.request("GET", "/readyz", headers={"Connection": "close"})
                if line.getresponse().status == 200:
                    return
            time.sleep(0.1)
        raise AssertionError("the portal does not answer")

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(30)
        self.postgres.stop("fast")

    def worked(self) -> dict[str, float]:
        """Processor seconds until now: the portal's, PostgreSQL's, and ours, who send."""
        postmaster = int((self.postgres.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        return {"portal": worked(self.process.pid), "PostgreSQL": worked(postmaster), "senders": time.process_time()}

    def tokens(self, names: Sequence[str]) -> list[str]:
        with connect(self.url) as conn, conn.transaction():
            for name in names:
                units.add(conn, name, name, "bench")
            return [units.new_token(conn, name, units.new_secret(conn, name), 1440) for name in names]


class Stream:
    """One start of a unit that makes visits."""

    def __init__(self, unit: str, begin: datetime) -> None:
        self.unit, self.epoch, self.sequence, self.at = unit, random_id(), 0, begin

    def events(self, count: int, seconds_apart: float) -> list[dict[str, object]]:
        return [self._event(seconds_apart) for _ in range(count)]

    def _event(self, seconds_apart: float) -> dict[str, object]:
        self.sequence += 1
        self.at += timedelta(seconds=seconds_apart)
        joined = rfc3339(self.at - timedelta(minutes=9))
        service = random.choice(("etat-civil", "legalisation", "cnie"))
        data = {
            "visit": random_id(), "leg": 1, "service": service, "language": "ar", "priority": None, "counter": random.randint(1, 9),
            "joined": joined, "called_after": 200, "waited": random.randint(0, 3000), "walked": 20,
            "served": random.randint(30, 900), "left_after": None, "recalls": 0, "outcome": None,
        }  # fmt: skip
        return contract.visit_event(
            id=random_id(),
            unit=self.unit,
            epoch=self.epoch,
            sequence=self.sequence,
            type="served",
            time=rfc3339(self.at),
            data=data,
        )


def packed(token: str, events: Sequence[dict[str, object]]) -> Post:
    return token, gzip.compress(contract.batch(events), 6), len(events)


def worked(pid: int) -> float:
    """Processor seconds of a process and its children, those that have ended too."""
    pids = [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
    fields = [Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in pids]
    own = sum(int(one[at]) for one in fields for at in (11, 12))
    return (own + int(fields[0][13]) + int(fields[0][14])) / os.sysconf("SC_CLK_TCK")
