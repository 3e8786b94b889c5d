"""An answer that is waited for at the kiosk is for the person who asked, and for nobody after them."""

from __future__ import annotations

from playwright.sync_api import Page, Route, expect

from tests.screens.kiosk.opened import Kiosk, settled

TOLD = {
    "type": "Réclamation",
    "reference": "ABCD EFGH",
    "steps": [{"stage": "received", "word": "Reçue", "day": "23 novembre", "reached": True}],
    "due": None,
    "answer": None,
}


def held(page: Page, address: str) -> list[Route]:
    """Requests to an address wait here until the test answers them."""
    waiting: list[Route] = []
    page.route(address, lambda route: waiting.append(route))
    return waiting


def asked(page: Page, word: str, field: str, address: str) -> Route:
    """Somebody asks something in French; the request that waits for its answer."""
    waiting = held(page, address)
    page.locator(f"[data-beside={word}]").click()
    page.locator(".choice[data-language=fr]").click()
    settled(page)
    page.locator(f"#field-{field}").fill("A001")
    with page.expect_request(address):
        page.locator("[data-next]").click()
    expect(page.locator(".moment")).to_be_visible()
    return waiting[0]


def nobody_can_leave(page: Page) -> None:
    expect(page.locator(".moment")).to_be_visible()
    settled(page)
    expect(page.locator("[data-reset]")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator(".moment")).to_be_visible()
    expect(page.locator(".choice")).to_have_count(0)


def test_how_far_a_complaint_is_comes_while_its_own_person_waits(kiosk: Kiosk) -> None:
    page = kiosk()
    request = asked(page, "follow_start", "reference", "**/kiosk/stage/fr")
    nobody_can_leave(page)
    request.fulfill(json={"told": TOLD})
    expect(page.locator(".stages__one")).to_be_visible()


def test_the_visit_to_be_rated_is_found_while_its_own_visitor_waits(kiosk: Kiosk) -> None:
    page = kiosk()
    request = asked(page, "rate", "ticket", "**/api/v1/ratings/visit")
    nobody_can_leave(page)
    request.fulfill(json={"visit": "v"})
    expect(page.locator("[data-score='4']")).to_be_visible()


def test_a_question_without_an_answer_is_given_up_and_the_next_person_gets_a_ticket(kiosk: Kiosk) -> None:
    page = kiosk()
    page.evaluate(
        """() => {
          const timeout = AbortSignal.timeout.bind(AbortSignal);
          AbortSignal.timeout = (ms) => timeout(ms / 50);
        }"""
    )
    asked(page, "follow_start", "reference", "**/kiosk/stage/fr")
    expect(page.locator(".kiosk-fault")).to_be_visible()
    expect(page.locator("#field-reference")).to_have_value("A001")
    for touch in ("[data-reset]", ".choice[lang=fr]", "[data-service=legalisation]", "[data-take]"):
        settled(page)
        page.locator(touch).click()
    expect(page.locator("[data-ticket]")).to_have_text("B001")


DROPPED = """async () => {
  const address = performance.getEntriesByType("resource").map((one) => one.name).find((name) => name.endsWith("/answers.js"));
  const { Answers } = await import(address);
  const views = [], told = [];
  const answers = new Answers((changes) => views.push(changes.view));
  let answer;
  const under_way = answers.ask(() => new Promise((done) => { answer = done; }), (given) => told.push(given));
  answers.forget();
  answer("late");
  await under_way;
  await answers.ask(async () => "in time", (given) => told.push(given));
  return { views, told };
}"""


def test_an_answer_that_comes_when_its_person_has_gone_is_told_to_nobody(kiosk: Kiosk) -> None:
    assert kiosk().evaluate(DROPPED) == {"views": ["sending", "sending"], "told": ["in time"]}
