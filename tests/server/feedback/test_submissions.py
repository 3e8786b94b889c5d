"""Sealed in memory, owed to the portal, followed by the reference; nothing plain is anywhere else."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from portal import contract
from portal.contract import sealing
from server import settings
from server.errors import KeyReused
from server.feedback import Feedback
from server.feedback.refusals import (
    BadEmail,
    BadPhone,
    NothingWritten,
    SubmissionsNotOffered,
    TextTooLong,
    TooOften,
    UnknownReference,
)
from server.feedback.sealing import Contact
from server.feedback.service import Wish
from server.printing.slips import reference_slip
from server.setup.slip import choices
from server.sync.line import KEYS_FILE
from server.unit import Unit
from server.visits import VISITOR
from tests.conftest import ToldClock
from tests.server.feedback.conftest import PortalKey, StagePortal, give_keys, payloads

LONG = "شكاية " * 16_600


def wish(text: str = "الانتظار طويل", **more: Any) -> Wish:
    return Wish(**{"type": "complaint", "text": text, "language": "ar", **more})


@pytest.mark.parametrize(
    "text",
    [
        "الانتظار طويل جدا",
        "ⴰⵙⵎⵔⴰⵔⴰ",
        "emoji 👩🏽‍🦽😡",
        "a\x00b\x07\x1bc\r\n\t",
        "\u202eevil\u202c \u2066x\u2069 \u200f",
        LONG,
        "x" * 100_000,
    ],
    ids=["arabic", "tifinagh", "emoji", "controls", "bidi", "long arabic", "100 KB"],
)
def test_whatever_a_citizen_writes_arrives_at_the_portal_as_written(
    feedback: Feedback, unit: Unit, portal_key: PortalKey, text: str
) -> None:
    contact = Contact(" +212 6 12 34 56 78 ", "")
    reference = feedback.submit(wish(text, contact=contact, service="etat-civil"), VISITOR)["reference"]
    assert re.fullmatch("[A-Z2-7]{16}", reference)
    (owed,) = payloads(unit, "submission")
    body = owed["body"]
    assert {name: body[name] for name in ("reference", "type", "service", "language")} == {
        "reference": reference, "type": "complaint", "service": "etat-civil", "language": "ar",
    }  # fmt: skip
    assert set(body) <= set(contract.schema("submission")["properties"])
    assert portal_key.open(body["sealed"], reference) == {
        "reference": reference, "text": text, "contact": {"phone": "+212 6 12 34 56 78"},
    }  # fmt: skip


@pytest.mark.parametrize(("language", "keep"), [("ar", "احتفظوا"), ("zgh", "ⵃⴹⵓ"), ("fr", "Gardez-la")])
def test_the_reference_is_printed_in_two_lines_with_its_code_and_why_to_keep_it(
    feedback: Feedback, unit: Unit, language: str, keep: str
) -> None:
    one = Wish("complaint", "words", language, printers=("hall-1", None))
    reference = feedback.submit(one, VISITOR)["reference"]
    with unit.reading() as conn:
        ((text,),) = conn.execute("SELECT payload FROM deliveries WHERE kind = 'print'").fetchall()
        chosen = choices(conn)
    told = json.loads(text)
    assert (told["reference"], told["language"]) == (reference, language)
    phones = unit.settings.model_copy(update={"server": settings.ServerSettings(public_url="https://hall.example")})
    slip = reference_slip(told, phones, chosen)
    assert [len(line) for line in slip.number.split("\n")] == [9, 9]
    assert "".join(slip.number.split()) == reference
    assert slip.qr == f"https://hall.example/s/{reference}"
    assert keep in (slip.footer or "")
    assert "words" not in text
    assert reference_slip(told, unit.settings, chosen).qr is None


def test_a_submission_of_a_visit_is_about_its_service_and_does_not_name_the_visit(
    feedback: Feedback, unit: Unit, visit: str
) -> None:
    feedback.submit(wish(visit=visit), VISITOR)
    (owed,) = payloads(unit, "submission")
    assert owed["body"]["service"] == "etat-civil"
    assert visit not in json.dumps(owed)
    with unit.reading() as conn:
        rows = conn.execute("SELECT visit, data FROM events WHERE type = 'submitted'").fetchall()
    assert [tuple(row) for row in rows] == [(None, '{"type":"complaint","service":"etat-civil","language":"ar"}')]


def test_what_is_too_long_empty_or_no_address_is_refused_with_a_sentence_that_repeats_nothing(
    feedback: Feedback, unit: Unit
) -> None:
    refused = [
        (wish("x" * 100_001), TextTooLong),
        (wish("ⵜ" * 70_000), TextTooLong),
        (wish(" \n "), NothingWritten),
        (wish(contact=Contact(phone="Secret-Name")), BadPhone),
        (wish(contact=Contact(email="secret name@home")), BadEmail),
    ]
    for one, error in refused:
        with pytest.raises(error) as told:
            feedback.submit(one, VISITOR)
        assert "ecret" not in str(told.value)
    assert payloads(unit, "submission") == []


def test_without_a_key_nothing_is_taken(feedback: Feedback, unit: Unit) -> None:
    (unit.folder / KEYS_FILE).unlink()
    assert not feedback.offers_submissions()
    with pytest.raises(SubmissionsNotOffered):
        feedback.submit(wish(), VISITOR)
    (unit.folder / KEYS_FILE).write_text("<html>a captive portal</html>")
    assert not feedback.offers_submissions()


def test_the_newest_valid_key_is_sealed_to(feedback: Feedback, unit: Unit, portal_key: PortalKey) -> None:
    newer, future = PortalKey("newer"), PortalKey("future")
    give_keys(
        unit.folder,
        portal_key.public(),
        future.public("2027-01-01T00:00:00.000Z"),
        newer.public("2026-06-01T00:00:00.000Z"),
    )
    reference = feedback.submit(wish("words"), VISITOR)["reference"]
    sealed = payloads(unit, "submission")[0]["body"]["sealed"]
    assert sealing.kid_of(sealed) == "newer"
    assert newer.open(sealed, reference)["text"] == "words"


def test_a_unit_that_answers_locally_keeps_a_copy_sealed_to_its_own_key(unit: Unit, portal_key: PortalKey) -> None:
    own = PortalKey("own")
    (unit.folder / "own.json").write_text(json.dumps(own.public()))
    with_key = unit.settings.model_copy(update={"feedback": settings.FeedbackSettings(local_key="own.json")})
    unit.settings = with_key
    made = Feedback(unit, None)
    reference = made.submit(wish("pour nous aussi"), VISITOR)["reference"]
    with unit.reading() as conn:
        (local,) = conn.execute("SELECT local FROM submissions").fetchone()
    assert own.open(local, reference)["text"] == "pour nous aussi"
    made.stages.stop()


def test_pressing_twice_makes_one_submission_and_other_words_under_the_same_key_are_refused(feedback: Feedback, unit: Unit) -> None:
    first = feedback.submit(wish("words"), VISITOR, key="key")
    assert feedback.submit(wish("words"), VISITOR, key="key") == first
    with pytest.raises(KeyReused):
        feedback.submit(wish("other words"), VISITOR, key="key")
    assert len(payloads(unit, "submission")) == 1


def test_what_was_refused_can_be_mended_and_sent_again_under_its_key(feedback: Feedback) -> None:
    with pytest.raises(TextTooLong):
        feedback.submit(wish("x" * 100_001), VISITOR, key="key")
    assert feedback.submit(wish("shorter"), VISITOR, key="key")["reference"]


def test_a_retry_after_a_restart_is_answered_too_and_the_stored_fingerprint_says_nothing_of_the_words(
    feedback: Feedback, unit: Unit, portal: StagePortal
) -> None:
    first = feedback.submit(wish("words", contact=Contact(phone="0612345678")), VISITOR, key="key")
    restarted = Feedback(unit, portal)
    assert restarted.submit(wish("words", contact=Contact(phone="0612345678")), VISITOR, key="key") == first
    restarted.submit(wish("quite other words"), VISITOR, key="other")
    with unit.reading() as conn:
        prints = conn.execute("SELECT DISTINCT fingerprint FROM answers WHERE key IN ('key', 'other')").fetchall()
    assert len(prints) == 1
    restarted.stages.stop()


def test_a_phone_can_not_flood_the_outbox_and_a_kiosk_is_not_counted(feedback: Feedback) -> None:
    for _ in range(20):
        feedback.submit(wish(), VISITOR, "192.0.2.1")
    with pytest.raises(TooOften):
        feedback.submit(wish(), VISITOR, "192.0.2.1")
    feedback.submit(wish(), VISITOR, "192.0.2.2")
    feedback.submit(wish(), VISITOR)


def test_the_stage_goes_from_received_to_answered_with_the_portals_dates(
    feedback: Feedback, unit: Unit, portal: StagePortal, clock: ToldClock
) -> None:
    reference = feedback.submit(wish(), VISITOR)["reference"]
    received = "2026-11-23T08:00:00.000Z"
    look = feedback.stage(reference)
    assert (look["stage"], look["dates"]["received"], look["dates"]["transmitted"]) == ("received", received, None)
    unit.writer.run(
        lambda conn: conn.execute("UPDATE deliveries SET state = 'done', done_at = ? WHERE kind = 'submission'", (clock().at,))
    )
    assert feedback.stage(reference)["stage"] == "transmitted"
    dates = {"received": received, "transmitted": "2026-11-23T08:01:00.000Z", "assigned": "2026-11-25T10:00:00.000Z"}
    portal.stages[reference] = {
        "stage": "answered", "dates": {**dates, "answered": "2026-11-26T10:00:00.000Z"},
        "deadlines": {"answered": "2027-01-22T08:00:00.000Z"},
        "answer": {"text": "Nous avons ouvert un guichet de plus.", "language": "fr"},
    }  # fmt: skip
    again = Feedback(unit, portal)
    told = again.stage(reference)
    assert (told["stage"], told["dates"]["assigned"], told["answer"]["text"][:4]) == ("answered", dates["assigned"], "Nous")
    again.stages.stop()
    offline = Feedback(unit, None)
    assert offline.stage(reference)["stage"] == "answered"
    assert "answer" not in offline.stage(reference)
    offline.stages.stop()


def test_a_reference_is_read_in_groups_small_letters_and_as_an_address(feedback: Feedback) -> None:
    reference = feedback.submit(wish(), VISITOR)["reference"]
    groups = " ".join(reference[at : at + 4] for at in range(0, 16, 4))
    for written in (reference.lower(), groups, groups.replace(" ", "-"), f"http://hall.example/s/{reference}"):
        assert feedback.stage(written)["reference"] == reference
    with pytest.raises(UnknownReference):
        feedback.stage("A" * 16)


def test_the_portal_is_asked_once_an_hour_about_what_nobody_looks_at(
    feedback: Feedback, unit: Unit, portal: StagePortal, clock: ToldClock
) -> None:
    reference = feedback.submit(wish(), VISITOR)["reference"]
    feedback.stages.follow(unit, portal)
    assert portal.asked == []
    unit.writer.run(lambda conn: conn.execute("UPDATE deliveries SET state = 'done', done_at = 1 WHERE kind = 'submission'"))
    for _ in range(2):
        feedback.stages.follow(unit, portal)
    assert portal.asked == [reference]
    clock.pass_by(3601)
    portal.stages[reference] = {"stage": "answered", "dates": {}}
    feedback.stages.follow(unit, portal)
    clock.pass_by(3601)
    feedback.stages.follow(unit, portal)
    assert portal.asked == [reference] * 2
