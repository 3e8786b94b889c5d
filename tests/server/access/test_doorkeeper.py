"""Who may no longer see a screen is turned out of it at once, and who does nothing is signed out."""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import socketio

from server.access import Principal, devices, passwords, people, sessions
from server.access.activity import WRITE_EVERY_MS
from server.access.audit import Audit
from server.app import Server
from server.clock import wall_ms
from server.live.doorkeeper import Doorkeeper
from server.operations import admitting
from server.visits import Order
from tests.conftest import KIOSK
from tests.running import Running

MINUTE = 60_000
PASSWORD = "a good password"


@pytest.fixture
def served(running: Running) -> Iterator[Running]:
    running.start()
    yield running
    running.stop()


class Watched:
    """A socket that notes when it is let in and when it is turned out."""

    def __init__(self, running: Running, namespace: str, token: str | None = None, cookie: str | None = None) -> None:
        self.snapshots: queue.Queue[Any] = queue.Queue()
        self.gone = threading.Event()
        self.client = socketio.Client(reconnection=False)
        self.client.on("snapshot", self.snapshots.put, namespace=namespace)
        self.client.on("disconnect", lambda *_: self.gone.set(), namespace=namespace)
        self.client.connect(
            running.url,
            namespaces=[namespace],
            auth={"token": token} if token else None,
            headers={"Cookie": cookie} if cookie else {},
            transports=["websocket"],
            wait_timeout=10,
        )
        self.snapshots.get(timeout=10)

    def turned_out(self) -> bool:
        return self.gone.wait(10)


def signed_in(running: Running, login: str) -> requests.Session:
    browser = requests.Session()
    browser.headers["Origin"] = running.url
    answer = browser.post(f"{running.url}/sign-in", data={"login": login, "password": PASSWORD}, allow_redirects=False, timeout=10)
    assert answer.status_code == 303, answer.text
    return browser


def cookie_of(browser: requests.Session) -> str:
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies)


def test_signing_out_closes_the_open_screen_and_it_can_not_come_back(served: Running) -> None:
    served.person("salma", "clerk")
    browser = signed_in(served, "salma")
    cookie = cookie_of(browser)
    screen, other = (
        Watched(served, "/counter", cookie=cookie),
        Watched(served, "/counter", cookie=cookie_of(signed_in(served, "salma"))),
    )
    browser.post(f"{served.url}/sign-out", timeout=10)
    assert screen.turned_out()
    assert not other.gone.is_set(), "another browser of hers stays"
    with pytest.raises(socketio.exceptions.ConnectionError):
        Watched(served, "/counter", cookie=cookie)
    other.client.disconnect()


def test_a_person_removed_by_the_installer_is_turned_out_while_the_server_runs(served: Running) -> None:
    served.person("boss", "administrator")
    served.person("salma", "clerk")
    screen = Watched(served, "/counter", cookie=cookie_of(signed_in(served, "salma")))
    admitting.remove_person(served.folder, "salma")
    served.post(served.token("clerk", "c"), "/counters/1/open")
    assert screen.turned_out(), "at the next commit, or at the next look"


def test_a_new_server_of_the_same_unit_still_knows_a_session_and_when_it_was_last_seen(served: Running) -> None:
    served.person("salma", "clerk")
    browser = signed_in(served, "salma")
    served.stop()
    served.start()
    assert browser.get(f"{served.url}/counter/", allow_redirects=False, timeout=10).status_code == 200


class Hall:
    """The server of this process with its doorkeeper, and sockets of it."""

    def __init__(self, server: Server) -> None:
        self.server, self.unit = server, server.unit
        self.audit = Audit(self.unit.journal, "person:9")
        self.doorkeeper = next(worker for worker in server._workers if isinstance(worker, Doorkeeper))
        self.activity = server.app.extensions["istiqbal.activity"]

    def run(self, change: Any) -> Any:
        return self.unit.writer.run(change)

    def person(self, login: str, role: str = "clerk") -> int:
        details = people.Details(login, login.title(), role)
        found: int = self.run(lambda conn: people.add(conn, self.audit, "administrator", details, "no hash", wall_ms()))
        return found

    def session(self, person: int, device: int | None = None) -> str:
        found: str = self.run(lambda conn: sessions.begin(conn, person, wall_ms(), device))
        return found

    def device(self, role: str) -> tuple[int, str]:
        token: str = self.run(lambda conn: devices.create_token(conn, role, f"{role}-1", wall_ms()))
        with self.unit.reading() as conn:
            found = devices.by_token(conn, token)
        assert found is not None
        return found.id, token

    def screen(self, namespace: str, token: str) -> Any:
        return self.server.sockets.test_client(self.server.app, namespace, auth={"token": token})

    def browser(self, namespace: str, session: str) -> Any:
        headers = {"Cookie": f"istiqbal_session={session}"}
        return self.server.sockets.test_client(self.server.app, namespace, headers=headers)

    def look(self, minutes: float = 0) -> None:
        self.doorkeeper.turn(wall_ms() + int(minutes * MINUTE))


@pytest.fixture
def hall(server: Server) -> Hall:
    return Hall(server)


def test_a_revoked_token_closes_its_own_screens_alone(hall: Hall) -> None:
    (first, token), (_, other) = hall.device("display"), hall.device("display")
    screens = [hall.screen("/display", token), hall.screen("/display", token), hall.screen("/display", other)]
    hall.run(lambda conn: devices.revoke(conn, hall.audit, first, wall_ms()))
    hall.look()
    assert [screen.is_connected("/display") for screen in screens] == [False, False, True]
    assert not hall.screen("/display", token).is_connected("/display")
    assert hall.server.live.screens()["/display"] == 1


