"""What a citizen wrote, and where they want to be answered, is in plain nowhere: searched for wherever it could have gone."""

from __future__ import annotations

import logging
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from server import settings
from server.app import Server
from server.lifecycle import Action
from server.operations.backup.making import back_up
from server.visits import Order
from tests.conftest import CLERK, KIOSK
from tests.running import Running
from tests.server.feedback.conftest import PortalKey, give_keys

SECRETS = ("Zaynab", "زينب", "0612345678", "zaynab@example.ma", "guichetier", "tres-mal-recue")
TEXT = "Je suis Zaynab, زينب. Le guichetier a crié."
CONTACT = {"phone": "0612345678", "email": "zaynab@example.ma"}
COMMENT = "tres-mal-recue par le guichetier"


def served(server: Server) -> str:
    visit = server.unit.visits.issue(Order("etat-civil", "fr"), KIOSK)["visit"]
    server.unit.visits.desk(3, "open", CLERK)
    server.unit.visits.call_next(3, CLERK)
    for action in (Action.START, Action.FINISH):
        server.unit.visits.at_counter(3, action, CLERK)
    return visit


def everything_on_disk(folder: Path) -> dict[str, bytes]:
    found = {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for path in folder.rglob("*.tar*"):
        with tarfile.open(path) as archive:
            for member in archive:
                if (content := archive.extractfile(member)) is not None:
                    found[f"{path}!{member.name}"] = content.read()
    return found


def assert_nowhere(places: dict[str, bytes]) -> None:
    for secret in SECRETS:
        spellings = (secret.encode(), secret.encode("unicode_escape"), secret.encode("utf-16-le"))
        assert [place for place, content in places.items() if any(one in content for one in spellings)] == []


def test_it_is_in_no_file_log_backup_answer_or_traceback(
    sealing_server: Server, folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    client = sealing_server.app.test_client()
    visit = served(sealing_server)
    order: dict[str, Any] = {"type": "complaint", "text": TEXT, "contact": CONTACT, "visit": visit}
    rated = client.post(f"/api/v1/visits/{visit}/rating", json={"score": 1, "comment": COMMENT}, headers={"Idempotency-Key": "r"})
    assert rated.status_code == 201
    assert client.post("/api/v1/submissions", json=order, headers={"Idempotency-Key": "s"}).status_code == 201
    answers = [
        client.post("/api/v1/submissions", json={**order, "kind": TEXT}),
        client.post("/api/v1/submissions", json={**order, "text": [TEXT]}),
        client.post("/api/v1/submissions", json={**order, "contact": {"phone": "Zaynab 0612345678 x"}}),
        client.post("/api/v1/submissions", json={**order, "service": "no-such"}),
        client.post("/api/v1/submissions", data=f'{{"text": "{TEXT}",,', content_type="application/json"),
    ]
    assert all(400 <= answer.status_code < 500 for answer in answers)

    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("the disk is on fire")

    monkeypatch.setattr("server.feedback.submissions.keep", broken)
    answers.append(client.post("/api/v1/submissions", json=order))
    monkeypatch.setattr("portal.contract.sealing.jwe.encrypt_compact", broken)
    answers.append(client.post("/api/v1/submissions", json=order))
    assert [answer.status_code for answer in answers[-2:]] == [500, 500]
    back_up(folder, settings.load(folder), datetime.now(UTC), lambda _: None)
    assert any("!unit.db" in name for name in everything_on_disk(folder))
    assert "the disk is on fire" in caplog.text
    assert_nowhere(everything_on_disk(folder))
    assert_nowhere({"log": caplog.text.encode(), **{str(at): answer.data for at, answer in enumerate(answers)}})


def test_what_is_written_on_a_phone_is_nowhere_either_when_the_server_breaks_under_it(
    sealing_server: Server, folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form of a complaint, that of a rating, and a rating over the API; each once well and once with a traceback."""
    caplog.set_level(logging.DEBUG)
    phone = sealing_server.app.test_client()
    form = {"lang": "fr", "type": "complaint", "text": TEXT, "phone": CONTACT["phone"], "email": CONTACT["email"]}
    first, second, third = served(sealing_server), served(sealing_server), served(sealing_server)
    assert phone.post("/s/new", data=form).status_code == 303
    assert phone.post("/s/new", data=form, content_type="multipart/form-data").status_code == 303
    assert phone.post(f"/t/{first}/rating", data={"score": "1", "comment": COMMENT}).status_code == 200

    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("the disk is on fire")

    monkeypatch.setattr("server.feedback.submissions.keep", broken)
    monkeypatch.setattr("server.feedback.ratings.rate", broken)
    answers = [
        phone.post("/s/new", data=form),
        phone.post(f"/t/{second}/rating", data={"score": "1", "comment": COMMENT}),
        phone.post(f"/api/v1/visits/{second}/rating", json={"score": 1, "comment": COMMENT}),
    ]
    monkeypatch.setattr("portal.contract.sealing.jwe.encrypt_compact", broken)
    answers += [
        phone.post("/s/new", data=form),
        phone.post(f"/api/v1/visits/{third}/rating", json={"score": 1, "comment": COMMENT}),
    ]
    assert [answer.status_code for answer in answers] == [500] * 5
    assert caplog.text.count("RuntimeError: the disk is on fire") == 5
    assert_nowhere(everything_on_disk(folder))
    assert_nowhere({"log": caplog.text.encode(), **{str(at): answer.data for at, answer in enumerate(answers)}})


def test_the_search_finds_what_is_there(folder: Path) -> None:
    (folder / "note.txt").write_text("Zaynab")
    with pytest.raises(AssertionError):
        assert_nowhere(everything_on_disk(folder))


def test_a_server_that_is_killed_leaves_nothing_behind_either(running: Running, portal_key: PortalKey) -> None:
    text = (running.folder / "unit.toml").read_text().replace('adapter = "none"', 'adapter = "folder"')
    (running.folder / "unit.toml").write_text(text)
    give_keys(running.folder, portal_key.public())
    running.start()
    kiosk = running.token("kiosk", "kiosk-1")
    answer = running.post(kiosk, "/submissions", {"type": "complaint", "text": TEXT, "contact": CONTACT})
    assert answer.status_code == 201
    running.kill()
    assert_nowhere(everything_on_disk(running.folder))
