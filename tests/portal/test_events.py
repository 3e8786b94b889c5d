"""Events arrive once, whatever happens on the way."""

from __future__ import annotations

import gzip
import json
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask

from portal import contract, units
from portal.store.database import Connection, make_partitions, partitions
from tests.portal.sender import Sender, random_id


def stored(conn: Connection) -> list[tuple[Any, ...]]:
    return conn.execute("SELECT id, sequence FROM events ORDER BY stream, sequence, id").fetchall()


def incidents(conn: Connection) -> set[str]:
    return {kind for (kind,) in conn.execute("SELECT kind FROM incidents")}


def gaps(conn: Connection) -> list[tuple[Any, ...]]:
    return conn.execute("SELECT first, last FROM gaps ORDER BY stream, first").fetchall()


def test_it_stores_a_batch_and_says_so_event_by_event(sender: Sender, conn: Connection) -> None:
    events = [sender.leg(), sender.rating(4, reasons=["welcome"]), sender.leg("expired", left_after=900, waited=None)]
    got = sender.post(contract.batch(events), Istiqbal_Contract="1.0")
    assert got.status_code == 200
    assert got.headers["Istiqbal-Contract"] == "1.0"
    jsonschema_rs.validator_for(contract.schema("verdicts")).validate(json.loads(got.data))
    assert json.loads(got.data)["verdicts"] == [{"id": event["id"], "verdict": "stored"} for event in events]
    assert stored(conn) == [(event["id"], place) for place, event in enumerate(events, 1)]


def test_it_tells_a_repetition_after_a_lost_reply(sender: Sender, conn: Connection) -> None:
    events = [sender.leg(), sender.leg(), sender.rating(2)]
    assert sender.verdicts(events) == ["stored"] * 3
    assert sender.verdicts([*events, sender.leg()]) == ["duplicate"] * 3 + ["stored"]
    assert len(stored(conn)) == 4
    assert gaps(conn) == []


def test_it_flags_the_same_id_with_other_content_and_keeps_the_first(sender: Sender, conn: Connection) -> None:
    event = sender.leg(waited=60)
    sender.send([event])
    changed = {**event, "data": {**event["data"], "waited": 61}}
    assert sender.verdicts([changed]) == ["conflict"]
    moved = {**event, "time": "2025-01-01T00:00:00.000Z"}
    assert sender.verdicts([moved]) == ["conflict"], "also when it claims another day"
    assert conn.execute("SELECT waited FROM events").fetchall() == [(60,)]
    assert incidents(conn) == {"conflict"}


def test_it_tells_repetitions_within_one_batch(sender: Sender, conn: Connection) -> None:
    event = sender.leg()
    assert sender.verdicts([event, event, {**event, "time": "2026-01-01T00:00:00.000Z"}]) == ["stored", "duplicate", "conflict"]
    assert len(stored(conn)) == 1


def test_it_notes_gaps_and_closes_them_when_the_missing_come(sender: Sender, conn: Connection) -> None:
    events = [sender.leg() for _ in range(9)]
    assert sender.verdicts([events[0], events[4]]) == ["stored"] * 2
    assert sender.verdicts([events[8]]) == ["stored"]
    assert gaps(conn) == [(2, 4), (6, 8)]
    assert sender.verdicts([events[2]]) == ["stored"]
    assert gaps(conn) == [(2, 2), (4, 4), (6, 8)]
    assert sender.verdicts(events) == ["duplicate" if n in (0, 2, 4, 8) else "stored" for n in range(9)]
    assert gaps(conn) == []


POISON: dict[str, Any] = {
    "not an object": lambda _: 7,
    "null": lambda _: None,
    "no id": lambda event: {**event, "id": 5},
    "a name in it": lambda event: {**event, "data": {**event["data"], "clerk": "Salma"}},
    "a NUL": lambda event: {**event, "data": {**event["data"], "service": "etat\0civil"}},
    "31 February": lambda event: {**event, "time": "2026-02-31T00:00:00.000Z"},
    "a number beyond all": lambda event: {**event, "data": {**event["data"], "waited": 10**30}},
    "a sequence beyond all": lambda event: {**event, "sequence": "9" * 20},
    "deep": lambda event: {**event, "data": json.loads("[" * 500 + "]" * 500)},
}


@pytest.mark.parametrize("what", POISON)
def test_one_poison_event_does_not_hold_up_the_others(sender: Sender, conn: Connection, what: str) -> None:
    events = [sender.leg() for _ in range(7)]
    bad = POISON[what](events[3])
    said = sender.send([*events[:3], bad, *events[4:]])
    assert [one["verdict"] for one in said] == ["stored"] * 3 + ["rejected"] + ["stored"] * 3
    assert said[3]["reason"] == "invalid"
    assert [sequence for _, sequence in stored(conn)] == [1, 2, 3, 5, 6, 7]
    assert gaps(conn) == [(4, 4)], "what was rejected is missing until it is mended"
    assert sender.verdicts([events[3]]) == ["stored"]
    assert gaps(conn) == []


