"""The kiosk at every step, in every language, mode and orientation, and in every trouble."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Error, Page, expect

from tests.screens.pictures.studio import LANGUAGES, SMALL, TALL, WIDE, Size, Studio, many_services, settled, under_headings

MODES: dict[str, tuple[str, ...]] = {
    "plain": (), "strong": ("strong",), "low": ("low",), "both": ("strong", "low"), "audio": ("audio",),
}  # fmt: skip
SIZES: dict[str, Size] = {"tall": TALL, "wide": WIDE, "small": SMALL}


def pictures(studio: Studio) -> None:
    for (mode, pressed), (size, dots) in itertools.product(MODES.items(), SIZES.items()):
        for language in LANGUAGES:
            name = f"kiosk-{size}-{mode}-{language}"
            if (mode == "audio" and size == "wide") or not studio.wanted(name):
                continue  # spoken mode is as plain, with one button pressed: looked at tall and small
            with studio.page(f"/kiosk/?token={studio.running.token('kiosk', 'kiosk-1')}", dots) as page:
                Walk(studio, page, language, pressed, name).all()


class Walk:
    """One person's way through all of it."""

    def __init__(self, studio: Studio, page: Page, language: str, modes: tuple[str, ...], name: str) -> None:
        self.studio, self.page, self.language, self.modes, self.name = studio, page, language, modes, name
        self.number = 0

    def step(self, touch: str, called: str, wait: str | None = None) -> None:
        """Touch, wait until it is there, take the picture."""
        if touch:
            self.page.locator(touch).first.click()
        if wait:
            expect(self.page.locator(wait).first).to_be_visible(timeout=15_000)
        settled(self.page)
        self.number += 1
        self.studio.take(self.page, f"{self.name}-{self.number:02d}-{called}")

    def begin(self) -> None:
        expect(self.page.locator(".choice, .closed").first).to_be_visible()
        for mode in self.modes:
            self.page.locator(f"[data-mode={mode}]").click()
        settled(self.page)

    def again(self) -> None:
        """The next person, in the same modes."""
        self.page.reload()
        self.begin()

    def press(self, letters: str) -> None:
        for letter in letters:
            self.page.locator(f'.key[data-key="{letter}"]').click()

    def all(self) -> None:
        for part in (self.ticket, self.information, self.rating, self.writing):
            try:
                self.again()
                part()
            except Error as error:
                self.studio.missed(f"{self.name}: {part.__name__}: {error.message.splitlines()[0]}")

    def ticket(self) -> None:
        self.step("", "start")
        self.step(f".choice[lang={self.language}]", "services", ".service")
        self.step("[data-service=etat-civil]", "before", "[data-take]")
        self.step("[data-priority]", "priority", ".reason")
        self.step("[data-reason=elderly]", "ticket", "[data-ticket]")

    def information(self) -> None:
        self.step("[data-beside=information]", "information")
        tab = self.page.locator(f".tabs [lang={self.language}]")
        if tab.count():
            tab.first.click()
            self.step("", "information-own")

    def rating(self) -> None:
        ticket = self.studio.served(self.language)
        self.page.locator("[data-beside=rate]").click()
        settled(self.page)
        self.step(f".choice[data-language={self.language}]", "rate-which", ".key")
        self.press(ticket)
        self.page.locator("[data-next]").click()
        try:
            expect(self.page.locator("[data-score]").first).to_be_visible(timeout=10_000)
        except AssertionError:
            self.step("", "rate-unknown")
            return
        self.step("", "rate-faces", "[data-score]")
        self.step("[data-score='2']", "rate-why", "[data-why]")
        self.step("[data-why=waiting]", "rate-comment", ".key")
        self.step("[data-next]", "rate-thanks", "[data-thanks]")

    def writing(self) -> None:
        self.page.locator("[data-beside=write_start]").click()
        settled(self.page)
        self.step(f".choice[data-language={self.language}]", "write-type", "[data-type]")
        self.step("[data-type=complaint]", "write-text", ".key")
        self.page.locator("#field-text").fill("الانتظار طويل · ⴰⵔⴰⵊⵓ · L’attente est longue. " * 3)
        self.step("[data-next]", "write-about", "[data-about]")
        self.step("[data-about]", "write-contact", "#field-phone")
        self.step("[data-next]", "write-check", "[data-words]")
        self.step("[data-next]", "write-done", "[data-reference]")
        reference = self.page.locator("[data-reference]").inner_text()
        self.again()
        self.page.locator("[data-beside=follow_start]").click()
        settled(self.page)
        self.step(f".choice[data-language={self.language}]", "follow-which", ".key")
        self.page.locator(".kiosk-field").first.fill(reference)
        self.step("[data-next]", "follow-stage", "[data-stage]")


