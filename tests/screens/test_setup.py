"""A manager opens a new service, pairs a kiosk and assigns counters while tickets flow: the screens follow at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.running import Running
from tests.screens.test_access import manager, opened, pair, served

__all__ = ["served"]


class Flow:
    """People who take tickets at another kiosk all the while."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._token = running.token("kiosk", "kiosk-9")
        self._stopping = threading.Event()
        self.refused: list[int] = []
        self.tickets: list[str] = []
        self._thread = threading.Thread(target=self._take, daemon=True)
        self._thread.start()

    def _take(self) -> None:
        while not self._stopping.wait(0.05):
            answer = self._running.post(self._token, "/tickets", {"service": "etat-civil", "language": "ar"})
            if answer.status_code == 201:
                self.tickets.append(answer.json()["ticket"])
            else:
                self.refused.append(answer.status_code)

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()


@pytest.fixture
def flow(served: Running) -> Iterator[Flow]:
    made = Flow(served)
    yield made
    made.stop()


def test_a_new_service_is_open_for_a_visitor_within_one_walk_through_the_pages(
    browser: Browser,
    served: Running,
    flow: Flow,
) -> None:
    kiosk = opened(browser, served, "/kiosk/")
    kiosk.set_viewport_size({"width": 1080, "height": 1920})
    office = manager(browser, served, "/manager/devices")
    pair(office, kiosk, "kiosk-1")
    kiosk.locator(".choice[lang=fr]").click()
    expect(kiosk.locator("[data-service=etat-civil]")).to_be_visible()
    add_service(office)
    kiosk.get_by_role("button", name="Plus de services").click()
    expect(kiosk.locator("[data-service=passeport]")).to_contain_text("Passeport")
    add_work_profile(office)
    kiosk.locator("[data-service=passeport]").click()
    kiosk.locator("[data-take]").click()
    expect(kiosk.locator("[data-ticket]")).to_have_text("P001")
    clerk = served.token("clerk", "Salma")
    served.post(clerk, "/counters/2/open")
    called = served.post(clerk, "/counters/2/call-next").json()
    assert (called["ticket"], called["service"]) == ("P001", "passeport"), "counter 2 serves passports, whoever else waits"
    flow.stop()
    assert flow.refused == []
    assert flow.tickets == [f"A{number:03d}" for number in range(1, len(flow.tickets) + 1)]
    office.goto(f"{served.url}/manager/setup/changes")
    for change in ("Passeport", "Comptoir des passeports"):
        expect(office.locator(".change").filter(has_text=change).first).to_be_visible()


def add_service(office: Page) -> None:
    office.goto(office.url.split("/manager")[0] + "/manager/setup/services")
    office.locator(".setup__head a").click()
    office.fill("[name='name.ar']", "جواز السفر")
    office.fill("[name='name.fr']", "Passeport")
    office.fill("[name=prefix]", "p")
    office.locator(".icons__one:has([value=passport])").click()
    office.locator("[name=do][value=save]").click()
    expect(office.locator("#saved")).to_be_visible()


def add_work_profile(office: Page) -> None:
    office.goto(office.url.split("/manager")[0] + "/manager/setup/work_profiles/edit")
    office.fill("[name='name.ar']", "شباك الجوازات")
    office.fill("[name='name.fr']", "Comptoir des passeports")
    office.select_option("[name='services.passeport']", "1")
    office.check("[name=at][value='2']")
    office.locator("[name=do][value=save]").click()
    expect(office.locator("#saved")).to_be_visible()
