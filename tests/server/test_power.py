"""kill -9 under load: every acknowledged ticket is there, no number twice, the journal replays."""

from __future__ import annotations

import threading

import requests

from server import journal
from server.store import open_reader
from tests.running import Running

ROUNDS = 3
CLIENTS = 4


def test_every_acknowledged_ticket_survives_kill_9(running: Running) -> None:
    running.unlimited()
    token = running.token("kiosk", "kiosk-1")
    acknowledged: set[tuple[str, str]] = set()
    for _ in range(ROUNDS):
        running.start()
        enough, threads = threading.Event(), []
        count = len(acknowledged)

        def take() -> None:
            session = requests.Session()
            session.headers["Authorization"] = f"Bearer {token}"
            while True:
                try:
                    answer = session.post(
                        f"{running.url}/api/v1/tickets", json={"service": "etat-civil", "language": "fr"}, timeout=10
                    )
                except requests.RequestException:
                    return
                ticket = answer.json()
                acknowledged.add((ticket["visit"], ticket["ticket"]))
                if len(acknowledged) > count + 60:  # noqa: B023 - joined before the loop goes on
                    enough.set()  # noqa: B023

        threads = [threading.Thread(target=take) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        assert enough.wait(30)
        running.kill()
        for thread in threads:
            thread.join(30)
    db = open_reader(running.folder / "unit.db")
    rows = db.execute("SELECT visit, ticket FROM visits").fetchall()
    replayed, stored = journal.replay(journal.read(db.conn)), journal.stored(db.conn)
    intact = db.execute("PRAGMA integrity_check").fetchone()[0]
    db.close()
    assert acknowledged <= set(rows)
    assert len({ticket for _, ticket in rows}) == len(rows)
    assert replayed == stored
    assert intact == "ok"


def test_two_servers_never_run_one_unit(running: Running) -> None:
    import subprocess

    from tests.running import ISTIQBAL, free_port

    running.start()
    done = subprocess.run(
        [ISTIQBAL, "serve", running.folder, "--port", str(free_port())], capture_output=True, text=True, timeout=30
    )
    running.stop()
    assert done.returncode == 1
    assert "already runs" in done.stderr


def test_it_stops_within_a_few_seconds_when_told(running: Running) -> None:
    running.start()
    running.stop()
    assert running.process is None