def test_a_lone_surrogate_is_poison_too(sender: Sender, conn: Connection) -> None:
    events = [sender.leg(), sender.leg(service="X"), sender.leg()]
    got = sender.post(contract.batch(events).replace(b'"X"', b'"\\ud800"'))
    assert [one["verdict"] for one in got.get_json()["verdicts"]] == ["stored", "rejected", "stored"]


def test_text_keeps_its_tabs_and_backslashes(sender: Sender, conn: Connection) -> None:
    odd = 'a\tb\\N\\.\n\r"ⵜ😀'
    assert sender.verdicts([sender.leg(service=odd)]) == ["stored"]
    assert conn.execute("SELECT service FROM events").fetchone() == (odd,)


@pytest.mark.parametrize(("change", "reason"), [
    ({"type": "ma.istiqbal.visit.served.v2"}, "unknown-version"),
    ({"dataschema": "urn:istiqbal:schema:visit-event:1.1"}, "unknown-version"),
    ({"source": "urn:istiqbal:unit:sale-1"}, "wrong-source"),
    ({"subject": "x" * 33_000}, "too-large"),
    ({"subject": "x"}, "invalid"),
])  # fmt: skip
def test_it_says_why_it_rejects(sender: Sender, change: dict[str, str], reason: str) -> None:
    said = sender.send([{**sender.leg(), **change}, sender.leg()])
    assert (said[0]["verdict"], said[0]["reason"], said[1]["verdict"]) == ("rejected", reason, "stored")


def problem(got: Any) -> tuple[int, str]:
    assert got.content_type == "application/problem+json"
    jsonschema_rs.validator_for(contract.schema("problem")).validate(got.get_json(force=True))
    return got.status_code, got.get_json(force=True)["type"].rpartition(":")[2]


def test_a_body_that_was_cut_or_is_no_gzip_stores_nothing(sender: Sender, conn: Connection) -> None:
    whole = gzip.compress(contract.batch([sender.leg() for _ in range(20)]))
    for cut in (0, 1, 10, len(whole) // 2, len(whole) - 9, len(whole) - 1):
        assert problem(sender.post(whole[:cut], Content_Encoding="gzip")) == (400, "not-gzip")
    assert problem(sender.post(whole + b"more", Content_Encoding="gzip")) == (400, "not-gzip")
    assert problem(sender.post(contract.batch([sender.leg()]), Content_Encoding="gzip")) == (400, "not-gzip")
    assert problem(sender.post(contract.batch([sender.leg()])[:-5])) == (400, "not-json")
    assert problem(sender.post(b"[NaN")) == (400, "not-json")
    assert problem(sender.post(b"{}")) == (400, "not-a-batch")
    assert problem(sender.post(b"[]")) == (400, "not-a-batch")
    assert stored(conn) == []


def test_it_is_not_blown_up_by_a_small_body(sender: Sender) -> None:
    bomb = gzip.compress(b" " * (200 * 1024 * 1024))
    assert len(bomb) < contract.BATCH_BYTES
    assert problem(sender.post(bomb, Content_Encoding="gzip")) == (413, "too-large")
    assert problem(sender.post(b"[" + b" " * contract.BATCH_BYTES + b"]")) == (413, "too-large")
    assert problem(sender.post(json.dumps([1] * 501).encode())) == (413, "too-large")


def test_it_names_the_media_type_it_takes(sender: Sender) -> None:
    assert problem(sender.post(b"[]", Content_Type="application/json")) == (415, "wrong-media-type")
    assert problem(sender.post(b"[]", Content_Encoding="br")) == (415, "wrong-media-type")
    assert problem(sender.client.get("/v1/nothing")) == (404, "not-found")
    assert problem(sender.client.get("/v2/events")) == (404, "not-found")


def test_a_clock_a_year_off_is_stored_and_seen(sender: Sender, conn: Connection) -> None:
    now = datetime.now(UTC)
    ahead, behind = now + timedelta(days=365), now - timedelta(days=365)
    events = [sender.leg(at=behind), sender.leg(at=now), sender.leg(at=ahead)]
    assert sender.verdicts(events) == ["stored"] * 3
    assert conn.execute("SELECT count(*) FROM events_other").fetchone() == (2,)
    assert incidents(conn) == {"clock-ahead"}
    assert sender.verdicts(events) == ["duplicate"] * 3
    make_partitions(conn, ahead.date(), behind=0)
    assert ahead.date() in partitions(conn)
    assert conn.execute("SELECT count(*) FROM events_other").fetchone() == (1,), (
        "the day's events have moved into their own partition"
    )
    assert sender.verdicts(events) == ["duplicate"] * 3


def test_a_restored_backup_that_goes_on_loses_nothing(sender: Sender, conn: Connection) -> None:
    """A machine image put back while running: the same epoch counts on from an earlier sequence."""
    sent = [sender.leg() for _ in range(6)]
    sender.send(sent)
    sender.sequence = 3
    after = [sender.leg() for _ in range(5)]
    assert sender.verdicts([*sent[:3], *after]) == ["duplicate"] * 3 + ["stored"] * 5
    assert len(stored(conn)) == 11
    assert incidents(conn) == {"sequence-reused"}
    assert sender.verdicts([*sent, *after]) == ["duplicate"] * 11


def test_it_sees_two_machines_under_one_name(sender: Sender, conn: Connection) -> None:
    sender.send([sender.leg()])
    other = sender.again()
    other.send([other.leg()])
    assert incidents(conn) == set(), "a restart is no second machine"
    late = sender.leg(at=datetime.now(UTC) - timedelta(hours=1))
    assert sender.verdicts([late]) == ["stored"]
    assert incidents(conn) == set(), "nor is an old event that comes late"
    assert sender.verdicts([sender.leg()]) == ["stored"]
    assert incidents(conn) == {"two-machines"}


def test_batches_of_one_unit_at_the_same_time_are_stored_once(sender: Sender, app: Flask, conn: Connection) -> None:
    events = [sender.leg() for _ in range(200)]
    outcomes: list[list[str]] = []

    def send() -> None:
        twin = Sender(app.test_client(), sender.unit, sender.secret)
        outcomes.append(twin.verdicts(events))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome[0] for outcome in outcomes) == ["duplicate"] * 3 + ["stored"]
    assert len(stored(conn)) == 200


