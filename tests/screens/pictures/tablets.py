"""The rating tablet at a counter: at rest, each question, a complaint, without its server; upright and lying, large letters."""

from __future__ import annotations

import itertools

from playwright.sync_api import Page, expect

from tests.screens.pictures.studio import LANGUAGES, Size, Studio, settled

COUNTER = 1
SIZES: dict[str, Size] = {"lying": (1280, 800), "upright": (800, 1280), "small": (1024, 600)}
MODES = ("plain", "strong")


def pictures(studio: Studio) -> None:
    address = f"/counter/{COUNTER}/rating?token={studio.running.token('tablet', 'tablet-1')}"
    for (size, dots), mode, language in itertools.product(SIZES.items(), MODES, LANGUAGES):
        name = f"tablet-{size}-{mode}-{language}"
        if studio.wanted(name):
            with studio.page(address, dots) as page:
                _walk(studio, page, language, mode, name)
    with studio.page(address, SIZES["lying"]) as page:
        expect(page.locator(".rest")).to_be_visible()
        studio.running.kill()
        expect(page.locator(".curtain")).to_be_visible(timeout=15_000)
        studio.take(page, "tablet-lying-plain-lost")


def _walk(studio: Studio, page: Page, language: str, mode: str, name: str) -> None:
    def at(called: str) -> None:
        settled(page)
        studio.take(page, f"{name}-{called}")

    def touch(what: str, then: str) -> None:
        page.locator(what).first.click()
        expect(page.locator(then).first).to_be_visible()
        settled(page)

    expect(page.locator(".rest")).to_be_visible()
    at("1-rest")
    studio.served(language)
    expect(page.locator("[data-score]").first).to_be_visible()
    settled(page)
    if mode == "strong":
        page.locator("[data-mode=strong]").click()
    at("2-faces")
    touch("[data-score='1']", "[data-why]")
    at("3-why")
    touch("[data-why=welcome]", ".key")
    at("4-comment")
    touch("[data-next]", "[data-thanks]")
    at("5-thanks")
    touch("[data-write]", "[data-type], .key")
    at("6-complaint")
