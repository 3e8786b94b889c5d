"""Two managers on one page: who saves second overwrites nothing unseen, and who changes nothing leaves no trace."""

from __future__ import annotations

import io
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image

from server import editing, setup
from server.access import people
from server.app import Server
from server.editing.audit import Entry, entries
from server.editing.file import Import
from server.operations.admitting import new_person
from server.operations.making import new_token
from server.setup import slip
from server.visits import Caller
from tests.server.setup.forms import revision

PASSWORD = "a good password"
LAYOUT = ["logo", "unit", "service", "subtitle", "issued", "facts", "documents", "qr", "help_line", "footer"]
TICKET: dict[str, Any] = {"parts": LAYOUT}
VOICE: dict[str, Any] = {"language": ["ar", "fr"], "visitor_first": "on", "repeats": "1", "since": "00:00", "level": "80"}
PAGES: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any], tuple[str, str]]] = {
    "tickets": (TICKET, {"footer-fr": "Merci"}, {"footer-ar": "شكرا"}, ("–", "Français: \u2068Merci\u2069")),
    "voice": (VOICE, {"repeats": "2"}, {"level": "50"}, ("1", "2")),
    "reports/settings": ({}, {"days": "400"}, {"clerks": "on"}, ("–", "400")),
}
"""Page → what its form says at first, what one changes, what the other changes, and how the first change is told."""


class Manager:
    """Somebody's browser on the manager's pages."""

    def __init__(self, server: Server, login: str, role: str) -> None:
        new_person(server.unit.folder, login, login.title(), role, PASSWORD)
        self.client: FlaskClient = server.app.test_client()
        self._headers = {"Accept-Language": "en", "Origin": "http://localhost"}
        self.client.post("/sign-in?lang=en", data={"login": login, "password": PASSWORD}, headers=self._headers)

    def page(self, path: str) -> str:
        answer = self.client.get(f"/manager/{path}", headers=self._headers)
        assert answer.status_code == 200
        return unescape(answer.text)

    def save(self, path: str, **sent: Any) -> tuple[int, str]:
        answer = self.client.post(f"/manager/{path}", data=sent, headers=self._headers, content_type="multipart/form-data")
        return answer.status_code, unescape(answer.text)


@pytest.fixture
def amina(server: Server) -> Manager:
    return Manager(server, "amina", "administrator")


@pytest.fixture
def brahim(server: Server) -> Manager:
    return Manager(server, "brahim", "administrator")


def changes(server: Server, what: str) -> list[Entry]:
    with server.unit.reading() as conn:
        return entries(conn, what=what)


@pytest.mark.parametrize("path", PAGES)
def test_who_saves_a_page_second_is_told_what_the_first_one_changed_and_may_then_replace_it(
    server: Server, amina: Manager, brahim: Manager, path: str
) -> None:
    said, first, second, (was, now) = PAGES[path]
    mine, other = revision(amina.page(path)), revision(brahim.page(path))
    assert amina.save(path, **{**said, **first}, revision=mine)[0] == 303
    status, page = brahim.save(path, **{**said, **second}, revision=other)
    assert status == 409
    assert "Amina changed this while you were editing it." in page
    assert f"<td><bdi>{was}</bdi></td><td><bdi>{now}</bdi></td>" in page
    for typed in second.values():
        assert typed in page, "what was typed is still there"
    assert brahim.save(path, **{**said, **second}, revision=revision(page))[0] == 303
    assert len(changes(server, {"tickets": "ticket", "reports/settings": "reports"}.get(path, path))) == 2


@pytest.mark.parametrize("path", PAGES)
def test_saving_a_page_as_it_is_leaves_no_trace(server: Server, amina: Manager, path: str) -> None:
    assert amina.save(path, **PAGES[path][0], revision=revision(amina.page(path)))[0] == 303
    assert [entry for entry in changes(server, "") if entry.what not in ("person", "device")] == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_that_is_sent_twice_is_no_conflict_with_oneself(server: Server, amina: Manager, path: str) -> None:
    said, first, _, _ = PAGES[path]
    once = {**said, **first, "revision": revision(amina.page(path))}
    assert [amina.save(path, **once)[0] for _ in range(2)] == [303, 303]
    assert len([entry for entry in changes(server, "") if entry.what not in ("person", "device")]) == 1


