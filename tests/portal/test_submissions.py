"""A submission arrives once and sealed, is worked by the right officer alone, in time or visibly late."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal import contract, keys, officers, units
from portal.contract import sealing
from portal.errors import NotSignedIn, PortalError
from portal.pages.words import LANGUAGES, WORDS
from portal.store.database import Connection
from portal.submissions import working
from portal.submissions.plaintext import harmless
from tests.portal.conftest import PortalClock
from tests.portal.sender import Sender

REFERENCE = "K7QXM2PZA4CDEFGH"
STAGE = jsonschema_rs.validator_for(contract.schema("stage"))
PASSWORD = "a long enough password"
SAID = {"answer": {"answer": "Un guichet de plus est ouvert."}}
"""What the form of a step says."""


def a_submission(sender: Sender, text: str = "الانتظار طويل جدا", reference: str = REFERENCE, **more: Any) -> dict[str, Any]:
    key = sender.client.get("/v1/keys").get_json()["keys"][0]
    plain = {"reference": reference, "text": text, "contact": {"phone": "0612345678"}}
    return {
        "reference": reference, "type": "complaint", "source": f"urn:istiqbal:unit:{sender.unit}",
        "time": "2026-11-20T09:45:00.000Z", "service": "etat-civil", "language": "ar", "sealed": sealing.seal(plain, key), **more,
    }  # fmt: skip


def post(sender: Sender, said: Any, key: str | None = REFERENCE, **headers: str) -> TestResponse:
    sent = {
        "Authorization": f"Bearer {sender.token}",
        "Content-Type": "application/json",
        **({"Idempotency-Key": key} if key else {}),
    }
    return sender.client.post(
        "/v1/submissions", data=said if isinstance(said, bytes) else json.dumps(said), headers={**sent, **headers}
    )


def stage(sender: Sender, reference: str = REFERENCE) -> Any:
    got = sender.client.get(f"/v1/submissions/{reference}/stage", headers={"Authorization": f"Bearer {sender.token}"})
    if got.status_code == 200:
        STAGE.validate(got.get_json())
    return got.get_json()


def slug(got: TestResponse) -> tuple[int, str]:
    return got.status_code, str(got.get_json(force=True)["type"]).rpartition(":")[2]


class Desk:
    """An officer's browser."""

    def __init__(self, client: FlaskClient, login: str) -> None:
        self._client = client
        got = client.post("/sign-in", data={"login": login, "password": PASSWORD}, base_url="https://localhost")
        assert got.status_code == 303

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        return self._client.get(path, base_url="https://localhost", **kwargs)

    def post(self, path: str, **kwargs: Any) -> TestResponse:
        return self._client.post(path, base_url="https://localhost", **kwargs)


@pytest.fixture
def desk(app: Flask, conn: Connection) -> Desk:
    officers.add(conn, "salma", "سلمى", "Commune de Rabat", PASSWORD)
    officers.add(conn, "omar", "Omar", "Wilaya", PASSWORD)
    return Desk(app.test_client(), "salma")


@pytest.fixture
def other(app: Flask, desk: Desk) -> Desk:
    return Desk(app.test_client(), "omar")


def test_it_is_stored_once_and_sealed(sender: Sender, conn: Connection) -> None:
    said = a_submission(sender)
    first = post(sender, said)
    assert first.status_code == 201
    STAGE.validate(first.get_json())
    assert post(sender, said).status_code == 200, "a repetition after a lost reply"
    assert conn.execute("SELECT count(*) FROM submissions").fetchone() == (1,)
    row = conn.execute("SELECT * FROM submissions").fetchone()
    assert "الانتظار" not in str(row)
    assert "0612345678" not in str(row)
    found = stage(sender)
    assert (found["stage"], found["dates"]["received"], found["dates"]["assigned"]) == ("transmitted", said["time"], None)


