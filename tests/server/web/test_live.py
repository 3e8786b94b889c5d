"""Screens over real sockets to a real server process."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from typing import Any

import pytest
import socketio

from tests.running import Running

ORDER = {"service": "etat-civil", "language": "ar"}


class Screen:
    """A socket that keeps every snapshot it gets."""

    def __init__(self, running: Running, namespace: str, token: str | None) -> None:
        self.snapshots: queue.Queue[dict[str, Any]] = queue.Queue()
        self.client = socketio.Client(reconnection=False)
        self.client.on("snapshot", self.snapshots.put, namespace=namespace)
        self.client.connect(
            running.url,
            namespaces=[namespace],
            auth={"token": token} if token else None,
            transports=["websocket"],
            wait_timeout=10,
        )

    def next(self) -> dict[str, Any]:
        return self.snapshots.get(timeout=10)

    def until(self, met: Any) -> dict[str, Any]:
        """The first snapshot of which `met` is true; versions must rise on the way."""
        version = -1
        while True:
            snapshot = self.next()
            assert snapshot["version"] > version
            version = snapshot["version"]
            if met(snapshot):
                return snapshot

    def close(self) -> None:
        self.client.disconnect()


@pytest.fixture
def served(running: Running) -> Iterator[Running]:
    running.start()
    yield running
    running.stop()


def test_a_screen_gets_the_whole_hall_on_connect_and_after_every_commit(served: Running) -> None:
    kiosk, clerk, display = (served.token(role, f"{role}-1") for role in ("kiosk", "clerk", "display"))
    screen = Screen(served, "/display", display)
    first = screen.next()
    assert first["calls"] == []
    visit = served.post(kiosk, "/tickets", ORDER).json()["visit"]
    waiting = screen.until(lambda s: s["services"][0]["waiting"] == 1)
    assert waiting["epoch"] == first["epoch"]
    assert waiting["version"] > first["version"]
    served.post(clerk, "/counters/3/open")
    served.post(clerk, "/counters/3/call-next")
    called = screen.until(lambda s: s["calls"])
    assert (called["calls"][0]["ticket"], called["calls"][0]["counter"]) == ("A001", 3)
    assert visit not in str(called), "a display must not learn the id that opens a visit"
    late = Screen(served, "/display", display)
    assert late.next()["calls"] == called["calls"]
    screen.close()
    late.close()


def test_what_changes_nothing_is_not_sent(served: Running) -> None:
    clerk, display = served.token("clerk", "c"), served.token("display", "d")
    served.post(clerk, "/counters/1/open")
    screen = Screen(served, "/display", display)
    screen.next()
    assert served.post(clerk, "/counters/1/call-next").status_code == 204
    assert served.post(clerk, "/counters/1/open").status_code == 200
    served.post(clerk, "/counters/1/pause", {"reason": "prayer"})
    assert screen.next()["counters"][0]["state"] == "paused"
    assert screen.snapshots.empty()
    screen.close()


def test_staff_see_who_waits_and_the_kiosk_sees_its_printers(served: Running) -> None:
    kiosk, clerk, manager = (served.token(role, f"{role}-1") for role in ("kiosk", "clerk", "manager"))
    visit = served.post(kiosk, "/tickets", {**ORDER, "priority": "elderly"}).json()["visit"]
    served.post(clerk, "/counters/1/open")
    counter = Screen(served, "/counter", clerk)
    shown = counter.next()
    assert [(w["visit"], w["ticket"], w["priority"]) for w in shown["waiting"]] == [(visit, "A001", "elderly")]
    assert shown["waiting_total"] == 1
    assert (shown["desks"][0]["state"], shown["desks"][0]["clerk"]["name"], shown["desks"][0]["current"]) == (
        "open",
        "clerk-1",
        None,
    )
    served.post(clerk, "/counters/1/call-next")
    current = counter.until(lambda s: s["desks"][0]["current"])["desks"][0]["current"]
    assert (current["ticket"], current["state"], current["recalls"]) == ("A001", "called", 0)
    office = Screen(served, "/manager", manager)
    managed = office.next()
    assert managed["today"] == {"arrivals": 1, "served": 0, "no_shows": 0, "walkouts": 0, "service_level": 1.0}
    assert set(managed["deliveries"]) == {"print", "portal"}
    hall = Screen(served, "/kiosk", kiosk)
    assert hall.next()["printers"] == []
    for screen in (counter, office, hall):
        screen.close()


@pytest.mark.parametrize(
    ("namespace", "role"),
    [("/display", None), ("/counter", "kiosk"), ("/manager", "clerk"), ("/kiosk", "display"), ("/counter", "display")],
)
def test_a_screen_without_the_right_token_is_turned_away(served: Running, namespace: str, role: str | None) -> None:
    token = served.token(role, "x") if role else "a token that nobody made"
    with pytest.raises(socketio.exceptions.ConnectionError):
        Screen(served, namespace, token)


def test_a_screen_can_change_nothing_over_the_socket(served: Running) -> None:
    clerk = served.token("clerk", "c")
    screen = Screen(served, "/counter", clerk)
    screen.next()
    screen.client.emit("open", {"counter": 1}, namespace="/counter")
    screen.client.emit("call-next", {"counter": 1}, namespace="/counter")
    served.post(clerk, "/counters/2/open")
    after = screen.next()
    assert [desk["state"] for desk in after["desks"][:2]] == ["closed", "open"]
    screen.close()


def test_after_a_restart_the_epoch_is_new_and_the_state_is_not(served: Running) -> None:
    kiosk, display = served.token("kiosk", "kiosk-1"), served.token("display", "d")
    served.post(kiosk, "/tickets", ORDER)
    screen = Screen(served, "/display", display)
    before = screen.next()
    screen.close()
    served.kill()
    served.start()
    screen = Screen(served, "/display", display)
    after = screen.next()
    screen.close()
    assert after["epoch"] != before["epoch"]
    assert after["services"] == before["services"]
    assert after["version"] >= before["version"]


def test_a_tablet_goes_on_asking_while_the_next_visitor_is_called_or_does_not_come(served: Running) -> None:
    """The next one may be called by itself right after “finish”; only who is served stands in the place of the one before."""
    kiosk, clerk = served.token("kiosk", "k"), served.token("clerk", "c")
    first, _, _ = (served.post(kiosk, "/tickets", ORDER).json() for _ in range(3))
    for action in ("open", "call-next", "start", "finish", "call-next", "no-show", "call-next"):
        assert served.post(clerk, f"/counters/3/{action}").status_code == 200
    tablet = Screen(served, "/tablet", served.token("tablet", "guichet 3"))
    assert tablet.next()["ask"]["3"]["visit"] == first["visit"]
    assert served.post(clerk, "/counters/3/start").status_code == 200
    assert tablet.until(lambda snapshot: not snapshot["ask"])["ask"] == {}
    tablet.close()


def test_a_tablet_is_told_whom_to_ask_and_nobody_else_is(served: Running) -> None:
    kiosk, clerk = served.token("kiosk", "k"), served.token("clerk", "c")
    tablet = Screen(served, "/tablet", served.token("tablet", "guichet 3"))
    assert tablet.next()["ask"] == {}
    made = served.post(kiosk, "/tickets", ORDER).json()
    for action in ("open", "call-next", "start", "finish"):
        assert served.post(clerk, f"/counters/3/{action}").status_code == 200
    told = tablet.until(lambda snapshot: snapshot["ask"])
    assert {key: told["ask"]["3"][key] for key in ("visit", "ticket", "language")} == {
        "visit": made["visit"], "ticket": made["ticket"], "language": "ar",
    }  # fmt: skip
    served.post(kiosk, f"/visits/{made['visit']}/rating", {"score": 4})
    assert tablet.until(lambda snapshot: not snapshot["ask"])["ask"] == {}
    tablet.close()
    for role in ("kiosk", "display", "counter", "clerk"):
        with pytest.raises(socketio.exceptions.ConnectionError):
            Screen(served, "/tablet", served.token(role, f"{role}-x"))
