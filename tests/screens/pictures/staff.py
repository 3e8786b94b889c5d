"""The manager's pages and the sign-in, in every language, light and dark."""

from __future__ import annotations

import itertools

from playwright.sync_api import Page

from manager.sections import SECTIONS
from manager.setup.words import ADD
from manager.setup.words import SECTIONS as PARTS
from tests.screens.pictures.studio import DESK, LANGUAGES, PASSWORD, SCHEMES, Studio, poster

MORE = (
    "/manager/reports/settings", "/manager/voice/clip/ar/n-4", "/manager/setup/changes",
    "/manager/setup/file", "/manager/setup/services/edit?id=etat-civil",
    "/manager/setup/kiosks/edit?id=kiosk-1", "/manager/setup/displays/edit?id=display-1", "/manager/setup/counters/edit?id=3",
    "/manager/people/1", "/my-password",
)  # fmt: skip


def pages() -> list[str]:
    """Every page of the manager's that a menu or a list leads to."""
    lists = [f"/manager/setup/{part}" for part in PARTS]
    forms = [f"/manager/setup/{part}/edit" for part in ADD]
    return [*(path for path, _ in SECTIONS), *lists, *forms, *MORE]


def pictures(studio: Studio) -> None:
    changed(studio)
    for language, scheme in itertools.product(LANGUAGES, SCHEMES):
        with signed_in(studio, "brahim", "/manager/", language, scheme) as page:
            for path in (*pages(), "/manager/printers/hall-1"):
                if not studio.wanted(f"manager-{language}-{scheme}-{file_name(path)}"):
                    continue
                page.goto(studio.running.url + path)
                page.wait_for_timeout(150)
                studio.take(page, f"manager-{language}-{scheme}-{file_name(path)}", whole=True)


def changed(studio: Studio) -> None:
    """Something for the list of changes to tell of."""
    poster(studio)
    studio.form("/manager/media/2", data={"act": "earlier"})
    studio.results(on=False)
    studio.form("/manager/media/results", data={"results": "on"})
    studio.reading("10", "55")


def file_name(path: str) -> str:
    return path.removeprefix("/manager/").replace("/", "-").replace("?id=", "-").strip("-") or "hall"


class signed_in:  # noqa: N801  (used as `with signed_in(…)`)
    """A page of a person who has signed in; pictures of the sign-in are taken on the way."""

    def __init__(self, studio: Studio, login: str, path: str, language: str, scheme: str) -> None:
        self._studio, self._login, self._name = studio, login, f"sign-in-{language}-{scheme}"
        self._opened = studio.page(f"/sign-in?next={path}&lang={language}", DESK, scheme)

    def __enter__(self) -> Page:
        page = self._opened.__enter__()
        self._studio.take(page, self._name)
        page.locator("[name=login]").fill(self._login)
        page.locator("[name=password]").fill("wrong")
        page.locator("main button[type=submit]").click()
        self._studio.take(page, f"{self._name}-wrong")
        page.locator("[name=login]").fill(self._login)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main button[type=submit]").click()
        page.wait_for_load_state()
        return page

    def __exit__(self, *_: object) -> None:
        self._opened.__exit__(None, None, None)
