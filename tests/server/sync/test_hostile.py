"""A portal that means harm, or somebody who answers in its place: nothing is settled by it, nothing is let in."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3

from server import sync
from server.app import Server
from server.errors import UnitError
from server.operations.making import new_token
from server.sync import line
from server.sync.adapters import SyncFailed
from server.sync.adapters.https import LARGEST_ANSWER, HttpsAdapter
from server.sync.outbox import refused
from server.unit import Unit
from server.visits import Order
from tests.conftest import KIOSK
from tests.programs import Program
from tests.server.sync.portals import KEY, PROBLEM, Reply, TrialPortal

SCRIPT = "<script>alert(1)</script>"
EVIL: dict[str, Reply] = {
    "a body without end": Reply(200, b" " * (LARGEST_ANSWER + 1)),
    "a small body that unpacks to a large one": Reply(
        200, gzip.compress(b" " * (50 * LARGEST_ANSWER)), headers={"Content-Encoding": "gzip"}
    ),
    "a page": Reply(200, f"<html>{SCRIPT}</html>".encode(), "text/html"),
    "verdicts on other events": Reply(200, {"verdicts": [{"id": "other", "verdict": "stored"}]}),
    "verdicts that are none": Reply(200, {"verdicts": [{"id": {"a": 1}, "verdict": ["stored"]}]}),
    "more verdicts than were asked for": Reply(200, {"verdicts": [{"id": "x"}] * 1000}),
    "an address inside the hall": Reply(307, b"", headers={"Location": "http://127.0.0.1:9/v1/events"}),
    "an address of a file": Reply(302, b"", headers={"Location": "file:///etc/passwd"}),
}


@pytest.fixture
def portal() -> Iterator[TrialPortal]:
    made = TrialPortal()
    yield made
    made.close()


def way(portal: TrialPortal) -> HttpsAdapter:
    return HttpsAdapter(portal.url, urllib3.PoolManager(retries=False, timeout=5), "unit", None)


def owe(unit: Unit) -> None:
    visit = unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"]
    unit.visits.cancel(visit, KIOSK)


def owed(unit: Unit) -> int:
    with unit.reading() as conn:
        return int(conn.execute("SELECT COUNT(*) FROM deliveries WHERE kind = 'portal' AND state = 'pending'").fetchone()[0])


@pytest.mark.parametrize("what", EVIL)
def test_it_settles_nothing_and_everything_is_sent_again_to_an_honest_one(unit: Unit, portal: TrialPortal, what: str) -> None:
    owe(unit)
    portal.replies = [EVIL[what]]
    with pytest.raises(SyncFailed):
        sync.drain_unit(unit, way(portal))
    assert owed(unit) == 1
    assert len(portal.requests) == 1, "no redirection is followed"
    assert sync.drain_unit(unit, way(portal)) == 1
    assert len(portal.order) == 1


@pytest.mark.parametrize("keys", [[{"kid": 1}], [{"kid": "k"}], [{**KEY, "d": "private"}], "k", [[]]])
def test_keys_that_can_not_be_used_never_take_the_place_of_good_ones(unit: Unit, portal: TrialPortal, keys: Any) -> None:
    line.fetch_keys(way(portal), unit.folder)
    portal.replies = [Reply(200, {"keys": keys})]
    with pytest.raises(UnitError):
        line.fetch_keys(way(portal), unit.folder)
    assert line.portal_keys(unit.folder) == [KEY]


def test_what_it_says_is_shown_as_text_and_cut(folder: Path, portal: TrialPortal) -> None:
    path = folder / "unit.toml"
    path.write_text(path.read_text().replace('adapter = "none"', 'adapter = "folder"'))
    server = Server(folder)
    owe(server.unit)
    portal.judge = lambda _: {"verdict": "rejected", "reason": SCRIPT + "x" * 10_000, "detail": SCRIPT}
    sync.drain_unit(server.unit, way(portal))
    with server.unit.reading() as conn:
        (one,) = refused(conn)
    assert len(one.error or "") < 2000
    manager = Program(server.app.test_client(use_cookies=False), new_token(folder, "manager", "manager-1"))
    for address in ("/manager/portal", f"/manager/portal/{one.delivery}"):
        page = manager.get(address).get_data(as_text=True)
        assert SCRIPT not in page
        assert "&lt;script&gt;" in page
    server.unit.close()


def test_a_problem_that_is_none_is_no_reason_to_give_anything_up(unit: Unit, portal: TrialPortal) -> None:
    owe(unit)
    portal.replies = [Reply(500, json.dumps({"type": 1, "title": [SCRIPT]}).encode(), PROBLEM)]
    with pytest.raises(SyncFailed):
        sync.drain_unit(unit, way(portal))
    assert owed(unit) == 1