def test_it_refuses_what_is_not_the_same(sender: Sender, conn: Connection) -> None:
    said = a_submission(sender)
    post(sender, said)
    assert slug(post(sender, {**said, "type": "suggestion"})) == (422, "idempotency-key-reused")
    assert slug(post(sender, said, key="another")) == (409, "reference-taken")
    assert slug(post(sender, said, key=None)) == (400, "idempotency-key-invalid")
    assert slug(post(sender, said, key="a b")) == (400, "idempotency-key-invalid")
    assert slug(post(sender, {**said, "source": "urn:istiqbal:unit:x"})) == (422, "wrong-source")
    assert slug(post(sender, {**said, "text": "in plain"})) == (422, "invalid")
    assert slug(post(sender, {**said, "sealed": "in plain"})) == (422, "invalid")
    assert slug(post(sender, {**said, "sealed": "a.b.c.d.e"})) == (422, "invalid")
    assert slug(post(sender, {**said, "time": "2026-02-31T00:00:00.000Z"})) == (422, "invalid")
    assert slug(post(sender, {**said, "service": "a\0b"})) == (422, "invalid")
    assert slug(post(sender, b"[]")) == (422, "invalid")
    assert slug(post(sender, b'{"reference": ')) == (400, "not-json")
    assert slug(post(sender, b" " * (contract.SUBMISSION_BYTES + 1))) == (413, "too-large")
    assert slug(post(sender, said, **{"Content-Type": "text/plain"})) == (415, "wrong-media-type")
    units.add(conn, "sale-1", "Salé", "Commune de Salé")
    stranger = Sender(sender.client, "sale-1", units.new_secret(conn, "sale-1"))
    assert stage(stranger)["type"].endswith("no-such-submission"), "another unit can't ask"


def test_a_long_complaint_is_taken_and_shown_whole(sender: Sender, desk: Desk) -> None:
    text = "شكاية " * 16_000
    assert len(text.encode()) > 100_000
    assert post(sender, a_submission(sender, text)).status_code == 201
    desk.post(f"/submissions/{REFERENCE}/take")
    assert text in desk.post(f"/submissions/{REFERENCE}/read").get_data(as_text=True)


def test_an_officer_works_it_from_deposit_to_answer_and_the_unit_sees_each_stage(
    sender: Sender, desk: Desk, conn: Connection
) -> None:
    post(sender, a_submission(sender))
    assert REFERENCE in desk.get("/submissions").get_data(as_text=True)
    assert "الانتظار" not in desk.post(f"/submissions/{REFERENCE}/read").get_data(as_text=True), "not before it is taken on"
    assert desk.post(f"/submissions/{REFERENCE}/take").status_code == 303
    assert stage(sender)["stage"] == "assigned"
    page = desk.post(f"/submissions/{REFERENCE}/read").get_data(as_text=True)
    assert "الانتظار طويل جدا" in page
    assert "0612345678" in page
    assert desk.post(f"/submissions/{REFERENCE}/answer", data={"answer": "too early"}).status_code == 409
    assert desk.post(f"/submissions/{REFERENCE}/process").status_code == 303
    assert stage(sender)["stage"] == "assigned"
    empty = desk.post(f"/submissions/{REFERENCE}/answer", data={"answer": "  "})
    assert (empty.status_code, WORDS["bad_answer"]["ar"] in empty.get_data(as_text=True)) == (422, True)
    assert desk.post(f"/submissions/{REFERENCE}/answer", data={"answer": "تم فتح شباك إضافي."}).status_code == 303
    found = stage(sender)
    assert (found["stage"], found["answer"]) == ("answered", {"text": "تم فتح شباك إضافي.", "language": "ar"})
    assert desk.post(f"/submissions/{REFERENCE}/answer", data={"answer": "again"}).status_code == 409
    steps = [row[0] for row in conn.execute("SELECT step FROM steps ORDER BY at")]
    assert steps == ["take", "open", "process", "answer"]


def test_another_administrations_officer_sees_nothing_until_it_is_handed_over(sender: Sender, desk: Desk, other: Desk) -> None:
    post(sender, a_submission(sender))
    path = f"/submissions/{REFERENCE}"
    assert REFERENCE not in other.get("/submissions").get_data(as_text=True)
    for way in (other.get(path), *(other.post(f"{path}/{what}") for what in ("read", "take", "process", "answer", "hand-over"))):
        assert way.status_code in (404, 422)
        assert "الانتظار" not in way.get_data(as_text=True)
    assert desk.post(f"{path}/hand-over", data={"administration": "nowhere"}).status_code == 422
    assert desk.post(f"{path}/hand-over", data={"administration": "Wilaya"}).status_code == 303
    assert desk.get(path).status_code == 404
    assert other.post(f"{path}/take").status_code == 303
    assert "الانتظار" in other.post(f"{path}/read").get_data(as_text=True)


