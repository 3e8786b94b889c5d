"""What a page holds in memory once all that is no longer used has been thrown away."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import CDPSession, Page, expect

TOUCHES = (".choice[lang=fr]", "[data-service=legalisation]", "[data-take]", "[data-ticket]", "[data-reset]")
SETTLED_MS = 400


@dataclass(frozen=True, slots=True)
class Held:
    """Heap of the script in bytes; nodes of the document and listeners, those that only the script still knows among them."""

    heap: int
    nodes: int
    listeners: int


def held(session: CDPSession) -> Held:
    """After the garbage was collected twice: what the first round frees may hold something that the second frees."""
    session.send("Performance.enable")
    for _ in range(2):
        session.send("HeapProfiler.collectGarbage")
    found = {one["name"]: int(one["value"]) for one in session.send("Performance.getMetrics")["metrics"]}
    return Held(found["JSHeapUsedSize"], found["Nodes"], found["JSEventListeners"])


def take_tickets(page: Page, count: int) -> None:
    """That many people take a ticket at a kiosk whose clock is told the time, each from the first screen to the first screen."""
    for _ in range(count):
        for touch in TOUCHES:
            page.locator(touch).click()
            page.clock.run_for(SETTLED_MS)
        expect(page.locator(".choice").first).to_be_visible()
