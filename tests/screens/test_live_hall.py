"""The manager's live hall in a real browser, on a real server with its workers."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from server.operations.admitting import new_person
from server.store import open_store
from tests.running import Running

PASSWORD = "a good password"
LIVE_MS = 15_000


@pytest.fixture
def hall(running: Running) -> Running:
    """A unit in which nobody should wait for longer than a second."""
    new_person(running.folder, "brahim", "Brahim", "manager", PASSWORD)
    db = open_store(running.folder / "unit.db")
    with db.conn:
        db.conn.execute("UPDATE services SET target_s = 1")
    db.close()
    running.start()
    return running


@pytest.fixture
def page(screen: Callable[..., Page]) -> Page:
    made = screen("/sign-in?next=/manager/&lang=fr", height=900)
    made.get_by_role("textbox").first.fill("brahim")
    made.locator("input[type=password]").fill(PASSWORD)
    made.locator("input[type=password]").press("Enter")
    expect(made.locator("[data-alerts]")).to_be_visible()
    return made


def test_an_alert_comes_is_seen_stays_quiet_ends_and_returns(page: Page, hall: Running) -> None:
    kiosk, clerk = hall.token("kiosk", "kiosk-1"), hall.token("clerk", "c")
    alert = page.locator("[data-alert=past_target]")
    expect(page.locator(".alerts__none")).to_be_visible()
    expect(page.locator("#ears")).to_be_empty()

    assert hall.post(kiosk, "/tickets", {"service": "etat-civil", "language": "ar"}).status_code == 201
    expect(alert).to_be_visible(timeout=LIVE_MS)
    expect(alert).to_contain_text("État civil")
    expect(page.locator("#ears")).to_contain_text("État civil")
    alert.get_by_role("button").click()
    expect(alert).to_contain_text(re.compile(r"Vu par Brahim à \d\d:\d\d"))
    expect(alert.get_by_role("button")).to_have_count(0)
    expect(page.locator("#ears")).to_be_empty()

    hall.post(kiosk, "/tickets", {"service": "etat-civil", "language": "ar"})
    expect(page.locator("[data-tile=waiting]")).to_have_text("2")
    expect(alert).to_contain_text("Vu par Brahim")

    hall.post(clerk, "/counters/1/open")
    for _ in range(2):
        hall.post(clerk, "/counters/1/call-next")
        hall.post(clerk, "/counters/1/no-show")
    expect(alert).to_have_count(0, timeout=LIVE_MS)
    expect(page.locator("tr[data-counter='1']")).to_contain_text("Libre")

    hall.post(kiosk, "/tickets", {"service": "etat-civil", "language": "ar"})
    expect(alert.get_by_role("button")).to_be_visible(timeout=LIVE_MS)
    page.reload()
    expect(alert.get_by_role("button")).to_be_visible()


def test_a_display_that_went_is_told_of_after_the_managers_seconds(page: Page, browser: Browser, hall: Running) -> None:
    page.goto(f"{hall.url}/manager/setup/alerts")
    page.locator("#display_seconds").fill("five")
    page.locator("button[value=save]").click()
    expect(page.locator("#fault-display_seconds")).to_be_visible()
    expect(page.locator("#display_seconds")).to_have_value("five")
    page.locator("#display_seconds").fill("10")
    page.locator("[id='waiting_for.residence']").fill("7")
    page.locator("button[value=save]").click()
    expect(page.locator("#saved")).to_be_visible()
    expect(page.locator("[id='waiting_for.residence']")).to_have_value("7")
    page.goto(f"{hall.url}/manager/")
    token = hall.token("display", "door")
    context = browser.new_context()
    display = context.new_page()
    display.goto(f"{hall.url}/display/?token={token}")
    expect(display.locator(".queues")).to_be_visible()
    context.close()
    expect(page.locator("[data-alert=display_gone]")).to_contain_text("door", timeout=30_000)


def test_a_counter_is_released_after_a_question_that_names_clerk_and_visitor(page: Page, hall: Running) -> None:
    kiosk, clerk = hall.token("kiosk", "kiosk-1"), hall.token("clerk", "Salma")
    hall.post(kiosk, "/tickets", {"service": "etat-civil", "language": "ar"})
    hall.post(clerk, "/counters/1/open")
    hall.post(clerk, "/counters/1/call-next")
    row = page.locator("tr[data-counter='1']")
    expect(page.locator("[data-release]")).to_have_count(1)
    row.locator("[data-release]").click()
    expect(page.locator("[data-asked]")).to_contain_text("Salma")
    expect(page.locator("[data-asked]")).to_contain_text("A001")
    page.get_by_role("button", name="Annuler").click()
    expect(row).to_contain_text("Salma")
    row.locator("[data-release]").press("Enter")
    page.locator("[data-sure]").press("Enter")
    expect(row).to_contain_text("Fermé")
    expect(page.locator("[data-tile=waiting]")).to_have_text("1")
    expect(page.locator("[data-asked], [data-release]")).to_have_count(0)


def test_a_question_about_a_counter_ends_with_the_hold_that_it_is_about(page: Page, hall: Running) -> None:
    salma, karim = hall.token("clerk", "Salma"), hall.token("clerk", "Karim")
    hall.post(salma, "/counters/1/open")
    row = page.locator("tr[data-counter='1']")
    row.locator("[data-release]").click()
    expect(page.locator("[data-asked]")).to_contain_text("Salma")
    hall.post(salma, "/counters/1/close")
    expect(row).to_contain_text("Fermé")
    hall.post(karim, "/counters/1/open")
    expect(row).to_contain_text("Karim")
    expect(page.locator("[data-asked]")).to_have_count(0)
    expect(row.locator("[data-release]")).to_be_visible()


def test_why_a_counter_was_not_released_is_told_no_longer_than_it_is_held(page: Page, hall: Running) -> None:
    salma = hall.token("clerk", "Salma")
    hall.post(salma, "/counters/1/open")
    page.route("**/release", lambda route: route.fulfill(status=409, json={"detail": "Pas maintenant."}))
    page.locator("tr[data-counter='1'] [data-release]").click()
    page.locator("[data-sure]").click()
    expect(page.locator(".fault")).to_have_text("Pas maintenant.")
    hall.post(salma, "/counters/1/close")
    expect(page.locator("tr[data-counter='1']")).to_contain_text("Fermé")
    expect(page.locator(".fault")).to_have_count(0)


def test_a_release_tells_the_number_of_who_came_without_a_ticket_until_the_counter_is_open_again(page: Page, hall: Running) -> None:
    salma = hall.token("clerk", "Salma")
    told = page.locator("[data-numbered]")
    for number in ("A001", "A002"):
        hall.post(salma, "/counters/1/open")
        assert hall.post(salma, "/counters/1/walk-direct", {"service": "etat-civil", "language": "ar"}).status_code == 200
        expect(page.locator("tr[data-counter='1']")).to_contain_text("Salma")
        expect(told).to_have_count(0)
        page.locator("tr[data-counter='1'] [data-release]").click()
        page.locator("[data-sure]").click()
        expect(told).to_contain_text(number)
    told.get_by_role("button").click()
    expect(told).to_have_count(0)


def test_in_arabic_a_share_stands_as_in_the_reports_the_sign_right_of_its_digits(page: Page, hall: Running) -> None:
    hall.post(hall.token("kiosk", "kiosk-1"), "/tickets", {"service": "etat-civil", "language": "ar"})
    clerk = hall.token("clerk", "salma")
    for action in ("open", "call-next"):
        hall.post(clerk, f"/counters/1/{action}")
    page.goto(f"{hall.url}/manager/?lang=ar")
    share = page.locator("[data-tile=service_level] .number")
    expect(share).to_have_text(re.compile(r"^100\s%$"))
    expect(share).to_have_css("direction", "ltr")
