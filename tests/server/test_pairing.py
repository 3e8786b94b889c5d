"""Pairing: a code on a screen becomes that screen's own token, once, and nobody else's."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from server.access import devices
from server.access.audit import Audit
from server.access.devices import BadDeviceName
from server.access.keys import new_key
from server.access.pairing import KEPT_OF_A_PLACE, LASTS_S, LENGTH, LETTERS, Pairings, UnknownCode
from server.app import Server
from server.operations.making import new_token
from server.unit import Unit
from tests.server.test_attempts import Steady

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