def test_only_one_of_two_colleagues_takes_it(sender: Sender, app: Flask, desk: Desk, conn: Connection) -> None:
    officers.add(conn, "idir", "Idir", "Commune de Rabat", PASSWORD)
    colleague = Desk(app.test_client(), "idir")
    post(sender, a_submission(sender))
    assert desk.post(f"/submissions/{REFERENCE}/take").status_code == 303
    assert colleague.post(f"/submissions/{REFERENCE}/take").status_code == 409
    assert colleague.post(f"/submissions/{REFERENCE}/read").status_code == 409
    assert colleague.post(f"/submissions/{REFERENCE}/process").status_code == 409


def test_what_an_officer_who_leaves_had_taken_on_waits_for_a_colleague(
    sender: Sender, app: Flask, desk: Desk, conn: Connection
) -> None:
    officers.add(conn, "idir", "Idir", "Commune de Rabat", PASSWORD)
    leaver, references = Desk(app.test_client(), "idir"), [letter * 16 for letter in "ABC"]
    for reference, steps in zip(references, (("take",), ("take", "process"), ("take", "process", "answer")), strict=True):
        post(sender, a_submission(sender, reference=reference), key=reference)
        for what in steps:
            assert leaver.post(f"/submissions/{reference}/{what}", data=SAID.get(what)).status_code == 303
    leaving = officers.sign_in(conn, "idir", PASSWORD)
    officers.disable(conn, "idir")
    assert working.give_back(conn, "idir") == 2
    assert [stage(sender, reference)["stage"] for reference in references] == ["transmitted", "transmitted", "answered"]
    assert leaver.post("/submissions/" + "A" * 16 + "/take").location == "/sign-in"
    with pytest.raises(NotSignedIn):
        working.step(conn, leaving, "A" * 16, "take")
    for reference in references[:2]:
        for what in ("take", "process", "answer"):
            assert desk.post(f"/submissions/{reference}/{what}", data=SAID.get(what)).status_code == 303
        page = desk.get(f"/submissions/{reference}").get_data(as_text=True)
        assert WORDS["give_back"]["ar"] in page
        assert page.count("idir") >= 2, "what the one who left did stays written down"
    assert working.give_back(conn, "idir") == 0


def test_a_new_password_ends_the_sessions_of_the_old_one_and_opens_an_account_again(
    app: Flask, desk: Desk, conn: Connection
) -> None:
    officers.renew(conn, "salma", "another long password")
    assert desk.get("/").location == "/sign-in"
    client = app.test_client()
    for _ in range(officers.ATTEMPTS):
        assert client.post("/sign-in", data={"login": "salma", "password": PASSWORD}).status_code == 422
    officers.disable(conn, "salma")
    with pytest.raises(PortalError, match="12 characters"):
        officers.renew(conn, "salma", "short")
    officers.renew(conn, "salma", PASSWORD)
    assert Desk(client, "salma").get("/").status_code == 200, "nor does it wait for those who guessed"
    with pytest.raises(PortalError, match="no officer nobody"):
        officers.renew(conn, "nobody", PASSWORD)


def test_what_is_late_shows(sender: Sender, desk: Desk, portal_clock: PortalClock) -> None:
    post(sender, a_submission(sender))
    late = re.compile(r'class="late"')
    assert not late.search(desk.get("/submissions").get_data(as_text=True))
    portal_clock.ahead = timedelta(days=16)
    assert late.search(desk.get("/submissions").get_data(as_text=True)), "not taken on within 15 days"
    assert 'class="alarm"' in desk.get("/").get_data(as_text=True)
    desk.post(f"/submissions/{REFERENCE}/take")
    assert not late.search(desk.get("/submissions").get_data(as_text=True))
    portal_clock.ahead = timedelta(days=61)
    assert late.search(desk.get("/submissions").get_data(as_text=True)), "not answered within 60 days"