def troubles(studio: Studio) -> None:
    """No paper, the warning before it clears, many services, those under headings, closed."""
    for name, dots, pressed, language in each_way(studio, "trouble"):
        no_paper(studio, dots, pressed, language, name)
        still_there(studio, dots, pressed, language, name)
    many_services(studio)
    for name, dots, pressed, language in each_way(studio, "many"):
        with walked(studio, name, dots, pressed, language) as walk:
            walk.step(f".choice[lang={language}]", "services", ".service")
            walk.page.locator("[data-page=next]").click()
            walk.step("[data-page=next]", "more", ".service")
            walk.step(".service", "before", "[data-take]")
            walk.step("[data-take]", "ticket", "[data-ticket]")
    under_headings(studio)
    for name, dots, pressed, language in each_way(studio, "headed"):
        with walked(studio, name, dots, pressed, language) as walk:
            walk.step(f".choice[lang={language}]", "headings", ".service--heading")
            walk.step(".service--heading", "services", ".service:not(.service--heading)")
    studio.form("/manager/hours", data={"part": "week", "revision": studio.revision("/manager/hours"), "kept": "on"})
    for name, dots, pressed, language in each_way(studio, "closed"):
        with walked(studio, name, dots, pressed, language) as walk:
            walk.step("", "closed", ".closed")


def each_way(studio: Studio, called: str) -> Iterator[tuple[str, Size, tuple[str, ...], str]]:
    """Name, size, modes and language of the walks whose pictures are wanted, but for spoken mode."""
    for (size, dots), (mode, pressed), language in itertools.product(SIZES.items(), MODES.items(), LANGUAGES):
        name = f"{called}-{size}-{mode}-{language}"
        if mode != "audio" and studio.wanted(name):
            yield name, dots, pressed, language


@contextmanager
def walked(
    studio: Studio, name: str, dots: Size, pressed: tuple[str, ...], language: str, kiosk: str = "kiosk-1"
) -> Iterator[Walk]:
    """Someone before a kiosk, who has chosen those modes and no language yet."""
    with studio.page(f"/kiosk/?token={studio.running.token('kiosk', kiosk)}", dots) as page:
        walk = Walk(studio, page, language, pressed, name)
        walk.begin()
        yield walk


def no_paper(studio: Studio, dots: Size, pressed: tuple[str, ...], language: str, name: str) -> None:
    with walked(studio, name, dots, pressed, language, "kiosk-2") as walk:
        for touch in (f".choice[lang={language}]", "[data-service=etat-civil]"):
            walk.page.locator(touch).click()
            settled(walk.page)
        walk.step("[data-take]", "no-paper", ".slip__paper--none")


def still_there(studio: Studio, dots: Size, pressed: tuple[str, ...], language: str, name: str) -> None:
    """The last seconds before it clears."""
    with studio.page("/healthz", dots) as page:
        page.clock.install()
        page.goto(f"{studio.running.url}/kiosk/?token={studio.running.token('kiosk', 'kiosk-1')}")
        page.clock.run_for(1000)
        for mode in pressed:
            page.locator(f"[data-mode={mode}]").click()
        page.locator(f".choice[lang={language}]").click()
        page.clock.run_for(45_000)
        expect(page.locator(".still")).to_be_visible()
        studio.take(page, f"{name}-still-there")
