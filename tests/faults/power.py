"""kill -9 and power cuts under load."""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from server.store.database import connect
from tests.faults import disk
from tests.faults.hall import Load, Result, Ticket, hall, judged, left

LOG = "disk.log"


def kill_9(rounds: int) -> Result:
    """The server is killed at random moments while four clients take tickets, and started again."""
    chance = random.Random(1)
    with hall() as running:
        load = Load(running.url, running.token("kiosk", "kiosk-1")).start()
        for _ in range(rounds):
            running.start()
            load.more(1)
            time.sleep(chance.uniform(0, 0.3))
            running.kill()
        running.start()
        load.more(1)
        load.stop()
        running.stop()
        seen = f"{load.unanswered} requests cut off, each sent again with its key: one ticket each"
        return judged("`kill -9` at a random moment under load", f"{rounds} times", load, running.folder / "unit.db", seen)


def power_cut(cuts: int, seconds: float) -> list[Result]:
    """What the disk holds at many moments of one run, without what was not synced, and with some of it."""
    with tempfile.TemporaryDirectory() as name, hall() as running:
        log = Path(name) / LOG
        running.environment = {"LD_PRELOAD": str(disk.build(Path(name))), "DISK_LOG": str(log)}
        token = running.token("kiosk", "kiosk-1")
        first = tuple(_bytes(running.folder / file) for file in disk.NAMES)
        running.start()
        load = Load(running.url, token).start()
        time.sleep(seconds)
        load.stop()
        running.kill()
        steps = disk.steps(log)
        acknowledged = sorted(load.acknowledged.values(), key=lambda one: one.ns)
        return [
            _cut("what was not synced is gone", (first[0], first[1]), steps, acknowledged, cuts, None),
            _cut("any sectors of it are there", (first[0], first[1]), steps, acknowledged, cuts, random.Random(2)),
        ]


def _cut(
    how: str,
    first: tuple[bytes | None, bytes | None],
    steps: list[disk.Step],
    acknowledged: list[Ticket],
    cuts: int,
    chance: random.Random | None,
) -> Result:
    lost = twice = 0
    good = True
    for step, platter in _moments(first, steps, cuts):
        due = [one for one in acknowledged if one.ns < step.ns]
        with tempfile.TemporaryDirectory() as name:
            platter.after_a_cut(Path(name), chance)
            found = left(Path(name) / "unit.db", due)
        lost, twice, good = lost + found.lost, twice + found.twice, good and found.good
    seen = f"of {len(steps)} writes and syncs; the journal replays and the file is whole at each" if good else "see the lost"
    return Result(f"power cut: {how}", f"at {cuts} moments", len(acknowledged), lost, twice, seen, good)


def _moments(
    first: tuple[bytes | None, bytes | None], steps: list[disk.Step], cuts: int
) -> Iterator[tuple[disk.Step, disk.Platter]]:
    """The disk before some of the steps, each picked at random."""
    picked = set(random.Random(3).sample(range(len(steps)), min(cuts, len(steps))))
    platter = disk.Platter(first)
    for number, step in enumerate(steps):
        if number in picked:
            yield step, platter
        platter.do(step)


def lost_without_sync() -> int:
    """The model's own proof: the tickets that it loses of a server that does not sync (`synchronous=OFF`)."""
    with tempfile.TemporaryDirectory() as name:
        import subprocess
        import sys

        log, folder = Path(name) / LOG, Path(name)
        program = (
            "import sys; from server.store.database import connect; from pathlib import Path\n"
            "conn = connect(Path(sys.argv[1])); conn.execute('PRAGMA synchronous=OFF'); conn.execute('CREATE TABLE t (n)')\n"
            "for n in range(100): conn.execute('INSERT INTO t VALUES (?)', (n,))\n"
            "import os; os._exit(0)"
        )
        environment = {"LD_PRELOAD": str(disk.build(folder)), "DISK_LOG": str(log), "PYTHONPATH": ":".join(sys.path)}
        subprocess.run([sys.executable, "-c", program, str(folder / "unit.db")], check=True, env=environment)
        platter = disk.Platter((None, None))
        for step in disk.steps(log):
            platter.do(step)
        after = folder / "after"
        after.mkdir()
        platter.after_a_cut(after, None)
        if not (after / "unit.db").exists():
            return 100
        shutil.copy(after / "unit.db", folder / "cut.db")
        conn = connect(after / "unit.db")
        try:
            there = conn.execute("SELECT COUNT(*) FROM sqlite_schema WHERE name = 't'").fetchone()[0]
            return 100 - (conn.execute("SELECT COUNT(*) FROM t").fetchone()[0] if there else 0)
        finally:
            conn.close()


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None