def edit(conn: Any, audit: Audit, person: int, details: people.Details) -> None:
    people.edit(conn, audit, "administrator", person, details, people.person(conn, person).revision)


def test_a_commit_that_takes_an_access_away_wakes_the_doorkeeper_and_no_other_does(hall: Hall) -> None:
    id, _ = hall.device("kiosk")
    person = hall.person("salma")
    key = hall.session(person)
    woken = hall.doorkeeper._wake
    changes: list[Any] = [
        lambda conn: sessions.end(conn, key),
        lambda conn: devices.revoke(conn, hall.audit, id, 1),
        lambda conn: edit(conn, hall.audit, person, people.Details("salma", "Salma", "administrator")),
    ]
    woken.clear()
    hall.unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    assert not woken.is_set()
    for change in changes:
        woken.clear()
        hall.run(change)
        assert woken.is_set()


def test_a_pin_session_ends_with_the_counter_pc_it_was_begun_on(hall: Hall) -> None:
    pc, _ = hall.device("counter")
    person = hall.person("salma")
    screen, own = hall.browser("/counter", hall.session(person, pc)), hall.browser("/counter", hall.session(person))
    hall.run(lambda conn: devices.revoke(conn, hall.audit, pc, wall_ms()))
    hall.look()
    assert (screen.is_connected("/counter"), own.is_connected("/counter")) == (False, True)


def test_a_manager_who_becomes_a_clerk_is_turned_out(hall: Hall) -> None:
    hall.person("chief", "administrator")
    person = hall.person("boss", "manager")
    screen = hall.browser("/manager", hall.session(person))
    assert screen.is_connected("/manager")
    hall.run(lambda conn: edit(conn, hall.audit, person, people.Details("boss", "Boss", "clerk")))
    hall.look()
    assert not screen.is_connected("/manager")


def test_an_hour_without_request_or_open_screen_ends_a_session(hall: Hall) -> None:
    person = hall.person("salma")
    idle, watching = hall.session(person), hall.session(person)
    screen = hall.browser("/counter", watching)
    for minutes in (0, 30, 59, 61, 90):
        hall.look(minutes)
        with hall.unit.reading() as conn:
            now = wall_ms()
            assert (sessions.by_key(conn, idle, now) is None) == (minutes > 60)
            assert sessions.by_key(conn, watching, now), "her open screen is work"
    assert screen.is_connected("/counter")
    hall.look(12 * 60 + 1)
    assert not screen.is_connected("/counter"), "twelve hours are the end of any session"


def test_a_request_keeps_a_session(hall: Hall) -> None:
    key = hall.session(hall.person("salma"))
    client = hall.server.app.test_client()
    client.set_cookie("istiqbal_session", key)
    with hall.unit.reading() as conn:
        proof = sessions.by_key(conn, key, wall_ms())
    assert proof is not None
    hall.activity.seen(proof.proof, wall_ms() + 50 * MINUTE)
    hall.look(100)
    assert client.get("/counter/").status_code == 200
    hall.look(111)
    assert client.get("/counter/").status_code == 401


def test_when_a_device_was_last_seen_is_written_now_and_then_not_at_each_request(hall: Hall) -> None:
    id, token = hall.device("kiosk")
    client = hall.server.app.test_client(use_cookies=False)
    writes: list[Any] = []
    hall.unit.after_commit.append(writes.append)
    for _ in range(20):
        client.get("/api/v1/board", headers={"Authorization": f"Bearer {token}"})
        hall.look()
    assert len(writes) == 1
    with hall.unit.reading() as conn:
        first = devices.device(conn, id).last_seen_at
    assert first is not None
    hall.activity.seen(f"token:{id}", first + WRITE_EVERY_MS)
    hall.look()
    with hall.unit.reading() as conn:
        assert devices.device(conn, id).last_seen_at == first + WRITE_EVERY_MS


def test_a_pin_opens_nothing_on_a_browser_that_is_not_a_paired_counter_pc(hall: Hall) -> None:
    person, (_, pc), (_, kiosk) = hall.person("salma"), hall.device("counter"), hall.device("kiosk")
    keeper = Principal("person", 9, "Boss", "administrator")
    hall.run(lambda conn: people.set_pin(conn, hall.audit, keeper, person, passwords.hash_of("2759")))
    form = {"person": str(person), "pin": "2759"}
    origin = {"Origin": "http://localhost"}
    stranger = hall.server.app.test_client()
    assert stranger.post("/sign-in", data=form, headers=origin).status_code == 401
    stranger.set_cookie("istiqbal_counter", kiosk)
    assert stranger.post("/sign-in", data=form, headers=origin).status_code == 401
    paired = hall.server.app.test_client()
    paired.set_cookie("istiqbal_counter", pc)
    assert paired.post("/sign-in", data={**form, "pin": "2758"}, headers=origin).status_code == 401
    assert paired.post("/sign-in", data=form, headers=origin).status_code == 303


def test_the_keys_themselves_are_not_in_the_database(hall: Hall) -> None:
    _, token = hall.device("kiosk")
    key = hall.session(hall.person("salma"))
    hall.unit.close()
    with sqlite3.connect(hall.unit.path) as db:
        dump = "\n".join(db.iterdump())
    assert token not in dump
    assert key not in dump
