"""The manager's page of the media and the files' own addresses."""

from __future__ import annotations

import io

import pytest

from server import media
from server.app import Server
from tests.programs import Program
from tests.server.media.films import photograph


def test_an_upload_is_listed_shown_to_displays_alone_and_can_do_nothing_by_itself(
    server: Server, callers: dict[str, Program]
) -> None:
    manager = callers["manager"]
    answer = manager.post("/manager/media", data={"file": (io.BytesIO(photograph()), "Affiche d’été.jpg")})
    assert answer.status_code == 303
    page = manager.get("/manager/media").get_data(as_text=True)
    assert "Affiche d’été" in page
    with server.unit.reading() as conn:
        (one,) = media.shown(conn)
    for role, status in (("display", 200), ("manager", 200), ("kiosk", 403), ("clerk", 403), ("nobody", 401)):
        with callers[role].get(one["address"]) as answer:
            assert answer.status_code == status, role
    with callers["display"].get(one["address"]) as file:
        assert file.data
    assert file.mimetype == "image/webp"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "immutable" in file.headers["Cache-Control"]
    with callers["display"].get(one["address"], headers={"Range": "bytes=0-9"}) as part:
        assert (part.status_code, len(part.data)) == (206, 10)
    assert manager.post(f"/manager/media/{one['id']}", data={"act": "remove"}).status_code == 303
    assert callers["display"].get(one["address"]).status_code == 404


def test_what_is_refused_stays_on_the_page_with_a_sentence(
    server: Server, callers: dict[str, Program], monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = callers["manager"]
    svg = manager.post("/manager/media", data={"file": (io.BytesIO(b"<svg/>"), "a.svg")}, headers={"Accept-Language": "fr"})
    assert svg.status_code == 422
    assert "ni une image ni une vidéo" in svg.get_data(as_text=True)
    monkeypatch.setattr(media, "LARGEST", 1000)
    large = manager.post(
        "/manager/media",
        data={"file": (io.BytesIO(bytes(80_000)), "a.mp4")},
        headers={"Accept-Language": "fr"},
    )
    assert large.status_code == 413
    assert "60\u00a0Mo" in large.get_data(as_text=True)
    said = "<script>alert(1)</script>"
    assert manager.post("/manager/media/text", data={"text-fr": said}).status_code == 303
    page = manager.get("/manager/media").get_data(as_text=True)
    assert said not in page
    assert "&lt;script&gt;" in page
    with server.unit.reading() as conn:
        (one,) = media.items(conn)
    wrong = manager.post(f"/manager/media/{one.id}", data={"begins": "demain", "seconds": "12", "text-fr": "Changé"})
    assert wrong.status_code == 422
    assert "demain" in wrong.get_data(as_text=True)
    assert manager.post("/manager/media/999", data={"act": "remove"}).status_code == 404


@pytest.mark.parametrize(
    ("reader", "said", "headed"),
    [
        ("fr", {"text-ar": "مرحبا", "text-fr": "Bienvenue"}, "Bienvenue"),
        ("zgh", {"text-ar": "مرحبا", "text-fr": "Bienvenue"}, "مرحبا"),
        ("fr", {"text-zgh": "ⴰⵏⵙⵓⴼ"}, "ⴰⵏⵙⵓⴼ"),
    ],
)
def test_a_text_is_headed_in_the_readers_language_in_the_list_and_among_the_changes(
    server: Server, callers: dict[str, Program], reader: str, said: dict[str, str], headed: str
) -> None:
    manager, read = callers["manager"], {"Accept-Language": reader}
    manager.post("/manager/media/text", data=said)
    listed = manager.get("/manager/media", headers=read).get_data(as_text=True)
    assert f"<bdi>{headed}</bdi></h2>" in listed
    changes = manager.get("/manager/setup/changes?what=media", headers=read).get_data(as_text=True)
    assert f"<strong><bdi>{headed}</bdi></strong>" in changes


@pytest.mark.parametrize(
    ("text", "headed"),
    [
        ("Bienvenue. Préparez votre carte nationale.", "Bienvenue. Préparez votre carte…"),
        ("Préparez votre carte nationale, merci ici", "Préparez votre carte nationale, merci…"),
        ("Préparez votre carte nationale, merci là", "Préparez votre carte nationale, merci là"),
    ],
)
def test_a_long_text_is_headed_by_its_first_whole_words(callers: dict[str, Program], text: str, headed: str) -> None:
    callers["manager"].post("/manager/media/text", data={"text-fr": text})
    listed = callers["manager"].get("/manager/media?lang=fr").get_data(as_text=True)
    assert f"<bdi>{headed}</bdi></h2>" in listed


def test_who_changed_something_by_a_token_is_told_by_the_tokens_name(server: Server, callers: dict[str, Program]) -> None:
    manager = callers["manager"]
    manager.post("/manager/media/text", data={"text-fr": "Bienvenue"})
    changes = manager.get("/manager/setup/changes").get_data(as_text=True)
    assert "device:" not in changes
    with server.unit.reading() as conn:
        names = [row[0] for row in conn.execute("SELECT name FROM tokens WHERE role = 'manager'")]
    assert any(f"<strong><bdi>{name}</bdi></strong></p>" in changes for name in names)


@pytest.mark.parametrize("on", [True, False])
def test_results_are_switched_on_and_off(server: Server, callers: dict[str, Program], on: bool) -> None:
    callers["manager"].post("/manager/media/results", data={"results": "on"})
    callers["manager"].post("/manager/media/results", data={"results": "on"} if on else {})
    with server.unit.reading() as conn:
        assert media.results_switched_on(conn) is on
