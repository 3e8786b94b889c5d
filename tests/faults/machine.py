"""The machine itself: a process that stands still, memory that ends, a clock that jumps."""

from __future__ import annotations

import os
import resource
import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import requests

from server.day.closing import CHECK_EVERY_S
from server.store.database import connect
from tests.faults.disk import build
from tests.faults.hall import Load, Result, hall, judged, worker_of

MIDDAY = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
BEFORE_SUMMER_TIME_ENDS = datetime(2027, 2, 7, 1, 59, 50, tzinfo=UTC)
"""Morocco goes back an hour at 03:00 before Ramadan: 2027-02-07 03:00 is 02:00. An hour later local clocks say the same again."""
ONE_LOOK_S = 5.0
"""Added to the time between two looks for a day's end, so that one falls within."""
ABOUT_S = 3
"""How far a wait may be off: its seconds are whole, and a ticket's answer takes a moment under load."""


def stands_still(seconds: float) -> Result:
    """The worker is stopped for a while in the middle of everything, as by a machine that hangs."""
    with hall() as running:
        running.start()
        load = Load(running.url, running.token("kiosk", "kiosk-1")).start()
        load.more(5)
        pid = worker_of(running)
        os.kill(pid, signal.SIGSTOP)
        time.sleep(seconds)
        killed = not Path(f"/proc/{pid}").exists() or worker_of(running) != pid
        if not killed:
            os.kill(pid, signal.SIGCONT)
        load.more(5)
        load.stop()
        running.stop()
        seen = "its master had replaced it" if killed else "it went on where it was"
        return judged(f"the worker blocked for {seconds:.0f} s", "once", load, running.folder / "unit.db", seen)


def memory_ends(spare_mb: int) -> Result:
    """The server may take only a little more memory than it has; then it is killed and started again, as systemd does."""
    with hall() as running:
        running.start()
        load = Load(running.url, running.token("kiosk", "kiosk-1"), clients=24).start()
        load.more(5)
        pid = worker_of(running)
        size = int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * resource.getpagesize()
        resource.prlimit(pid, resource.RLIMIT_AS, (size + spare_mb * 1024 * 1024,) * 2)
        end = time.monotonic() + 10
        while time.monotonic() < end and Path(f"/proc/{pid}").exists():
            _ask(running.url)
        before, ended, refusals = len(load.acknowledged), not Path(f"/proc/{pid}").exists(), dict(load.refusals)
        running.kill()
        running.start()
        load.more(5)
        load.stop()
        running.stop()
        felt = "it ended" if ended else "it stayed" if refusals else "it never felt it"
        seen = f"{before} tickets before, {felt}; refused: {refusals or 'none'}; went on when it was started again"
        what = f"no more than {spare_mb} MB of further memory"
        return judged(what, "once", load, running.folder / "unit.db", seen, ended or bool(refusals))


def _ask(url: str) -> None:
    try:
        requests.get(f"{url}/", timeout=2)
    except requests.RequestException:
        time.sleep(0.05)


def clock_jumps() -> list[Result]:
    """The wall clock is set anew while people wait."""
    day = timedelta(days=1)
    return [
        _jump("a day forth", MIDDAY, day),
        _jump("a day back", MIDDAY, -day),
        _jump("an hour forth", MIDDAY, timedelta(hours=1)),
        _jump("over the end of summer time", BEFORE_SUMMER_TIME_ENDS, timedelta(hours=1)),
    ]


def _jump(how: str, start: datetime, by: timedelta) -> Result:
    with hall() as running:
        said = running.folder / "ahead"
        _set(said, start)
        running.environment = {"LD_PRELOAD": str(build(running.folder, "clock")), "CLOCK_AHEAD": str(said)}
        running.start()
        clerk = running.token("clerk", "clerk-1")
        load = Load(running.url, running.token("kiosk", "kiosk-1"), clients=2, pause_s=0.2).start()
        load.more(10)
        first = running.post(clerk, "/counters/1/open").status_code
        _set(said, start + by)
        load.more(10)
        time.sleep(CHECK_EVERY_S + ONE_LOOK_S)
        load.more(1)
        called = running.post(clerk, "/counters/1/call-next")
        waited = called.json()["waited"] if called.status_code == 200 else -1
        really = (time.monotonic_ns() - min(one.ns for one in load.acknowledged.values())) / 1e9
        load.stop()
        ready = requests.get(f"{running.url}/readyz", timeout=10).status_code
        running.stop()
        there, twice = _in_the_hall(running.folder / "unit.db")
        seen = (
            f"tickets went on; {there} wait still, {twice} numbers twice among them;"
            f" who was called had waited {waited} s by the steady clock, {really:.1f} s really"
        )
        well = (first, called.status_code, ready) == (200, 200, 200) and abs(waited - really) < ABOUT_S
        well = well and (there, twice) == (len(load.acknowledged) - 1, 0)
        return judged(f"clock set {how}", "once", load, running.folder / "unit.db", seen, well)


def _in_the_hall(database: Path) -> tuple[int, int]:
    """How many wait, and how many of their numbers another has too."""
    conn = connect(database)
    try:
        tickets = [row[0] for row in conn.execute("SELECT ticket FROM visits JOIN legs USING (visit, leg) WHERE state = 'waiting'")]
    finally:
        conn.close()
    return len(tickets), len(tickets) - len(set(tickets))


def _set(file: Path, at: datetime) -> None:
    """As the milliseconds by which it is ahead of the machine's own clock, written in place, so that it goes on running."""
    ahead = round((at - datetime.now(UTC)).total_seconds() * 1000)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600), "w") as said:
        said.write(f"{ahead:+020d}\n")
