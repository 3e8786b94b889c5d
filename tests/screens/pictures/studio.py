"""A unit that runs and a browser that takes its pictures."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import Browser, Page, expect, sync_playwright

from server import information, setup
from server.information import Information
from server.media.results import KEPT
from server.operations.demo import make_demo
from server.setup.media import SWITCH
from server.store import open_store, transaction
from tests.chromium import launched
from tests.running import Running, free_port
from tests.server.feedback.conftest import PortalKey, give_keys
from tests.server.media.films import photograph

LANGUAGES = ("ar", "zgh", "fr")
SCHEMES = ("light", "dark")
Size = tuple[int, int]
TALL, WIDE, SMALL, PHONE, DESK = (1080, 1920), (1920, 1080), (1366, 900), (360, 740), (1366, 900)
BROKEN_PRINTER = """
[[printers]]
name = "hall-2"
transport = "network"
host = "127.0.0.1"
port = {port}

[[kiosks]]
name = "kiosk-2"
printer = "hall-2"

[[kiosks]]
name = "kiosk-1"
printer = "hall-1"

[portal]
adapter = "folder"
every_s = 86400

[limits]
tickets_per_minute = 0
requests_per_minute = 0
"""
PASSWORD = "a good password"


class Studio:
    """Opens pages and writes what they show to files named `part-language-mode-size-step.png`.

    With `looks` no picture is taken: it tells what is wrong with a page. `seen` counts the pages, `faults` gathers what was told.
    """

    def __init__(
        self, running: Running, browser: Browser, folder: Path, only: str = "", looks: Callable[[Page], list[str]] | None = None
    ) -> None:
        self.running, self.browser, self.folder, self.only, self.looks = running, browser, folder, only, looks
        self.seen, self.faults = 0, list[str]()
        self.kiosk, self.clerk = running.token("kiosk", "pictures"), running.token("clerk", "pictures-clerk")
        self.manager = running.token("manager", "pictures-manager")

    @contextmanager
    def page(self, path: str, size: Size, scheme: str = "light", **context: Any) -> Iterator[Page]:
        """A page of its own; an error of its script ends the sweep."""
        made = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            reduced_motion="reduce",
            **context,  # type: ignore[arg-type]
        )
        page = made.new_page()
        page.on("pageerror", self._broken)
        page.set_default_timeout(10_000)
        page.goto(self.running.url + path)
        yield page
        made.close()

    def _broken(self, error: Any) -> None:
        self.missed(f"an error in a page: {error}")

    def missed(self, fault: str) -> None:
        """What is wrong, at once and for the end."""
        print(fault, flush=True)
        self.faults.append(fault)

    def take(self, page: Page, name: str, whole: bool = False) -> None:
        """Keep what the page shows, the part below its edge too when `whole`."""
        if not self.wanted(name):
            return
        self.seen += 1
        if self.looks:
            for fault in self.looks(page):
                self.missed(f"{name}: {fault}")
        else:
            page.screenshot(path=self.folder / f"{name}.png", full_page=whole)

    def wanted(self, name: str) -> bool:
        """Whether pictures called so were asked for."""
        return re.search(self.only, name) is not None

    def ticket(self, language: str = "fr", service: str = "etat-civil") -> dict[str, Any]:
        answer: dict[str, Any] = self.running.post(self.kiosk, "/tickets", {"service": service, "language": language}).json()
        return answer

    def at(self, counter: int, *actions: str) -> None:
        """What a clerk does at a counter, one after the other; what can't be done now is passed over."""
        for action in actions:
            self.running.post(self.clerk, f"/counters/{counter}/{action}")

    def served(self, language: str) -> str:
        """A visit that has just ended; its number."""
        visit = self.ticket(language)
        self.at(1, "open")
        self.running.post(self.clerk, "/counters/1/call", {"visit": visit["visit"], "reason": "a picture is taken"})
        self.at(1, "start", "finish")
        return str(visit["ticket"])

    def form(self, path: str, **sent: Any) -> None:
        """A form of the manager's pages, sent."""
        headers = {"Authorization": f"Bearer {self.manager}"}
        answer = requests.post(self.running.url + path, headers=headers, timeout=60, allow_redirects=False, **sent)
        assert answer.status_code < 400, (path, answer.text[:400])

    def reading(self, distance: str, diagonal: str) -> None:
        """How far the farthest seat of display-1 is, and how large it is; empty to say nothing."""
        name = "revision display-1"
        sent = {"distance display-1": distance, "diagonal display-1": diagonal, name: self.revision("/manager/displays", name)}
        self.form("/manager/displays", data=sent)

    def revision(self, path: str, field: str = "revision") -> str:
        """That the manager's page was seen as it is now; empty where it tells none."""
        page = requests.get(self.running.url + path, headers={"Authorization": f"Bearer {self.manager}"}, timeout=60).text
        told = re.search(rf'name="{field}" value="(\w*)"', page)
        return told[1] if told else ""

    def write(self, statement: str, *values: Any) -> None:
        """Straight into the database; screens that are opened later show it."""
        db = open_store(self.running.folder / "unit.db")
        with transaction(db):
            db.conn.execute(statement, values)
        db.close()

    def results(self, on: bool) -> None:
        """Last month's figures, as the worker would have counted them."""
        db = open_store(self.running.folder / "unit.db")
        with transaction(db):
            month = db.conn.execute("SELECT strftime('%Y-%m-01', 'now', 'start of month', '-1 day')").fetchone()[0]
            setup.choose(db.conn, SWITCH, on)
            kept = {"counted_on": "2099-01-01", "month": month, "served": 12_345, "wait_s": 1380, "share": 0.87}
            setup.choose(db.conn, KEPT, kept)
        db.close()


