"""What is told of the services follows the manager: while nobody stands at the kiosk, and while somebody does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.running import Running
from tests.screens.kiosk.opened import Kiosk, settled

PASSPORT = {
    "name.ar": "جواز السفر", "name.fr": "Passeport", "prefix": "P", "icon": "passport", "target_minutes": "25", "open": "on",
    "series": "", "first": "1", "last": "500", "keeps_place": "on", "sentence.ar": "للسفر", "sentence.fr": "Pour voyager.",
    "documents.row": "0", "documents.0.ar": "صورتان", "documents.0.fr": "Deux photos",
}  # fmt: skip


@dataclass
class Office:
    """A manager at work on the pages of the set-up."""

    hall: Running
    token: str

    def _asked(self, method: str, path: str, **data: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        address = f"{self.hall.url}/manager/setup/{path}"
        return requests.request(method, address, data=data, headers=headers, timeout=10, allow_redirects=False)

    def add(self, section: str, **data: Any) -> None:
        assert self._asked("POST", f"{section}/edit", **data).status_code == 303

    def remove(self, section: str, id: str) -> None:
        path = f"{section}/edit?id={id}"
        revision = re.search(r'name="revision" value="(\w+)"', self._asked("GET", path).text)
        assert revision
        assert self._asked("POST", path, do="remove", revision=revision[1]).status_code == 303


@pytest.fixture
def page(kiosk: Kiosk) -> Page:
    return kiosk()


@pytest.fixture
def office(page: Page, hall: Running) -> Office:
    return Office(hall, hall.token("manager", "m"))


def service(page: Page, id: str) -> None:
    page.locator(".choice[lang=fr]").click()
    settled(page)
    page.locator(f"[data-service={id}]").click()
    settled(page)


def test_who_comes_to_a_kiosk_that_stood_idle_is_told_what_holds_now(page: Page, office: Office) -> None:
    with page.expect_response("**/kiosk/offers.json"):
        office.add("services", **PASSPORT)
    with page.expect_response("**/kiosk/offers.json"):
        office.remove("priorities", "pregnant")
    page.locator(".choice[lang=fr]").click()
    settled(page)
    page.locator("[data-page=next]").click()
    expect(page.locator("[data-service=passeport]")).to_contain_text("Pour voyager.")
    page.locator("[data-service=passeport]").click()
    settled(page)
    expect(page.locator(".before")).to_contain_text("Deux photos")
    page.locator("[data-priority]").click()
    expect(page.locator("[data-reason=elderly]")).to_be_visible()
    expect(page.locator("[data-reason=pregnant]")).to_have_count(0)


def test_who_is_in_the_middle_of_it_stays_there_and_sees_what_holds_now(page: Page, office: Office) -> None:
    service(page, "residence")
    page.locator("[data-priority]").click()
    expect(page.locator("[data-reason=pregnant]")).to_be_visible()
    office.remove("priorities", "pregnant")
    expect(page.locator("[data-reason=pregnant]")).to_have_count(0)
    expect(page.locator("[data-reason=elderly]")).to_be_visible()


@pytest.mark.parametrize("further", [False, True])
def test_who_has_chosen_a_service_that_is_taken_away_is_told_so_before_the_ticket(
    page: Page, office: Office, *, further: bool
) -> None:
    service(page, "residence")
    if further:
        page.locator("[data-priority]").click()
        expect(page.locator("[data-reason=elderly]")).to_be_visible()
    office.remove("services", "residence")
    expect(page.locator(".refused")).to_contain_text("Ce service n’est plus proposé ici.")


def test_each_visitor_asks_anew_for_the_hours_of_another_day_may_have_come(page: Page) -> None:
    with page.expect_response("**/kiosk/offers.json"):
        page.locator(".choice[lang=fr]").click()
