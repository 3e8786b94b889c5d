"""Pairing: a code on a screen becomes that screen's own token, once, and nobody else's."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from server import editing, journal
from server.access import devices
from server.access.audit import Audit
from server.access.devices import BadDeviceName
from server.access.keys import new_key
from server.access.pairing import KEPT_OF_A_PLACE, LASTS_S, LENGTH, LETTERS, Pairings, UnknownCode
from server.app import Server
from server.operations.making import new_token
from server.unit import Unit
from tests.server.access.test_attempts import Steady

OURS = {"Origin": "http://localhost"}


class Site:
    """Screens that ask, and a manager who accepts."""

    def __init__(self, unit: Unit) -> None:
        self.unit, self.steady = unit, Steady()
        self.pairings = Pairings(self.steady)

    def accept(self, code: str, name: str = "kiosk-1") -> devices.Device:
        audit = Audit(self.unit.journal, "person:9")
        return self.unit.writer.run(lambda conn: self.pairings.accept(conn, audit, code, name, 5))

    def role_of(self, key: str) -> str | None:
        with self.unit.reading() as conn:
            found = devices.by_token(conn, key)
        return found and found.role


@pytest.fixture
def site(unit: Unit) -> Site:
    return Site(unit)


def test_the_browser_that_showed_the_code_is_paired_and_no_other(site: Site) -> None:
    mine, others = new_key(), new_key()
    waiting, other = site.pairings.ask(mine, "kiosk", "a"), site.pairings.ask(others, "display", "b")
    assert len(waiting.code) == LENGTH
    assert set(waiting.code) <= set(LETTERS)
    assert waiting.code != other.code
    found = site.accept(waiting.code.lower()[:3] + " - " + waiting.code[3:])
    assert (found.role, found.name) == ("kiosk", "kiosk-1")
    assert (site.role_of(mine), site.role_of(others)) == ("kiosk", None)
    assert [one.code for one in site.pairings.waiting()] == [other.code]


def test_a_code_opens_once_and_ten_minutes_long(site: Site) -> None:
    key = new_key()
    code = site.pairings.ask(key, "kiosk", "a").code
    for _ in range(LASTS_S // 30 - 1):
        site.steady.now += 30
        assert site.pairings.ask(key, "kiosk", "a").code == code
    site.steady.now += 30
    renewed = site.pairings.ask(key, "kiosk", "a").code
    assert renewed != code
    with pytest.raises(UnknownCode):
        site.accept(code)
    site.accept(renewed)
    with pytest.raises(UnknownCode):
        site.accept(renewed)


def test_a_bad_name_leaves_the_code_on_the_screen(site: Site) -> None:
    code = site.pairings.ask(new_key(), "kiosk", "a").code
    for name in ("", "   ", "x" * 65, "a\nb"):
        with pytest.raises(BadDeviceName):
            site.accept(code, name)
    assert site.accept(code).name == "kiosk-1"


def test_one_place_pushes_out_its_own_screens_not_those_of_others(site: Site) -> None:
    patient = site.pairings.ask(new_key(), "display", "the hall").code
    for _ in range(KEPT_OF_A_PLACE * 3):
        site.pairings.ask(new_key(), "kiosk", "a stranger")
    waiting = site.pairings.waiting()
    assert patient in [one.code for one in waiting]
    assert len(waiting) == KEPT_OF_A_PLACE + 1


@pytest.fixture
def screen(server: Server) -> FlaskClient:
    """The browser of a new kiosk."""
    client: FlaskClient = server.app.test_client()
    return client


@pytest.fixture
def manager(server: Server) -> dict[str, str]:
    return {"Authorization": f"Bearer {new_token(server.unit.folder, 'manager', 'm')}"}


def code_of(screen: FlaskClient, role: str = "kiosk") -> str:
    assert screen.get(f"/{role}/").status_code == 403
    code: str = screen.get(f"/pairing/{role}/state").get_json()["code"]
    return code


def test_a_kiosk_goes_on_by_itself_when_its_code_was_accepted(server: Server, screen: FlaskClient, manager: dict[str, str]) -> None:
    code = code_of(screen)
    assert code_of(screen) == code, "a reload keeps it"
    desk = server.app.test_client(use_cookies=False)
    shown = desk.get("/manager/devices", headers=manager).text
    assert code in shown
    answer = desk.post("/manager/devices/pair", headers=manager, data={"code": code, "name": "kiosk-1"})
    assert answer.status_code == 303
    assert screen.get("/pairing/kiosk/state").get_json()["paired"] is True
    assert screen.get("/kiosk/").status_code == 200
    stranger = server.app.test_client()
    assert stranger.get("/pairing/kiosk/state").get_json()["paired"] is False


def test_it_survives_a_new_server_between_the_code_and_the_manager(
    server: Server, screen: FlaskClient, manager: dict[str, str]
) -> None:
    code = code_of(screen)
    server.app.extensions["istiqbal.pairings"] = Pairings()
    desk = server.app.test_client(use_cookies=False)
    answer = desk.post("/manager/devices/pair", headers=manager, data={"code": code, "name": "kiosk-1"})
    assert answer.status_code == 404
    assert "ten minutes" in answer.text or code in answer.text
    fresh = code_of(screen)
    assert desk.post("/manager/devices/pair", headers=manager, data={"code": fresh, "name": "kiosk-1"}).status_code == 303
    assert screen.get("/kiosk/").status_code == 200


def test_a_revoked_kiosk_shows_a_new_code_with_a_new_key(server: Server, screen: FlaskClient, manager: dict[str, str]) -> None:
    desk = server.app.test_client(use_cookies=False)
    desk.post("/manager/devices/pair", headers=manager, data={"code": code_of(screen), "name": "kiosk-1"})
    before = screen.get_cookie("istiqbal_kiosk")
    with server.unit.reading() as conn:
        id = next(one.id for one in devices.devices(conn) if one.role == "kiosk")
    assert desk.post(f"/manager/devices/{id}/revoke", headers=manager).status_code == 303
    code = code_of(screen)
    after = screen.get_cookie("istiqbal_kiosk")
    assert before is not None
    assert after is not None
    assert after.value != before.value
    desk.post("/manager/devices/pair", headers=manager, data={"code": code, "name": "kiosk-1"})
    assert screen.get("/kiosk/").status_code == 200


def test_the_page_names_the_kiosks_of_the_set_up(server: Server, screen: FlaskClient, manager: dict[str, str]) -> None:
    page = screen.get("/manager/devices?lang=en", headers=manager).text
    names = [kiosk.name for kiosk in server.unit.settings.kiosks]
    assert ("The names are:" in page) == bool(names)
    assert all(f"<bdi>{name}</bdi>" in page for name in names)


def test_guessing_codes_is_slowed_down(server: Server, manager: dict[str, str]) -> None:
    desk = server.app.test_client(use_cookies=False)
    answers = [
        desk.post("/manager/devices/pair", headers=manager, data={"code": "AAAAAA", "name": "x"}).status_code for _ in range(12)
    ]
    assert answers == [404] * 10 + [429] * 2


def test_a_manager_keeps_screens_and_an_administrator_the_tokens_of_other_systems(server: Server, manager: dict[str, str]) -> None:
    folder = server.unit.folder
    chief = {"Authorization": f"Bearer {new_token(folder, 'administrator', 'chief')}"}
    desk = server.app.test_client(use_cookies=False)
    made = desk.post("/manager/devices/token", headers=chief, data={"name": "hospital", "role": "manager"})
    assert made.status_code == 200
    assert "no-store" in made.headers["Cache-Control"]
    with server.unit.reading() as conn:
        id = next(one.id for one in devices.devices(conn) if one.name == "hospital")
        told = conn.execute("SELECT data FROM events WHERE type = 'setup_changed'").fetchall()
    token = made.text.split('<code id="token" dir="ltr">')[1].split("<")[0]
    assert desk.get("/manager/", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assert token not in str(told)
    assert token not in desk.get("/manager/devices", headers=chief).text
    assert desk.post(f"/manager/devices/{id}/revoke", headers=manager).status_code == 403
    assert desk.post("/manager/devices/token", headers=chief, data={"name": "x", "role": "king"}).status_code == 422
    assert desk.post(f"/manager/devices/{id}/rename", headers=chief, data={"name": " "}).status_code == 422
    assert desk.post(f"/manager/devices/{id}/revoke", headers=chief).status_code == 303
    assert desk.get("/manager/", headers={"Authorization": f"Bearer {token}"}).status_code == 401


@pytest.mark.parametrize(
    ("role", "path", "choice"),
    [("kiosk", "kiosks", {"services": ["legalisation"]}), ("display", "displays", {"title.fr": "Salle B", "counters": ["2"]})],
)
def test_a_renamed_device_keeps_what_it_offers_or_shows(server: Server, role: str, path: str, choice: dict[str, Any]) -> None:
    unit = server.unit
    token = new_token(unit.folder, role, "old")
    desk = server.app.test_client(use_cookies=False)
    chief = {"Authorization": f"Bearer {new_token(unit.folder, 'administrator', 'chief')}"}
    edit = f"/manager/setup/{path}/edit?id=old"
    assert desk.post(edit, headers=chief, data={**choice, "revision": ""}).status_code == 303

    def seen() -> Any:
        board = desk.get("/api/v1/board", headers={"Authorization": f"Bearer {token}"}).get_json()
        return board["title"], [one["id"] for one in board["services"]], [one["id"] for one in board["counters"]]

    before = seen()
    with unit.reading() as conn:
        id = next(one.id for one in devices.devices(conn) if one.name == "old")
    assert desk.post(f"/manager/devices/{id}/rename", headers=chief, data={"name": " new "}).status_code == 303
    assert seen() == before
    with unit.reading() as conn:
        assert [one.id for one in editing.read(conn).things[path]] == ["new"]
        told = [(e.data["what"], e.data["id"], e.data["after"] is None) for e in journal.read(conn) if e.type == "setup_changed"]
    assert told[-2:] == [(path, "new", False), (path, "old", True)]
    assert f"/manager/setup/{path}/edit?id=new" in desk.get(f"/manager/setup/{path}", headers=chief).text


def test_a_choice_that_was_prepared_for_the_new_name_or_that_another_device_goes_by_stays(server: Server) -> None:
    unit, desk = server.unit, server.app.test_client(use_cookies=False)
    for name in ("old", "old", "other"):
        new_token(unit.folder, "kiosk", name)
    chief = {"Authorization": f"Bearer {new_token(unit.folder, 'administrator', 'chief')}"}
    for name, service in (("old", "residence"), ("prepared", "legalisation")):
        data = {"services": [service], "revision": ""}
        assert desk.post(f"/manager/setup/kiosks/edit?id={name}", headers=chief, data=data).status_code in (303, 404)

    def rename(old: str, new: str) -> dict[str, list[str]]:
        with unit.reading() as conn:
            id = next(one.id for one in devices.devices(conn) if one.name == old)
        assert desk.post(f"/manager/devices/{id}/rename", headers=chief, data={"name": new}).status_code == 303
        with unit.reading() as conn:
            return {str(one.id): one.data()["services"] for one in editing.read(conn).things["kiosks"]}

    first = rename("old", "new")
    assert first["old"] == first["new"] == ["residence"]
    second = rename("old", "new")
    assert second["new"] == ["residence"]
    assert rename("other", "free") == second
