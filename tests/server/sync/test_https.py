"""The way over HTTPS: nothing lost and nothing doubled, whatever the line or the portal does."""

from __future__ import annotations

import contextlib
import json
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
import urllib3

from server import settings, sync
from server.errors import UnitError
from server.sync import line, outbox
from server.sync.adapters import SyncFailed, SyncPaused
from server.sync.adapters.https import HttpsAdapter
from server.sync.backoff import LONGEST_S, pause_s
from server.sync.certificates import Validity
from server.sync.drain import TRIES_ALONE
from server.unit import Unit
from server.visits import Order
from tests.conftest import KIOSK
from tests.server.sync.portals import KEY, PROBLEM, CutLine, Reply, TrialPortal, problem


@pytest.fixture
def portal() -> Iterator[TrialPortal]:
    made = TrialPortal()
    yield made
    made.close()


def way(portal: TrialPortal, secret: str | None = None) -> HttpsAdapter:
    return HttpsAdapter(portal.url, urllib3.PoolManager(retries=False, timeout=5), "unit", secret)


def end_visits(unit: Unit, count: int) -> list[str]:
    visits = [unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"] for _ in range(count)]
    for visit in visits:
        unit.visits.cancel(visit, KIOSK)
    return visits


def states(unit: Unit) -> dict[str, int]:
    with unit.reading() as conn:
        return dict(conn.execute("SELECT state, COUNT(*) FROM deliveries WHERE kind = 'portal' GROUP BY state").fetchall())


def seen(unit: Unit) -> Any:
    """The line as a screen shows it."""
    with unit.reading() as conn:
        return sync.look(conn)["portal"]


def stored(portal: TrialPortal) -> list[str]:
    return [portal.events[id]["data"]["visit"] for id in portal.order]


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


def test_the_line_remembers_its_fault_and_forgets_it_with_the_next_contact(unit: Unit, portal: TrialPortal) -> None:
    end_visits(unit, 1)
    portal.replies = [problem(403, "not-allowed")]
    worker = line.Line(unit, way(portal))
    worker.turn()
    found = seen(unit)
    assert found["paused"]
    assert found["pending"] == 1
    assert found["fault"]["params"] == {"detail": "403 not-allowed"}
    asked = len(portal.requests)
    worker.turn()
    assert len(portal.requests) == asked, "a paused line does not knock again by itself"
    worker.try_now()
    worker.turn()
    found = seen(unit)
    assert (found["paused"], found["fault"], found["pending"]) == (False, None, 0)
    assert found["contact"]
    assert line.portal_keys(unit.folder) == [KEY]


def test_nobody_there_is_no_contact_even_when_nothing_is_owed(unit: Unit, portal: TrialPortal) -> None:
    portal.close()
    line.Line(unit, way(portal)).turn()
    found = seen(unit)
    assert found["contact"] is None
    assert "could not be reached" in found["fault"]["message"]


def test_a_unit_that_is_not_let_in_is_paused_even_when_nothing_is_owed(unit: Unit, portal: TrialPortal) -> None:
    portal.replies = [problem(401, "not-signed-in")] * 2
    line.Line(unit, way(portal, "a secret")).turn()
    found = seen(unit)
    assert (found["contact"], found["paused"]) == (None, True)
    assert found["fault"]["params"] == {"detail": "401 not-signed-in"}


def test_a_turn_that_speaks_to_nobody_is_no_contact_and_a_quiet_unit_asks_now_and_then(unit: Unit, portal: TrialPortal) -> None:
    """Within the shortest time after which a silent portal may be an alert, so that a hall at night raises none."""
    steady = [0.0]
    worker = line.Line(unit, way(portal), steady=lambda: steady[0])
    worker.turn()
    assert seen(unit)["contact"]
    unit.writer.run(lambda conn: conn.execute("UPDATE portal_line SET value = '1000' WHERE what = 'contact'"))
    while steady[0] < line.QUIET_S - 120:
        steady[0] += 60
        worker.turn()
    assert [path for path, _ in portal.requests] == ["GET /v1/keys"]
    assert seen(unit)["contact"] == "1970-01-01T00:00:01.000Z"
    steady[0] = 3600
    worker.turn()
    assert [path for path, _ in portal.requests] == ["GET /v1/keys"] * 2
    assert seen(unit)["contact"] > "2000"
    portal.replies = [Reply(lost=True)]
    steady[0] += 3600
    worker.turn()
    assert "could not be reached" in seen(unit)["fault"]["message"]


SUBMISSION = {"reference": "K7QXM2PZA4CDEFGH", "type": "complaint", "sealed": "e30.."}


def owe_submission(unit: Unit) -> None:
    payload = json.dumps({"day": "2026-11-23", "body": SUBMISSION})
    statement = "INSERT INTO deliveries(event, kind, target, payload, created_at) VALUES ('e', 'submission', 'portal', ?, 0)"
    unit.writer.run(lambda conn: conn.execute(statement, (payload,)))


def test_a_submission_is_sent_once_with_its_reference_as_key(unit: Unit, portal: TrialPortal) -> None:
    owe_submission(unit)
    portal.replies = [Reply(lost=True)]
    with pytest.raises(SyncFailed):
        sync.drain_unit(unit, way(portal))
    assert sync.drain_unit(unit, way(portal)) == 1
    assert portal.submissions == {"K7QXM2PZA4CDEFGH": SUBMISSION}
    assert portal.requests[-1][1]["idempotency-key"] == "K7QXM2PZA4CDEFGH"
    with unit.reading() as conn:
        assert outbox.counts(conn) == {"pending": 0, "rejected": 0, "aside": 0}


def test_a_submission_that_a_proxy_cut_is_simply_sent_again(unit: Unit, portal: TrialPortal) -> None:
    owe_submission(unit)
    portal.replies = [problem(400, "not-json")] * (TRIES_ALONE - 1)
    assert sync.drain_unit(unit, way(portal)) == 1
    assert portal.submissions == {"K7QXM2PZA4CDEFGH": SUBMISSION}
    with unit.reading() as conn:
        assert outbox.counts(conn) == {"pending": 0, "rejected": 0, "aside": 0}


def test_a_submission_that_is_never_read_goes_to_the_list_and_holds_up_nothing(unit: Unit, portal: TrialPortal) -> None:
    owe_submission(unit)
    end_visits(unit, 1)
    portal.replies = [problem(400, "not-json")] * TRIES_ALONE
    assert sync.drain_unit(unit, way(portal)) == 2
    assert [path for path, _ in portal.requests] == ["POST /v1/submissions"] * TRIES_ALONE + ["POST /v1/events"]
    with unit.reading() as conn:
        (one,) = outbox.refused(conn)
    assert one.error == "unreadable: The portal could not read what was sent (not-json)."


@pytest.mark.parametrize(("status", "slug"), [(409, "reference-taken"), (413, "too-large"), (422, "invalid")])
def test_a_submission_that_was_read_and_is_not_taken_goes_to_the_list_at_once(
    unit: Unit, portal: TrialPortal, status: int, slug: str
) -> None:
    owe_submission(unit)
    portal.replies = [problem(status, slug)]
    assert sync.drain_unit(unit, way(portal)) == 1
    with unit.reading() as conn:
        (one,) = outbox.refused(conn)
    assert (one.error, len(portal.requests)) == (slug, 1)


def test_the_pause_doubles_with_full_jitter_and_ends_at_ten_minutes() -> None:
    assert [pause_s(n, None, lambda: 1.0) for n in (1, 2, 3)] == [4.0, 8.0, 16.0]
    assert pause_s(50, None, lambda: 1.0) == LONGEST_S == 600
    assert pause_s(50, None, lambda: 0.0) == 0
    assert 120 <= pause_s(1, 120, lambda: 0.5) <= 150
    assert pause_s(1, 1e9, lambda: 1.0) <= 3600 * 1.25


NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("begins", "ends", "word"), [(1, 400, "clock"), (-400, -1, "ended"), (-400, 10, "ends on"), (-1, 400, None)]
)
def test_a_certificate_that_does_not_fit_the_day_is_told_in_words(begins: int, ends: int, word: str | None) -> None:
    fault = Validity(NOW + timedelta(days=begins), NOW + timedelta(days=ends)).fault(NOW)
    assert (fault is None) == (word is None)
    assert word is None or word in (fault or "")


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


