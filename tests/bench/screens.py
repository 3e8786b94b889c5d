"""`python -m tests.bench.screens`: the kiosk's and the display's pages in Chromium. A benchmark, not a test."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from server.operations.making import make_unit
from tests.bench.__main__ import row
from tests.running import Running

LOADS, TICKETS, CALLS = 20, 500, 100
WARM_UP = 20
SETTLED_MS = 400
SHIFTS = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => { for (const one of list.getEntries()) sum += one.value })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 300);
})"""
WATCH = """ticket => new Promise(done => {
  const seen = () => document.querySelector("[data-ticket]")?.textContent === ticket;
  const look = () => seen() && done(performance.timeOrigin + performance.now());
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
  look();
})"""
HEAP = "() => performance.memory.usedJSHeapSize / 1e6"


@contextmanager
def browser_page() -> Iterator[Page]:
    """Debian's Chromium, which says how much memory a page has."""
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--enable-precise-memory-info", "--js-flags=--expose-gc"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        yield browser.new_page(viewport={"width": 1080, "height": 1920})
        browser.close()


def kiosk(page: Page, running: Running) -> None:
    """Ready on a warm cache, shifts of the layout, and memory over many tickets."""
    page.goto(f"{running.url}/kiosk/?token={running.token('kiosk', 'kiosk-1')}")
    ready, shifts = [], 0.0
    for _ in range(LOADS):
        page.reload()
        page.locator(".choice").first.wait_for()
        ready.append(page.evaluate("performance.now()"))
        shifts = max(shifts, page.evaluate(SHIFTS))
    row("kiosk page, warm cache → its buttons are there", ready)
    print(f"layout shift of the kiosk's page, largest of {LOADS} loads: {shifts:.4f}")
    page.clock.install()
    heap = []
    for number in range(TICKETS):
        for step in (".choice[lang=fr]", "[data-service=legalisation]", "[data-take]", "[data-ticket]"):
            page.locator(step).click()
            page.clock.run_for(400)
        page.locator("[data-reset]").click()
        page.clock.run_for(400)
        if number + 1 in (WARM_UP, TICKETS):
            page.evaluate("gc()")
            heap.append(page.evaluate(HEAP))
    print(f"memory of the kiosk's page: {heap[0]:.1f} MB after {WARM_UP} tickets, {heap[1]:.1f} MB after {TICKETS}")


def display(page: Page, running: Running) -> None:
    """From the press at the counter (the request is sent) to the number in the display's page, both by this machine's clock."""
    token, clerk = running.token("kiosk", "kiosk-1"), running.token("clerk", "c")
    running.post(clerk, "/counters/1/open")
    lags = []
    for _ in range(CALLS):
        ticket = running.post(token, "/tickets", {"service": "etat-civil", "language": "ar"}).json()["ticket"]
        page.goto(f"{running.url}/display/?token={running.token('display', 'd')}")
        page.locator(".queues").wait_for()
        page.wait_for_timeout(SETTLED_MS)
        page.evaluate(f"window.seen = ({WATCH})({ticket!r}); 0")
        pressed = time.time() * 1000
        running.post(clerk, "/counters/1/call-next")
        lags.append(page.evaluate("window.seen") - pressed)
        for action in ("start", "finish"):
            running.post(clerk, f"/counters/1/{action}")
    row("call pressed → number in the display's page", lags)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="istiqbal-bench-") as name:
        make_unit(Path(name) / "unit", "annexe")
        running = Running(Path(name) / "unit")
        running.start()
        try:
            with browser_page() as page:
                display(page, running)
                kiosk(page, running)
        finally:
            running.stop()


if __name__ == "__main__":
    main()