def picture(width: int) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("1", (width, 40)).save(out, "PNG")
    out.seek(0)
    return out


def test_the_list_of_changes_tells_one_logo_from_another_and_a_new_one_is_not_lost_silently(
    server: Server, amina: Manager, brahim: Manager
) -> None:
    before = revision(brahim.page("tickets"))
    for width in (100, 101):
        logo = (picture(width), "logo.png")
        assert amina.save("tickets", **TICKET, logo=logo, revision=revision(amina.page("tickets")))[0] == 303
    newest, oldest = changes(server, "ticket")
    assert newest.before
    assert newest.after
    assert oldest.after
    assert newest.before["logo"] == oldest.after["logo"] != newest.after["logo"]
    assert re.fullmatch(r"\d+ B, [0-9a-f]{8}", newest.after["logo"])
    status, page = brahim.save("tickets", **TICKET, logo=(picture(102), "logo.png"), revision=before)
    assert status == 409
    assert "Choose the picture again, then save." in page
    with server.unit.reading() as conn:
        kept = slip.choices(conn).logo
    assert kept is not None
    assert Image.open(io.BytesIO(kept)).width == 101


def test_an_older_page_takes_no_role_away_that_somebody_just_gave(server: Server, amina: Manager, brahim: Manager) -> None:
    new_person(server.unit.folder, "salma", "Salma", "clerk", PASSWORD)
    with server.unit.reading() as conn:
        salma = people.by_login(conn, "salma")
    path, fields = f"people/{salma.id}", {"login": "salma", "name": "Salma", "role": "clerk", "languages": []}
    mine, other = revision(amina.page(path)), revision(brahim.page(path))
    assert brahim.save(path, **{**fields, "role": "manager"}, revision=other)[0] == 303
    status, page = amina.save(path, **{**fields, "name": "Salma A."}, revision=mine)
    assert status == 409
    assert "Brahim changed this while you were editing it." in page
    assert "<td><bdi>Clerk</bdi></td><td><bdi>Manager</bdi></td>" in page
    assert 'value="Salma A."' in page
    with server.unit.reading() as conn:
        assert people.person(conn, salma.id).details.role == "manager"
    assert amina.save(path, **{**fields, "role": "manager", "name": "Salma A."}, revision=revision(page))[0] == 303


def test_who_changed_only_a_password_or_ended_a_lock_out_is_not_who_changed_the_person(
    server: Server, amina: Manager, brahim: Manager
) -> None:
    salma = Manager(server, "salma", "clerk")
    with server.unit.reading() as conn:
        id = people.by_login(conn, "salma").id
    path, fields = f"people/{id}", {"login": "salma", "role": "clerk", "languages": []}
    opened = revision(amina.page(path))
    assert brahim.save(path, **fields, name="Salma B.", revision=opened)[0] == 303
    secrets = {"old": PASSWORD, "new": "another good one", "again": "another good one"}
    assert (
        salma.client.post("/my-password", data={"what": "password", **secrets}, headers={"Origin": "http://localhost"}).status_code
        == 303
    )
    assert amina.save(f"{path}/unlock")[0] == 303
    status, page = amina.save(path, **fields, name="Salma A.", revision=opened)
    assert (status, "Brahim changed this while you were editing it." in page) == (409, True)


def test_what_a_file_changed_of_a_person_and_of_a_text_is_told_like_what_a_page_changed(
    server: Server, amina: Manager, brahim: Manager
) -> None:
    new_person(server.unit.folder, "salma", "Salma", "clerk", PASSWORD)
    assert amina.save("media/text", **{"text-fr": "Bienvenue"})[0] == 303
    with server.unit.reading() as conn:
        person = f"people/{people.by_login(conn, 'salma').id}"
    opened = {path: revision(amina.page(path)) for path in (person, "media")}
    file = """
        [media]
        texts = [{ text = { fr = "Soyez les bienvenus" } }]
        [[people]]
        id = "salma"
        name = "Salma F."
        role = "clerk"
    """
    text = Import(file)
    who = Caller("installer", "the installer", "administrator")

    def bring(conn: Any) -> None:
        before = editing.read(conn)
        editing.Editor(server.unit.journal, server.unit.settings.unit.zone).become(conn, who, before, text.after(before))

    server.unit.writer.run(bring)
    for path, sent, was, now in (
        (person, {"login": "salma", "name": "Salma", "role": "clerk", "languages": ["fr"]}, "Salma", "Salma F."),
        (
            "media/1",
            {"text-fr": "Bonjour", "seconds": "12"},
            "Français: \u2068Bienvenue\u2069",
            "Français: \u2068Soyez les bienvenus\u2069",
        ),
    ):
        status, page = brahim.save(path, **sent, revision=opened[path.removesuffix("/1")])
        assert (status, "the installer changed this while you were editing it." in page) == (409, True)
        assert f"<td><bdi>{was}</bdi></td><td><bdi>{now}</bdi></td>" in page
        assert "<td><bdi>–</bdi></td><td><bdi>salma" not in page
        assert "<td><bdi>–</bdi></td><td><bdi>12" not in page