def settled(page: Page) -> None:
    """The moment after a change of view in which the kiosk takes no touch is over."""
    expect(page.locator("#app")).not_to_have_attribute("inert", "")


def many_services(studio: Studio, count: int = 40) -> None:
    """That many more services, each with a name of 80 letters in each script."""
    for number in range(count):
        name = {
            "ar": ("تصحيح الإمضاء والمطابقة للأصل " * 3)[:77] + f" {number:02d}",
            "zgh": ("ⴰⵙⵖⵏ ⵏ ⵓⵣⵎⵣ ⴷ ⵓⵙⵖⵏ " * 5)[:77] + f" {number:02d}",
            "fr": ("Légalisation de signature et certification conforme " * 2)[:77] + f" {number:02d}",
        }
        studio.write(
            "INSERT INTO services(id, position, prefix, series, name, icon, target_s, documents)"
            " VALUES (?, ?, ?, ?, ?, 'other', 900, '[]')",
            f"s{number}", 50 + number, f"{chr(71 + number // 10)}{chr(65 + number % 10)}", f"s{number}",
            json.dumps(name, ensure_ascii=False),
        )  # fmt: skip


def under_headings(studio: Studio, each: int = 10) -> None:
    """The many services, each ten of them under a heading."""
    db = open_store(studio.running.folder / "unit.db")
    with transaction(db):
        for place, one in enumerate(setup.services(db.conn)):
            heading = f"{place // each + 1}"
            named = {"ar": f"مجموعة {heading}", "zgh": f"ⵜⴰⵔⴰⴱⴱⵓⵜ {heading}", "fr": f"Groupe {heading}"}
            information.save(db.conn, one.id, Information(heading=named))
    db.close()


@contextmanager
def studio(unit: Path, folder: Path, only: str = "", looks: Callable[[Page], list[str]] | None = None) -> Iterator[Studio]:
    """The demo's unit with a printer that does not answer, a portal's folder and a public address, served; Chromium beside it."""
    make_demo(unit)
    running = Running(unit)
    text = (unit / "unit.toml").read_text()
    text = text.replace('[[kiosks]]\nname = "kiosk-1"\nprinter = "hall-1"\n', "").replace('[portal]\nadapter = "none"', "")
    text = text.replace("port = 8080\n", f'port = 8080\npublic_url = "{running.url}"\n')
    (unit / "unit.toml").write_text(text + BROKEN_PRINTER.format(port=free_port()))
    give_keys(unit, PortalKey().public())
    running.person("salma", "clerk", PASSWORD)
    running.person("brahim", "manager", PASSWORD)
    running.start()
    with sync_playwright() as playwright:
        browser = launched(playwright)
        try:
            opened = Studio(running, browser, folder, only, looks)
            opened.at(3, "open")  # estimates are told while somebody serves
            opened.at(4, "open")
            yield opened
        finally:
            browser.close()
            running.kill()


def poster(studio: Studio) -> None:
    """A picture and a text beside the calls."""
    said = {
        "text-ar": "مرحبا بكم. المرجو تحضير البطاقة الوطنية.",
        "text-zgh": "ⴰⵏⵙⵓⴼ ⵙ ⵡⵉⵏⵏⵓⵏ",
        "text-fr": "Bienvenue. Préparez votre carte nationale.",
    }
    studio.form("/manager/media", files={"file": ("affiche.jpg", photograph())})
    studio.form("/manager/media/text", data=said)
