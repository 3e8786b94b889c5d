"""What the second PC loses and how long it takes over: kill -9 of a server under load and of what follows it, some times over.

python -m tests.bench.second_pc [--times 5]
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import requests

from server import settings
from server.operations.backup.making import back_up
from server.operations.backup.restoring import restore
from server.operations.making import make_unit
from server.store import open_reader
from tests.running import ISTIQBAL, Running

LOAD_S = 6.0


def once(top: Path) -> tuple[int, int, float, float]:
    """Tickets given, tickets lost, seconds that the loss reaches back, seconds to the first answer of the second PC."""
    make_unit(top / "first", "annexe")
    with (top / "first" / "unit.toml").open("a") as file:
        file.write(f'\n[standby]\nto = "{top / "replica"}"\n[backup]\nto = ["{top / "stick"}"]\n')
    (top / "stick").mkdir()
    back_up(top / "first", settings.load(top / "first"), datetime.now(UTC), lambda _: None)
    running = Running(top / "first")
    running.unlimited()
    running.start()
    token = running.token("kiosk", "kiosk-1")
    following = subprocess.Popen([ISTIQBAL, "replicate", top / "first"])
    given: list[tuple[str, float]] = []
    end = float("inf")
    while time.monotonic() < end:
        if end == float("inf") and list((top / "replica").rglob("*.ltx")):
            end = time.monotonic() + LOAD_S
        ticket = running.post(token, "/tickets", {"service": "etat-civil", "language": "ar"}).json()["visit"]
        given.append((ticket, time.monotonic()))
    killed = time.monotonic()
    running.kill()
    following.kill()
    following.wait()
    began = time.monotonic()
    restore(str(top / "stick"), top / "second", None, replica=top / "replica")
    second = Running(top / "second")
    second.start()
    requests.get(f"{second.url}/readyz", timeout=30).raise_for_status()
    took = time.monotonic() - began
    second.kill()
    db = open_reader(top / "second" / "unit.db")
    there = {row[0] for row in db.conn.execute("SELECT visit FROM visits")}
    db.close()
    lost = [at for visit, at in given if visit not in there]
    return len(given), len(lost), killed - lost[0] if lost else 0.0, took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    times = parser.parse_args().times
    rows = []
    for _ in range(times):
        top = Path(tempfile.mkdtemp(prefix="istiqbal-second-pc-"))
        try:
            rows.append(once(top))
        finally:
            shutil.rmtree(top)
    print(f"{times} times: {sum(row[0] for row in rows)} tickets given under load, {sum(row[1] for row in rows)} lost")
    print(f"reaching back at most {max(row[2] for row in rows):.2f} s (median {statistics.median(row[2] for row in rows):.2f} s)")
    print(f"from the restore command to the first answer: median {statistics.median(row[3] for row in rows):.1f} s")


if __name__ == "__main__":
    main()
