"""The kiosk at every step, in every language, mode and orientation, and in every trouble."""

from __future__ import annotations

import itertools

from playwright.sync_api import Error, Page, expect

from tests.screens.pictures.studio import LANGUAGES, SMALL, TALL, WIDE, Size, Studio, many_services, settled

MODES: dict[str, tuple[str, ...]] = {
    "plain": (), "strong": ("strong",), "low": ("low",), "both": ("strong", "low"), "audio": ("audio",),
}  # fmt: skip
SIZES: dict[str, Size] = {"tall": TALL, "wide": WIDE, "small": SMALL}
HOURS_OF_NO_DAY = {"part": "week", "revision": "2", "kept": "on"}


def pictures(studio: Studio) -> None:
    for (mode, pressed), (size, dots) in itertools.product(MODES.items(), SIZES.items()):
        for language in LANGUAGES:
            name = f"kiosk-{size}-{mode}-{language}"
            if (mode == "audio" and size == "wide") or not studio.wanted(name):
                continue  # spoken mode is as plain, with one button pressed: looked at tall and small
            with studio.page(f"/kiosk/?token={studio.running.token('kiosk', 'kiosk-1')}", dots) as page:
                Walk(studio, page, language, pressed, name).all()
    if studio.wanted("troubles"):
        troubles(studio)


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
    """No paper, the warning before it clears, many services, refused, closed, offline."""
    for (size, dots), (mode, pressed), language in itertools.product(SIZES.items(), MODES.items(), LANGUAGES):
        if mode == "audio" or (mode in ("low", "strong") and size == "wide"):
            continue
        name = f"trouble-{size}-{mode}-{language}"
        with studio.page(f"/kiosk/?token={studio.running.token('kiosk', 'kiosk-2')}", dots) as page:
            walk = Walk(studio, page, language, pressed, name)
            walk.begin()
            for touch in (f".choice[lang={language}]", "[data-service=etat-civil]"):
                page.locator(touch).click()
                settled(page)
            walk.step("[data-take]", "no-paper", ".slip__paper--none")
        still_there(studio, dots, pressed, language, name)
    many_services(studio)
    for (size, dots), (mode, pressed), language in itertools.product(SIZES.items(), MODES.items(), LANGUAGES):
        if mode != "audio":
            with studio.page(f"/kiosk/?token={studio.running.token('kiosk', 'kiosk-1')}", dots) as page:
                walk = Walk(studio, page, language, pressed, f"many-{size}-{mode}-{language}")
                walk.begin()
                walk.step(f".choice[lang={language}]", "services", ".service")
                page.locator("[data-page=next]").click()
                walk.step("[data-page=next]", "more", ".service")
                walk.step(".service", "before", "[data-take]")
                walk.step("[data-take]", "ticket", "[data-ticket]")
    studio.form("/manager/hours", data=HOURS_OF_NO_DAY)
    for (size, dots), (mode, pressed) in itertools.product(SIZES.items(), MODES.items()):
        if mode != "audio":
            with studio.page(f"/kiosk/?token={studio.running.token('kiosk', 'kiosk-1')}", dots) as page:
                walk = Walk(studio, page, "fr", pressed, f"closed-{size}-{mode}")
                walk.begin()
                walk.step("", "closed", ".closed")
    studio.running.kill()


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
