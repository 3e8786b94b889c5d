"""The citizen's word in a real browser: rating at the kiosk and on the phone, a complaint typed on the screen, its stage."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from server.store import open_store
from tests.running import Running
from tests.server.feedback.conftest import PortalKey, give_keys


@pytest.fixture
def portal_key() -> PortalKey:
    return PortalKey()


@pytest.fixture
def hall(running: Running, portal_key: PortalKey) -> Running:
    """A hall whose outbox is a folder, with the portal's key."""
    text = (running.folder / "unit.toml").read_text()
    text = text.replace('adapter = "none"', 'adapter = "folder"\nevery_s = 3600')
    text = text.replace("port = 8080\n", f'port = 8080\npublic_url = "{running.url}"\n')
    (running.folder / "unit.toml").write_text(text)
    give_keys(running.folder, portal_key.public())
    running.start()
    return running


@pytest.fixture
def kiosk(screen: Callable[..., Page], hall: Running) -> Page:
    page = screen(f"/kiosk/?token={hall.token('kiosk', 'kiosk-1')}", 1080, 1920)
    expect(page.locator(".choice").first).to_be_visible()
    return page


def served(hall: Running, language: str = "fr") -> dict[str, Any]:
    """A visit that has just ended at counter 3."""
    kiosk, clerk = hall.token("kiosk", "kiosk-2"), hall.token("manager", "desk")
    made: dict[str, Any] = hall.post(kiosk, "/tickets", {"service": "etat-civil", "language": language}).json()
    for action in ("open", "call-next", "start", "finish"):
        assert hall.post(clerk, f"/counters/3/{action}").status_code == 200
    return made


def rows(hall: Running, query: str) -> list[tuple[Any, ...]]:
    db = open_store(hall.folder / "unit.db")
    found = [tuple(row) for row in db.execute(query)]
    db.close()
    return found


def beside(page: Page, word: str, language: str, clock: bool = False) -> None:
    page.locator(f"[data-beside={word}]").click()
    if clock:
        page.clock.run_for(1000)
    page.locator(f".choice[data-language={language}]").click()


def press(page: Page, letters: str) -> None:
    for letter in letters:
        page.locator(f'.key[data-key="{letter}"]').click()


def test_a_visit_is_rated_at_the_kiosk_by_its_number(kiosk: Page, hall: Running) -> None:
    ticket = served(hall)["ticket"]
    beside(kiosk, "rate", "ar")
    press(kiosk, "A999")
    kiosk.locator("[data-next]").click()
    expect(kiosk.locator(".kiosk-fault")).to_be_visible()
    for _ in range(4):
        kiosk.locator('[data-key="erase"]').click()
    press(kiosk, ticket)
    kiosk.locator("[data-next]").click()
    kiosk.locator("[data-score='1']").click()
    kiosk.locator("[data-why=waiting]").click()
    press(kiosk, "طويل")
    kiosk.locator("[data-next]").click()
    expect(kiosk.locator("[data-thanks]")).to_be_visible()
    expect(kiosk.locator("[data-write]")).to_be_visible()
    assert rows(hall, "SELECT score, reasons, channel FROM ratings") == [(1, '["waiting"]', "kiosk")]


def test_a_face_chosen_by_somebody_who_walks_away_counts(kiosk: Page, hall: Running) -> None:
    visit = served(hall)["visit"]
    kiosk.clock.install()
    beside(kiosk, "rate", "fr", clock=True)
    kiosk.clock.run_for(1000)
    kiosk.locator("#field-ticket").fill(f"{hall.url}/t/{visit}")
    kiosk.keyboard.press("Enter")
    expect(kiosk.locator("[data-score='4']")).to_be_visible()
    kiosk.clock.run_for(1000)
    kiosk.locator("[data-score='4']").click()
    expect(kiosk.locator("[data-why=place]")).to_be_visible()
    with kiosk.expect_response("**/rating"):
        kiosk.clock.run_for(61_000)
    assert rows(hall, "SELECT score, channel FROM ratings") == [(4, "kiosk")]


