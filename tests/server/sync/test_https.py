"""The way over HTTPS: nothing lost and nothing doubled, whatever the line or the portal does."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
import urllib3

from server import sync
from server.sync import line
from server.sync.adapters import SyncFailed, SyncPaused
from server.sync.adapters.https import HttpsAdapter
from server.sync.backoff import LONGEST_S, pause_s
from server.unit import Unit
from tests.server.sync.https import end_visits, seen, states, stored, way
from tests.server.sync.portals import KEY, PROBLEM, CutLine, Reply, TrialPortal, problem


def test_it_sends_everything_in_order_gzipped_with_the_contracts_version(unit: Unit, portal: TrialPortal) -> None:
    visits = end_visits(unit, 501)
    assert sync.drain_unit(unit, way(portal)) == 501
    assert stored(portal) == visits
    assert [int(portal.events[id]["sequence"]) for id in portal.order] == list(range(1, 502))
    path, headers = portal.requests[0]
    assert path == "POST /v1/events"
    assert headers["content-encoding"] == "gzip"
    assert headers["istiqbal-contract"] == "1.0"
    assert len(portal.requests) == 2
    assert states(unit) == {"done": 501}


BROKEN: dict[str, Callable[[], Reply]] = {
    "reply lost after commit": lambda: Reply(lost=True),
    "cut at the first byte": lambda: Reply(cut=0),
    "cut in the middle": lambda: Reply(cut=40),
    "500": lambda: problem(500, "broken"),
    "502 of a proxy in HTML": lambda: Reply(502, b"<html>Bad gateway</html>", "text/html"),
    "503": lambda: problem(503, "busy"),
    "a sign-in page with 200": lambda: Reply(200, b"<html>Please sign in to the network</html>", "text/html"),
    "a sign-in page as a redirect": lambda: Reply(302, b"", "text/html", {"Location": "http://127.0.0.1:9/login"}),
    "a truncating proxy": lambda: Reply(200, b'{"verdicts": [{"id": "x", "verd', "application/json"),
    "verdicts of other events": lambda: Reply(200, {"verdicts": [{"id": "x", "verdict": "stored"}] * 3}),
    "too few verdicts": lambda: Reply(200, {"verdicts": []}),
    "a JSON list": lambda: Reply(200, [1, 2], "application/json"),
    "a 404 of something else": lambda: Reply(404, b"nothing here", "text/plain"),
    "an endless answer": lambda: Reply(200, b" " * 3_000_000, "application/json"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_whatever_breaks_every_event_is_stored_once_and_in_order(unit: Unit, portal: TrialPortal, name: str) -> None:
    visits = end_visits(unit, 3)
    portal.replies = [BROKEN[name]()]
    with pytest.raises(SyncFailed) as failure:
        sync.drain_unit(unit, way(portal))
    assert not isinstance(failure.value, SyncPaused)
    assert states(unit) == {"pending": 3}
    visits += end_visits(unit, 1)
    assert sync.drain_unit(unit, way(portal)) == 4
    assert stored(portal) == visits
    assert states(unit) == {"done": 4}


@pytest.mark.parametrize("way_of", ["up", "down"])
def test_a_line_cut_at_any_byte_loses_nothing_and_doubles_nothing(unit: Unit, portal: TrialPortal, way_of: str) -> None:
    """One request after the other, each cut a byte later, until one gets through whole."""
    visits = end_visits(unit, 1)
    broken, cut = CutLine(portal), 0
    while states(unit) == {"pending": 1}:
        setattr(broken, way_of, cut)
        with contextlib.suppress(SyncFailed):
            sync.drain_unit(unit, HttpsAdapter(broken.url, urllib3.PoolManager(retries=False, timeout=5), "unit", None))
        cut += 1
    broken.close()
    assert cut > 200, "a whole request, and a whole answer, are longer than this"
    assert stored(portal) == visits
    assert states(unit) == {"done": 1}


def test_keys_that_nothing_can_be_sealed_to_do_not_replace_good_ones_and_hold_up_no_event(unit: Unit, portal: TrialPortal) -> None:
    line.fetch_keys(way(portal), unit.folder)
    for nonsense in ([{"kid": "x"}], [{**KEY, "x": "short"}], [{**KEY, "kty": "oct"}], [{**KEY, "valid_from": None}]):
        visits = end_visits(unit, 1)
        portal.replies = [None, Reply(200, {"keys": nonsense})]
        line.Line(unit, way(portal)).turn()
        assert line.portal_keys(unit.folder) == [KEY]
        assert stored(portal)[-1:] == visits
    for no_answer in (Reply(200, b"<html>Please sign in</html>", "text/html"), problem(403, "not-allowed")):
        visits = end_visits(unit, 1)
        portal.replies = [None, no_answer]
        line.Line(unit, way(portal)).turn()
        assert (line.portal_keys(unit.folder), stored(portal)[-1:]) == ([KEY], visits)
        assert seen(unit)["fault"] is None, "what the portal took was contact enough"


def test_nobody_there_is_said_in_a_sentence(unit: Unit, portal: TrialPortal) -> None:
    end_visits(unit, 1)
    portal.close()
    with pytest.raises(SyncFailed, match="could not be reached"):
        sync.drain_unit(unit, way(portal))


@pytest.mark.parametrize("status", [429, 500, 503])
@pytest.mark.parametrize(
    ("header", "least", "most"),
    [("120", 120, 120), ("Mon, 23 Nov 2099 10:00:00 GMT", 1e9, 1e10), ("soon", None, None), (None, None, None)],
)
def test_it_waits_as_long_as_the_portal_asks(
    unit: Unit, portal: TrialPortal, status: int, header: str | None, least: float | None, most: float | None
) -> None:
    end_visits(unit, 1)
    portal.replies = [problem(status, "too-fast", **({"Retry-After": header} if header else {}))]
    with pytest.raises(SyncFailed) as failure:
        sync.drain_unit(unit, way(portal))
    asked = failure.value.retry_after_s
    assert (asked is None) == (least is None)
    assert asked is None or (least is not None and most is not None and least <= asked <= most)


@pytest.mark.parametrize(("status", "slug"), [(401, "not-signed-in"), (403, "not-allowed"), (404, "not-found")])
def test_a_closed_door_pauses_and_waits_for_a_person(unit: Unit, portal: TrialPortal, status: int, slug: str) -> None:
    end_visits(unit, 1)
    portal.replies = [problem(status, slug)] * 2
    with pytest.raises(SyncPaused, match=slug):
        sync.drain_unit(unit, way(portal))
    assert states(unit) == {"pending": 1}


def test_an_expired_token_is_fetched_anew_once(unit: Unit, portal: TrialPortal) -> None:
    end_visits(unit, 1)
    portal.replies = [None, problem(401, "not-signed-in")]
    assert sync.drain_unit(unit, way(portal, "a secret")) == 1
    paths = [path for path, _ in portal.requests]
    assert paths == ["POST /v1/token", "POST /v1/events", "POST /v1/token", "POST /v1/events"]
    assert portal.requests[0][1]["authorization"].startswith("Basic ")
    assert portal.requests[3][1]["authorization"] == "Bearer token-3"


def test_a_poison_event_goes_to_the_list_and_the_others_go_on(unit: Unit, portal: TrialPortal) -> None:
    visits = end_visits(unit, 5)
    portal.judge = lambda event: (
        {"verdict": "rejected", "reason": "invalid", "detail": "/data/leg: minimum"}
        if event["data"]["visit"] == visits[2]
        else None
    )
    assert sync.drain_unit(unit, way(portal)) == 5
    assert stored(portal) == [*visits[:2], *visits[3:]]
    assert states(unit) == {"done": 4, "rejected": 1}
    with unit.reading() as conn:
        (error,) = conn.execute("SELECT error FROM deliveries WHERE state = 'rejected'").fetchone()
    assert error == "invalid: /data/leg: minimum"


def test_a_batch_that_can_not_be_read_is_halved_down_to_the_event_to_blame(unit: Unit, portal: TrialPortal) -> None:
    visits = end_visits(unit, 8)
    poison = visits[5]
    real = portal._behave

    def choke(handler: Any, body: bytes) -> Reply:
        import gzip

        if poison in gzip.decompress(body).decode():
            return Reply(400, {"type": "urn:istiqbal:problem:not-json"}, PROBLEM)
        return real(handler, body)

    portal._behave = choke  # type: ignore[method-assign]
    sync.drain_unit(unit, way(portal))
    assert stored(portal) == [*visits[:5], *visits[6:]]
    assert states(unit) == {"done": 7, "rejected": 1}


@pytest.mark.parametrize("odd", ['"\\ud800"', "1" * 40, "[" * 300 + "]" * 300], ids=["half a surrogate", "beyond 64 bits", "deep"])
def test_what_is_hardly_json_is_sent_for_the_portal_to_judge(unit: Unit, portal: TrialPortal, odd: str) -> None:
    visits = end_visits(unit, 3)
    poison = "UPDATE deliveries SET payload = replace(payload, '\"leg\":1', ?) WHERE sequence = 2"
    unit.writer.run(lambda conn: conn.execute(poison, (f'"leg":{odd}',)))
    portal.judge = lambda event: {"verdict": "rejected", "reason": "invalid"} if event["data"]["leg"] != 1 else None
    assert sync.drain_unit(unit, way(portal)) == 3
    assert stored(portal) == [visits[0], visits[2]]
    assert states(unit) == {"done": 2, "rejected": 1}


def test_a_body_damaged_once_on_its_way_is_simply_sent_again(unit: Unit, portal: TrialPortal) -> None:
    end_visits(unit, 4)
    portal.replies = [problem(400, "not-gzip")]
    sync.drain_unit(unit, way(portal))
    assert len(portal.requests) == 2
    assert states(unit) == {"done": 4}


def test_what_the_portal_does_not_know_yet_is_kept_aside_until_its_contract_is_newer(unit: Unit, portal: TrialPortal) -> None:
    end_visits(unit, 2)
    portal.judge = lambda _: {"verdict": "rejected", "reason": "unknown-version"}
    worker = line.Line(unit, way(portal))
    worker.turn()
    assert states(unit) == {"aside": 2}
    portal.version, portal.judge = "1.1", lambda _: None
    worker.try_now()
    worker.turn()
    worker.try_now()
    worker.turn()
    assert states(unit) == {"done": 2}
    assert not [way for way, _ in portal.requests if way.endswith("/v1")], "the header alone tells, as the contract says"


def test_the_pause_doubles_with_full_jitter_and_ends_at_ten_minutes() -> None:
    assert [pause_s(n, None, lambda: 1.0) for n in (1, 2, 3)] == [4.0, 8.0, 16.0]
    assert pause_s(50, None, lambda: 1.0) == LONGEST_S == 600
    assert pause_s(50, None, lambda: 0.0) == 0
    assert 120 <= pause_s(1, 120, lambda: 0.5) <= 150
    assert pause_s(1, 1e9, lambda: 1.0) <= 3600 * 1.25