def https_settings(folder: Path, url: str, authority: trustme.CA, **validity: datetime) -> settings.Settings:
    """The unit's settings with a client certificate of this authority in its `secrets/`."""
    (folder / "secrets").mkdir(exist_ok=True)
    own = authority.issue_cert(common_name="unit", **validity)
    own.cert_chain_pems[0].write_to_path(str(folder / "secrets/client.pem"))
    own.private_key_pem.write_to_path(str(folder / "secrets/client.key"))
    authority.cert_pem.write_to_path(str(folder / "secrets/ca.pem"))
    text = (folder / "unit.toml").read_text().split("[portal]")[0]
    table = (
        f'[portal]\nadapter = "https"\nurl = "{url}"\nca = "secrets/ca.pem"\n'
        'certificate = "secrets/client.pem"\nkey = "secrets/client.key"\n'
    )
    (folder / "unit.toml").write_text(text + table)
    return settings.load(folder)


def portal_of(authority: trustme.CA, **validity: datetime) -> TrialPortal:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", **validity).configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    return TrialPortal(context)


def test_both_sides_show_a_certificate(unit: Unit, authority: trustme.CA) -> None:
    visits = end_visits(unit, 2)
    portal = portal_of(authority)
    adapter = sync.adapter(https_settings(unit.folder, portal.url, authority), unit.folder)
    assert adapter is not None
    assert sync.drain_unit(unit, adapter) == 2
    assert stored(portal) == visits
    portal.close()