def sizes(server: Server) -> dict[str, tuple[float, float]]:
    with server.unit.reading() as conn:
        return {name: (one.distance_m, one.diagonal_in) for name, one in setup.readings(conn).items()}


def test_two_who_size_different_displays_lose_nothing_and_of_one_display_the_second_is_told(
    server: Server, folder: Path, amina: Manager, brahim: Manager
) -> None:
    for name in ("east", "west"):
        new_token(folder, "display", name)

    def form(page: str, **typed: str) -> dict[str, str]:
        read = {f"revision {name}": revision(page, name) for name in ("east", "west")}
        return {**read, **{key.replace("_", " "): value for key, value in typed.items()}}

    opened = amina.page("displays")
    assert amina.save("displays", **form(opened, distance_east="10", diagonal_east="55"))[0] == 303
    assert brahim.save("displays", **form(opened, distance_west="8", diagonal_west="55"))[0] == 303
    assert brahim.save("displays", **form(opened, distance_west="8", diagonal_west="55"))[0] == 303, "sent twice"
    assert sizes(server) == {"east": (10, 55), "west": (8, 55)}

    opened = amina.page("displays")
    both = {"distance_east": "10", "diagonal_east": "55", "distance_west": "8", "diagonal_west": "55"}
    assert amina.save("displays", **form(opened, **{**both, "distance_east": "12"}))[0] == 303
    status, page = brahim.save("displays", **form(opened, **{**both, "distance_east": "14"}))
    assert status == 409
    assert "Amina changed this while you were editing it." in page
    assert "<td><bdi>10.0</bdi></td><td><bdi>12.0</bdi></td>" in page
    assert sizes(server)["east"] == (12, 55)
    assert brahim.save("displays", **form(page, **{**both, "distance_east": "14"}))[0] == 303
    assert sizes(server) == {"east": (14, 55), "west": (8, 55)}

    opened = amina.page("displays")
    assert amina.save("displays", **form(opened, **{**both, "distance_east": "", "diagonal_east": ""}))[0] == 303
    assert sizes(server) == {"west": (8, 55)}
    noted = len(changes(server, "readings"))
    assert amina.save("displays", **form(amina.page("displays"), distance_west="8", diagonal_west="55"))[0] == 303
    assert len(changes(server, "readings")) == noted


def test_of_two_who_change_a_text_of_the_displays_the_second_is_told(server: Server, amina: Manager, brahim: Manager) -> None:
    assert amina.save("media/text", **{"text-fr": "Bienvenue"})[0] == 303
    said = {"text-fr": "Bienvenue", "seconds": "12"}
    opened = revision(amina.page("media"))
    assert amina.save("media/1", **{**said, "ends": "2026-12-24"}, revision=opened)[0] == 303
    status, page = brahim.save("media/1", **{**said, "text-fr": "Soyez les bienvenus"}, revision=opened)
    assert status == 409
    assert "Amina changed this while you were editing it." in page
    assert "<td><bdi>–</bdi></td><td><bdi>2026-12-24</bdi></td>" in page
    assert "Soyez les bienvenus</textarea>" in page
    noted = len(changes(server, "media"))
    again = {**said, "text-fr": "Soyez les bienvenus", "ends": "2026-12-24", "revision": revision(page)}
    assert brahim.save("media/1", **again)[0] == 303
    assert len(changes(server, "media")) == noted + 1
    assert brahim.save("media/1", **{**again, "revision": revision(brahim.page("media"))})[0] == 303
    assert len(changes(server, "media")) == noted + 1, "saving what is there is no change"