def test_strangers_text_can_do_nothing_on_the_officers_page(sender: Sender, desk: Desk) -> None:
    nasty = "<script>alert(1)</script> a\u202egnp.exe\u2066b\x1b[31m\x00c\u200bd 😀 لا\u200cن\nnew line"
    post(sender, a_submission(sender, nasty))
    desk.post(f"/submissions/{REFERENCE}/take")
    got = desk.post(f"/submissions/{REFERENCE}/read")
    page = got.get_data(as_text=True)
    assert "<script>" not in page
    assert not any(sign in page for sign in "\u202e\u2066\x1b\x00\u200b")
    assert "⟦U+202E⟧gnp.exe⟦U+2066⟧b␛[31m␀c⟦U+200B⟧d 😀 لا\u200cن\nnew line" in page
    assert "script-src" in got.headers["Content-Security-Policy"] or "default-src 'none'" in got.headers["Content-Security-Policy"]
    assert got.headers["Cache-Control"] == "no-store"


def test_harmless_text_stays_as_it_is() -> None:
    for text in ("الملحقة السادسة", "ⵜⴰⵎⵖⵔⴱⵉⵜ", "Réponse à 20 €\n\tsuite", "👩‍👩‍👧"):
        assert harmless(text) == text


def test_a_new_key_leaves_the_old_one_opening(sender: Sender, desk: Desk, folder: Any, portal_clock: PortalClock) -> None:
    said = a_submission(sender)
    kid = keys.rotate(folder, portal_clock())
    assert sender.client.get("/v1/keys").get_json()["keys"][0]["kid"] == kid
    post(sender, said)
    desk.post(f"/submissions/{REFERENCE}/take")
    assert "الانتظار" in desk.post(f"/submissions/{REFERENCE}/read").get_data(as_text=True)
    for path in (folder / "keys").glob("*.json"):
        assert path.stat().st_mode & 0o077 == 0
        path.unlink()
    got = desk.post(f"/submissions/{REFERENCE}/read")
    assert (got.status_code, WORDS["cant_open"]["ar"] in got.get_data(as_text=True)) == (422, True)


def test_nobody_gets_in_without_an_account(app: Flask, desk: Desk, conn: Connection) -> None:
    client = app.test_client()
    for path in ("/", "/submissions", f"/submissions/{REFERENCE}", "/comments"):
        assert client.get(path).location == "/sign-in"
    for _ in range(officers.ATTEMPTS):
        assert client.post("/sign-in", data={"login": "salma", "password": "wrong"}).status_code == 422
    got = client.post("/sign-in", data={"login": "salma", "password": PASSWORD})
    assert WORDS["wait_a_while"]["ar"] in got.get_data(as_text=True)
    officers.disable(conn, "salma")
    assert desk.get("/").location == "/sign-in", "the session ends with the account"


def test_a_form_of_another_site_does_nothing(sender: Sender, desk: Desk) -> None:
    post(sender, a_submission(sender))
    assert desk.post(f"/submissions/{REFERENCE}/take", headers={"Origin": "https://evil.example"}).status_code == 403
    assert stage(sender)["stage"] == "transmitted"


def test_the_pages_letters_are_those_of_the_halls_screens(desk: Desk) -> None:
    """The portal stands alone, so that it has copies of the fonts."""
    ours = Path(__file__).parents[2] / "server/assets/fonts"
    style = desk.get("/static/portal.css", buffered=True).get_data(as_text=True)
    for script in ("latin", "arabic", "tifinagh"):
        name = f"istiqbal-{script}.woff2"
        assert f'url("{name}")' in style
        assert desk.get(f"/static/{name}", buffered=True).data == (ours / name).read_bytes()


def test_every_word_is_in_every_language() -> None:
    for key, said in WORDS.items():
        assert set(said) == set(LANGUAGES), key
        assert all(said.values()), key


@pytest.mark.parametrize(
    "path",
    ["/", "/?days=30", "/?days=x", "/submissions", "/submissions?stage=answer", f"/submissions/{REFERENCE}", "/comments?page=x"],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_shows_in_every_language(sender: Sender, desk: Desk, path: str, lang: str) -> None:
    post(sender, a_submission(sender))
    sender.send([sender.leg(), sender.leg()][1:])
    got = desk.get(path + ("&" if "?" in path else "?") + f"lang={lang}")
    assert got.status_code == 200
    assert desk.get("/static/portal.css", buffered=True).content_type.startswith("text/css")
    assert f'lang="{lang}" dir="{LANGUAGES[lang][1]}"' in got.get_data(as_text=True)