def test_a_portal_of_another_authority_gets_nothing(unit: Unit, authority: trustme.CA) -> None:
    end_visits(unit, 1)
    stranger = portal_of(trustme.CA())
    adapter = sync.adapter(https_settings(unit.folder, stranger.url, authority), unit.folder)
    assert adapter is not None
    with pytest.raises(SyncFailed, match="could not be reached"):
        sync.drain_unit(unit, adapter)
    assert stranger.events == {}
    stranger.close()


def test_a_clock_that_does_not_fit_the_portals_certificate_is_named(unit: Unit, authority: trustme.CA) -> None:
    end_visits(unit, 1)
    later = datetime.now(UTC) + timedelta(days=365)
    portal = portal_of(authority, not_before=later, not_after=later + timedelta(days=9))
    adapter = sync.adapter(https_settings(unit.folder, portal.url, authority), unit.folder)
    assert adapter is not None
    with pytest.raises(SyncFailed, match="clock"):
        sync.drain_unit(unit, adapter)
    portal.close()


def test_a_missing_certificate_file_stops_the_start_with_its_name(folder: Path, authority: trustme.CA) -> None:
    loaded = https_settings(folder, "https://portal.test", authority)
    (folder / "secrets/client.pem").unlink()
    with pytest.raises(UnitError, match=r"client\.pem"):
        sync.adapter(loaded, folder)


@pytest.mark.parametrize(
    ("table", "word"),
    [
        ('adapter = "https"', "url"),
        ('adapter = "https"\nurl = "http://portal.test"', "url"),
        ('adapter = "https"\nurl = "https://portal.test"', "certificate"),
        ('adapter = "https"\nurl = "https://portal.test"\nkey = "k"', "go together"),
    ],
)
def test_a_way_that_is_half_set_up_is_refused_at_start(folder: Path, table: str, word: str) -> None:
    text = (folder / "unit.toml").read_text().split("[portal]")[0]
    (folder / "unit.toml").write_text(f"{text}[portal]\n{table}\n")
    with pytest.raises(settings.BadSettings, match=word):
        settings.load(folder)