def test_a_person_who_looked_into_it_settles_it_and_the_late_one_is_stored_all_the_same(sender: Sender, conn: Connection) -> None:
    events = [sender.leg() for _ in range(5)]
    sender.send([events[0], events[4], {**events[4], "time": "2026-01-01T00:00:00.000Z"}])
    sender.send([{**events[4], "time": "2026-01-01T00:00:00.000Z"}])
    assert units.settle(conn, sender.unit) == 3
    assert gaps(conn) == []
    assert conn.execute("SELECT count(*) FROM incidents WHERE settled_at IS NULL").fetchone() == (0,)
    assert sender.verdicts([events[2]]) == ["stored"]
    sender.send([{**events[4], "time": "2026-01-01T00:00:00.000Z"}])
    assert conn.execute("SELECT times FROM incidents WHERE settled_at IS NULL").fetchall() == [(2,)], "seen again, it is open again"


def test_who_is_not_known_is_401_and_who_is_suspended_403(sender: Sender, conn: Connection) -> None:
    batch = contract.batch([sender.leg()])
    good = sender.token
    for bad in ("", "x", good[:-1]):
        sender.token = bad
        got = sender.post(batch)
        assert problem(got) == (401, "not-signed-in")
        assert got.headers["WWW-Authenticate"] == "Bearer"
    sender.token = good
    units.suspend(conn, sender.unit, True)
    assert problem(sender.post(batch)) == (403, "not-allowed")
    units.suspend(conn, sender.unit, False)
    assert sender.post(batch).status_code == 200


def test_a_stolen_token_ends_when_it_is_revoked(sender: Sender, conn: Connection) -> None:
    stolen = sender.token
    units.revoke(conn, sender.unit)
    assert problem(sender.post(contract.batch([sender.leg()]))) == (401, "not-signed-in")
    again = sender.client.post("/v1/token", data={"grant_type": "client_credentials"}, auth=(sender.unit, sender.secret))
    assert problem(again) == (401, "not-signed-in")
    sender.secret = units.new_secret(conn, sender.unit)
    sender.token = sender.new_token()
    assert sender.token != stolen
    assert sender.verdicts([sender.leg()]) == ["stored"]


def test_a_token_ends_by_itself(sender: Sender, conn: Connection) -> None:
    conn.execute("UPDATE tokens SET expires_at = now()")
    assert problem(sender.post(contract.batch([sender.leg()]))) == (401, "not-signed-in")


def test_it_says_what_it_understands(sender: Sender) -> None:
    got = sender.client.get("/v1", headers={"Authorization": f"Bearer {sender.token}"})
    jsonschema_rs.validator_for(contract.schema("about")).validate(got.get_json())
    got = sender.client.get("/v1/keys")
    jsonschema_rs.validator_for(contract.schema("keys")).validate(got.get_json())
    assert b'"d"' not in got.data
    assert sender.client.get("/v1/openapi.json").get_json() == contract.openapi()


def test_an_unknown_id_is_not_echoed(sender: Sender) -> None:
    (said,) = sender.send([{**sender.leg(), "id": random_id() + "<script>"}])
    assert (said["id"], said["verdict"]) == (None, "rejected")
