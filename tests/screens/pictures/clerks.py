"""A clerk's day at a counter, by keys: each state, each dialog and each list, in every language, light and dark."""

from __future__ import annotations

import itertools

from playwright.sync_api import Page, expect

from tests.screens.counter.keys import ask, nobody_here, press
from tests.screens.pictures.staff import signed_in
from tests.screens.pictures.studio import LANGUAGES, SCHEMES, Size, Studio

SIZES: dict[str, Size] = {"desk": (1366, 900), "low": (1280, 720)}
COUNTER = 2
SERVICES = ("etat-civil", "legalisation", "residence", "copies-conformes")


def pictures(studio: Studio) -> None:
    for language, scheme in itertools.product(LANGUAGES, SCHEMES):
        name = f"counter-{language}-{scheme}"
        if studio.wanted(name):
            with signed_in(studio, "salma", "/counter/", language, scheme) as page:
                _Day(studio, page, language, name).all()


class _Day:
    """From the choice of a counter to its closing."""

    def __init__(self, studio: Studio, page: Page, language: str, name: str) -> None:
        self.studio, self.page, self.language, self.name = studio, page, language, name
        self.number = 0

    def look(self, called: str) -> None:
        """Pictures of what the screen shows, at each size."""
        self.number += 1
        for size, (width, height) in SIZES.items():
            self.page.set_viewport_size({"width": width, "height": height})
            self.studio.take(self.page, f"{self.name}-{size}-{self.number:02d}-{called}")

    def asked(self, key: str, called: str) -> None:
        """A picture of what a key asks first."""
        ask(self.page, key)
        self.look(called)

    def given_up(self) -> None:
        self.page.keyboard.press("Escape")
        expect(self.page.locator("dialog")).to_have_count(0)

    def at(self, state: str) -> None:
        expect(self.page.locator(f".current--{state}")).to_be_visible()

    def all(self) -> None:
        self.opens()
        self.calls_and_serves()
        self.absent_and_aside()
        self.pauses()

    def opens(self) -> None:
        expect(self.page.locator("[data-counter]").first).to_be_visible()
        self.look("choose")
        self.page.goto(f"{self.studio.running.url}/counter/3")
        expect(self.page.locator("[data-waiting]")).to_be_visible()
        self.look("of-another-clerk")
        self.page.goto(f"{self.studio.running.url}/counter/{COUNTER}")
        expect(self.page.locator("[data-waiting]")).to_be_visible()
        self.look("closed")
        for service in SERVICES:
            self.studio.ticket(self.language, service)
        press(self.page, "o")
        expect(self.page.locator("[data-action=call-next]")).to_be_enabled()
        self.look("open")

    def calls_and_serves(self) -> None:
        press(self.page, "n")
        self.at("called")
        press(self.page, "r")
        expect(self.page.locator(".facts")).to_contain_text("1 ×")
        self.look("called")
        press(self.page, "s")
        self.at("serving")
        self.look("serving")
        for key, called in (("k", "park"), ("t", "transfer"), ("e", "finish-as")):
            self.asked(key, called)
            self.given_up()
        press(self.page, "?")
        expect(self.page.locator("dialog")).to_be_visible()
        self.look("keys")
        self.given_up()
        press(self.page, "f")
        nobody_here(self.page)
        self.look("finished")

    def absent_and_aside(self) -> None:
        press(self.page, "n")
        self.at("called")
        press(self.page, "x")
        nobody_here(self.page)
        press(self.page, "n")
        self.at("called")
        ask(self.page, "k")
        self.page.keyboard.press("1")
        nobody_here(self.page)
        self.look("aside")
        self.asked("b", "put-back")
        self.given_up()
        self.asked("i", "take-up")
        self.given_up()
        self.asked("g", "chosen")
        self.page.keyboard.type("9999")
        self.page.keyboard.press("Enter")
        self.look("chosen-unknown")
        self.given_up()
        self.page.locator("[data-call]").first.click()
        expect(self.page.locator("dialog .dialog__ticket")).to_be_visible()
        self.look("chosen-reason")
        self.page.keyboard.press("Enter")
        expect(self.page.locator(".dialog__missing")).not_to_be_empty()
        self.look("chosen-reason-missing")
        self.given_up()
        self.asked("d", "without-a-ticket")
        self.given_up()
        press(self.page, "l")
        self.look("whole-hall")
        press(self.page, "l")

    def pauses(self) -> None:
        self.asked("p", "pause")
        self.page.keyboard.press("1")
        expect(self.page.locator("[data-reason]")).to_be_visible()
        self.look("paused")
        press(self.page, "c")
        expect(self.page.locator("[data-action=open]")).to_be_enabled()