def test_a_complaint_typed_on_the_screen_is_sealed_and_its_stage_seen(kiosk: Page, hall: Running, portal_key: PortalKey) -> None:
    beside(kiosk, "write_start", "ar")
    kiosk.locator("[data-type=complaint]").click()
    press(kiosk, "الانتظار طويل")
    kiosk.locator("[data-script=zgh]").click()
    press(kiosk, ".")
    kiosk.locator("[data-next]").click()
    kiosk.locator("[data-about=etat-civil]").click()
    press(kiosk, "06")
    kiosk.locator("[data-next]").click()
    expect(kiosk.locator("[data-words]")).to_have_text("الانتظار طويل.")
    kiosk.locator("[data-next]").click()
    expect(kiosk.locator(".kiosk-fault")).to_be_visible()
    expect(kiosk.locator("#field-phone")).to_have_value("06")
    press(kiosk, "12345678")
    kiosk.locator("[data-next]").click()
    kiosk.locator("[data-next]").click()
    reference = kiosk.locator("[data-reference]").inner_text().replace(" ", "")
    ((payload,),) = rows(hall, "SELECT payload FROM deliveries WHERE kind = 'submission'")
    sealed = json.loads(payload)["body"]["sealed"]
    told = {"reference": reference, "text": "الانتظار طويل.", "contact": {"phone": "0612345678"}}
    assert portal_key.open(sealed, reference) == told
    kiosk.locator("[data-reset]").click()
    assert "طويل" not in kiosk.evaluate("document.documentElement.outerHTML")
    beside(kiosk, "follow_start", "fr")
    press(kiosk, reference)
    kiosk.locator("[data-next]").click()
    expect(kiosk.locator("[data-stage=received]")).to_have_attribute("data-reached", "true")
    expect(kiosk.locator("[data-stage=answered]")).to_have_attribute("data-reached", "false")
    expect(kiosk.locator("[data-reached=true] .stages__mark .icon")).to_have_count(kiosk.locator("[data-reached=true]").count())
    expect(kiosk.locator("[data-reached=false] .stages__mark .icon")).to_have_count(0)
    expect(kiosk.locator("[data-stage][aria-current=step]")).to_have_count(1)


def test_nothing_of_a_person_who_walks_away_stays(kiosk: Page, hall: Running) -> None:
    kiosk.clock.install()
    kiosk.reload()
    kiosk.clock.run_for(1000)
    beside(kiosk, "write_start", "fr", clock=True)
    kiosk.clock.run_for(1000)
    kiosk.locator("[data-type=suggestion]").click()
    kiosk.clock.run_for(1000)
    press(kiosk, "secret")
    expect(kiosk.locator("#field-text")).to_have_value("secret")
    kiosk.clock.run_for(181_000)
    expect(kiosk.locator("#field-text")).to_have_count(0)
    assert "secret" not in kiosk.evaluate("document.documentElement.outerHTML")


def test_the_phone_rates_and_is_thanked(browser: Browser, hall: Running) -> None:
    visit = served(hall)["visit"]
    page = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False).new_page()
    page.goto(f"{hall.url}/t/{visit}")
    page.locator(f"a[href='/t/{visit}/rating']").click()
    page.locator(".faces__one--4").click()
    page.locator("form button").click()
    expect(page.locator(".thanks")).to_be_visible()
    assert rows(hall, "SELECT score, channel FROM ratings") == [(4, "phone")]
    page.context.close()


IN_THE_MIDDLE = """link => {
  const text = document.createRange(), box = link.getBoundingClientRect();
  text.selectNodeContents(link);
  const words = text.getBoundingClientRect();
  return Math.abs((words.top + words.bottom) / 2 - (box.top + box.bottom) / 2) < 2;
}"""
INSIDE = """box => box.querySelector("legend").getBoundingClientRect().top > box.getBoundingClientRect().top"""


@pytest.mark.parametrize("language", ["ar", "zgh", "fr"])
def test_words_stand_inside_their_boxes_on_a_small_phone(screen: Callable[..., Page], hall: Running, language: str) -> None:
    visit = served(hall, language)["visit"]
    page = screen(f"/t/{visit}", 360, 740)
    write = page.locator(".help .button")
    assert write.evaluate(IN_THE_MIDDLE)
    with page.expect_navigation():
        write.click()
    assert page.locator(".contact").evaluate(INSIDE)
