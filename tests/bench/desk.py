"""`python -m tests.bench.desk`: what a clerk waits for in a whole cycle (next, start, finish) at the real screen. Not a test."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.bench.__main__ import row
from tests.bench.calls import unit_with
from tests.chromium import launched
from tests.running import Running

WAITING, COUNTERS, CYCLES, WARM_UP = 120, 40, 100, 10
CYCLE = {"n": ".current--called [data-ticket]", "s": ".current--serving [data-ticket]", "f": ".current__empty"}
"""The keys, and what stands in the page when the server's answer to each is drawn."""
DRAWN = """selector => {
  window.drawn = new Promise(done => addEventListener("keydown", ({ timeStamp }) => {
    const look = () => document.querySelector(selector) && (watch.disconnect(), done(performance.now() - timeStamp));
    const watch = new MutationObserver(look);
    watch.observe(document.body, { childList: true, subtree: true, attributes: true });
  }, { once: true, capture: true }));
}"""


def sit_down(page: Page, running: Running) -> None:
    """Sign in as a clerk, choose the first counter, open it."""
    running.person("salma", "clerk")
    page.goto(f"{running.url}/sign-in?next=/counter/")
    page.locator("[name=login]").fill("salma")
    page.locator("[name=password]").fill("a good password")
    page.keyboard.press("Enter")
    page.locator("[data-counter]").first.click()
    page.locator("button:has(kbd:text-is('O')):enabled").wait_for()
    page.keyboard.press("o")
    page.locator("button:has(kbd:text-is('N')):enabled").wait_for()


def cycle(page: Page) -> list[float]:
    """Milliseconds that each of the three presses waited."""
    waits = []
    for key, drawn in CYCLE.items():
        page.evaluate(DRAWN, drawn)
        page.keyboard.press(key)
        waits.append(page.evaluate("window.drawn"))
    return waits


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="istiqbal-desk-") as name, sync_playwright() as playwright:
        running = Running(unit_with(Path(name) / "unit", WAITING, COUNTERS))
        running.start()
        browser = launched(playwright)
        try:
            page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="fr-MA")
            sit_down(page, running)
            cycles = [cycle(page) for _ in range(CYCLES)][WARM_UP:]
        finally:
            browser.close()
            running.stop()
    for number, key in enumerate(CYCLE):
        row(f"key {key} → its outcome is on the clerk's screen", [one[number] for one in cycles])
    row("next, start, finish: waited in all", [sum(one) for one in cycles])


if __name__ == "__main__":
    main()
