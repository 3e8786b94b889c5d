"""The portal's processes and its PostgreSQL are killed in the middle of batches: what was acknowledged is there, once."""

from __future__ import annotations

import http.client
import json
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal.store.database import connect
from tests.portal.running import HEADERS, Portal, Post, Stream, packed

BATCHES, EVENTS = 24, 40


@pytest.fixture
def portal() -> Iterator[Portal]:
    """In processes of its own; the folder is one that PostgreSQL's own user may enter."""
    with tempfile.TemporaryDirectory(prefix="istiqbal-portal-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        made = Portal(Path(name), processes=2, threads=2)
        yield made
        made.close()


def post(port: int, batch: Post) -> list[str]:
    """The verdicts; none when the line broke or the portal could not."""
    token, body, _ = batch
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as line:
        try:
            line.request("POST", "/v1/events", body, {**HEADERS, "Authorization": f"Bearer {token}", "Connection": "close"})
            got = line.getresponse()
            said = got.read()
            return [one["verdict"] for one in json.loads(said)["verdicts"]] if got.status == 200 else []
        except (OSError, http.client.HTTPException):
            return []


def test_what_was_acknowledged_is_there_once_whatever_is_killed(portal: Portal) -> None:
    (token,) = portal.tokens(["rabat-annexe-6"])
    stream = Stream("rabat-annexe-6", datetime.now(UTC) - timedelta(hours=1))
    batches = [packed(token, stream.events(EVENTS, 0.5)) for _ in range(BATCHES)]
    for number, batch in enumerate(batches):
        if number % 6 == 3:
            lost = threading.Thread(target=post, args=(portal.port, batch))
            lost.start()
            if number % 12 == 3:
                portal.kill()
                portal.begin()
            else:
                portal.postgres.stop()
                portal.postgres.begin()
            lost.join()
        while not (said := post(portal.port, batch)):
            pass
        assert set(said) in ({"stored"}, {"duplicate"}), "a batch of one start is there whole or not at all"
    with connect(portal.url) as conn:
        rows = conn.execute("SELECT sequence FROM events ORDER BY sequence").fetchall()
        gaps = conn.execute("SELECT count(*) FROM gaps").fetchone()
    assert [sequence for (sequence,) in rows] == list(range(1, BATCHES * EVENTS + 1))
    assert gaps == (0,)
