"""The hall's display: empty, with calls, with media and results, for a far seat, with many services, without its server."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.screens.pictures.studio import TALL, WIDE, Size, Studio, many_services, poster

SIZES: dict[str, Size] = {"tall": TALL, "wide": WIDE, "small": (1366, 768)}
TURNS = ("ar", "zgh", "fr")
STEP_MS, ROUND_MS = 4000, 240_000
"""How far the clock leaps at once, and within which time every item was shown in every language's turn."""


def pictures(studio: Studio) -> None:
    studio.write("UPDATE legs SET state = 'cancelled' WHERE state IN ('called', 'serving', 'waiting')")
    everywhere(studio, "quiet", calls=False)
    call_everybody(studio)
    for language in TURNS:
        for _ in range(4):
            studio.ticket(language)
    everywhere(studio, "calls", turns=TURNS)
    for size, dots in SIZES.items():
        called(studio, size, dots)
    poster(studio)
    everywhere(studio, "picture")
    everywhere(studio, "text", until=".media__text")
    studio.form("/manager/media/1", data={"act": "remove"})
    studio.form("/manager/media/2", data={"act": "remove"})
    studio.results(on=True)
    everywhere(studio, "results", turns=TURNS)
    studio.results(on=False)
    for distance, diagonal in ((10, 55), (6, 32)):
        studio.reading(str(distance), str(diagonal))
        everywhere(studio, f"from-{distance}m-on-{diagonal}")
    studio.reading("", "")
    many_services(studio)
    everywhere(studio, "many", turns=TURNS)
    lost(studio)


def call_everybody(studio: Studio) -> None:
    """Somebody is called at each counter, today: a sweep may begin the day before."""
    for counter in (1, 2, 3, 4):
        studio.ticket()
        studio.at(counter, "open", "start", "finish", "call-next")


def everywhere(studio: Studio, called: str, turns: tuple[str, ...] = ("ar",), until: str = ".now", calls: bool = True) -> None:
    """Wide, tall and small, in each of these languages' turns while `until` is shown, with calls made just before, or without."""
    for size, dots in SIZES.items():
        names = {language: f"display-{size}-{called}-{language}" for language in turns}
        if not any(map(studio.wanted, names.values())):
            continue
        if calls:
            call_everybody(studio)
        with studio.page("/healthz", dots) as page:
            page.clock.install()
            page.goto(f"{studio.running.url}/display/?token={studio.running.token('display', 'display-1')}")
            page.clock.run_for(1000)
            expect(page.locator(".now")).to_be_visible()
            page.clock.run_for(500)
            for language, name in names.items():
                in_turn(page, language, until)
                if calls:
                    expect(page.locator("[data-ticket]")).to_be_visible()
                decoded(page)
                studio.take(page, name)


def in_turn(page: Page, language: str, until: str) -> None:
    """Wait until it is this language's turn and `until` is shown."""
    turn = page.locator(f".queue__text[lang={language}]")
    for _ in range(0, ROUND_MS, STEP_MS):
        if turn.count() and page.locator(until).is_visible():
            break
        later(page, STEP_MS)
    expect(turn).not_to_have_count(0)
    expect(page.locator(until)).to_be_visible()


def later(page: Page, ms: int) -> None:
    """The page's clock leaps, the server's does not: it is connected anew, lest its silence count as a lost connection."""
    page.clock.run_for(ms)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    page.clock.run_for(500)
    expect(page.locator(".now")).to_be_visible()


def decoded(page: Page) -> None:
    """Pictures that are shown are there."""
    page.evaluate("Promise.all([...document.images].map((one) => one.decode().catch(() => 0)))")


def drawn(page: Page) -> None:
    """The file of the signs is there, as on a screen that has been on for more than a moment."""
    page.wait_for_function("[...document.querySelectorAll('.icon use')].some((one) => one.getBBox().width > 0)")


def called(studio: Studio, size: str, dots: Size) -> None:
    """A call comes while the display is open."""
    with studio.page(f"/display/?token={studio.running.token('display', 'display-1')}", dots) as page:
        expect(page.locator(".queue").first).to_be_visible()
        studio.ticket()
        studio.at(1, "start", "finish", "call-next")
        expect(page.locator(".now--flash")).to_be_visible(timeout=15_000)
        studio.take(page, f"display-{size}-a-call-comes")


def lost(studio: Studio) -> None:
    """The server is gone; nothing comes after this."""
    for size, dots in SIZES.items():
        with studio.page(f"/display/?token={studio.running.token('display', 'display-1')}", dots) as page:
            expect(page.locator(".now")).to_be_visible()
            drawn(page)
            studio.running.kill()
            expect(page.locator(".curtain")).to_be_visible(timeout=15_000)
            studio.take(page, f"display-{size}-lost")
        studio.running.start()
    for size, dots in SIZES.items():
        with studio.page(f"/kiosk/?token={studio.running.token('kiosk', 'kiosk-1')}", dots) as page:
            expect(page.locator(".choice").first).to_be_visible()
            drawn(page)
            studio.running.kill()
            expect(page.locator(".curtain")).to_be_visible(timeout=15_000)
            studio.take(page, f"kiosk-{size}-lost")
        studio.running.start()
    for size, dots in SIZES.items():
        for screen in ("kiosk", "display"):
            with studio.page(f"/{screen}/", dots) as page:
                studio.take(page, f"{screen}-{size}-not-paired")
