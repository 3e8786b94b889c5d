"""`python -m tests.bench.screens [display] [kiosk] [memory]`: the pages in Chromium. A benchmark, not a test."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from server.operations.making import make_unit
from tests.bench.__main__ import row
from tests.chromium import launched
from tests.running import Running
from tests.screens.memory import held, take_tickets

LOADS, CALLS = 20, 200
TICKETS = (50, 500)
"""After how many tickets the memory of the kiosk's page is told."""
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


@contextmanager
def browser_page() -> Iterator[Page]:
    """Debian's Chromium with one page."""
    with sync_playwright() as playwright:
        browser = launched(playwright)
        yield browser.new_page(viewport={"width": 1080, "height": 1920})
        browser.close()


def kiosk(page: Page, running: Running) -> None:
    """Ready on a warm cache, and shifts of the layout."""
    page.goto(f"{running.url}/kiosk/?token={running.token('kiosk', 'kiosk-1')}")
    ready, shifts = [], 0.0
    for _ in range(LOADS):
        page.reload()
        page.locator(".choice").first.wait_for()
        ready.append(page.evaluate("performance.now()"))
        shifts = max(shifts, page.evaluate(SHIFTS))
    row("kiosk page, warm cache → its buttons are there", ready)
    print(f"layout shift of the kiosk's page, largest of {LOADS} loads: {shifts:.4f}")


def memory(page: Page, running: Running) -> None:
    """What the kiosk's page holds after some tickets and after many, taken at the page itself."""
    page.clock.install()
    page.goto(f"{running.url}/kiosk/?token={running.token('kiosk', 'kiosk-1')}")
    page.clock.run_for(1000)
    session, taken = page.context.new_cdp_session(page), 0
    for count in TICKETS:
        take_tickets(page, count - taken)
        taken, now = count, held(session)
        print(
            f"the kiosk's page after {count} tickets: {now.heap / 1e6:.2f} MB of heap, {now.nodes} nodes, {now.listeners} listeners"
        )


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


PARTS = {"display": display, "kiosk": kiosk, "memory": memory}


def main(*parts: str) -> None:
    with tempfile.TemporaryDirectory(prefix="istiqbal-bench-") as name:
        make_unit(Path(name) / "unit", "annexe")
        running = Running(Path(name) / "unit")
        running.unlimited()
        running.start()
        try:
            for part in parts or PARTS:
                with browser_page() as page:
                    PARTS[part](page, running)
        finally:
            running.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
