"""Without paper, a kiosk sends people to the kiosk beside only where there is one that prints."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.printers.fakes import TcpPrinter
from tests.running import Running
from tests.screens.test_paper import NOTICED_MS, PRINTER, Screen, manager_page, open_page, printer, second, take_ticket

__all__ = ["open_page", "printer", "second"]

KIOSKS = '\n[[kiosks]]\nname = "kiosk-1"\nprinter = "hall-1"\n[[kiosks]]\nname = "kiosk-2"\nprinter = "hall-2"\n'
BESIDE = {"ar": "الآلة المجاورة", "zgh": "ⵜⵎⴰⵛⵉⵏⵜ ⵢⴰⴹⵏ", "fr": "borne voisine"}


@pytest.fixture
def hall(running: Running, printer: TcpPrinter, second: TcpPrinter) -> Running:
    text = (running.folder / "unit.toml").read_text()
    tables = PRINTER.format(name="hall-1", port=printer.port) + PRINTER.format(name="hall-2", port=second.port)
    (running.folder / "unit.toml").write_text(text[: text.index("# [[printers]]")] + tables + KIOSKS)
    running.start()
    return running


def kiosk(hall: Running, open_page: Screen, name: str) -> Page:
    page = open_page(f"/kiosk/?token={hall.token('kiosk', name)}", width=1080, height=1920)
    expect(page.locator("button[lang=fr]")).to_be_visible()
    return page


def without_paper(hall: Running, printer: TcpPrinter, open_page: Screen) -> None:
    """Known to the server: the manager's page says so."""
    office = manager_page(hall, open_page, "/manager/")
    printer.fault("paper-out")
    expect(office.locator("[data-printer=hall-1]")).to_contain_text("Plus de papier", timeout=NOTICED_MS)
    expect(office.locator("[data-printer=hall-2]")).to_contain_text("Prête", timeout=NOTICED_MS)


@pytest.mark.parametrize("language", ["ar", "zgh", "fr"])
def test_the_kiosk_beside_is_named_where_it_is_there_and_prints(
    hall: Running, printer: TcpPrinter, open_page: Screen, language: str
) -> None:
    without_paper(hall, printer, open_page)
    kiosk(hall, open_page, "kiosk-2")
    here = kiosk(hall, open_page, "kiosk-1")
    number = take_ticket(here, language)
    says = here.locator("[data-paper=no_paper]")
    expect(says).to_contain_text(BESIDE[language])
    expect(says).to_contain_text(number)


@pytest.mark.parametrize("language", ["ar", "zgh", "fr"])
def test_no_kiosk_is_named_where_there_is_none(hall: Running, printer: TcpPrinter, open_page: Screen, language: str) -> None:
    without_paper(hall, printer, open_page)
    here = kiosk(hall, open_page, "kiosk-1")
    number = take_ticket(here, language)
    says = here.locator("[data-paper=no_paper]")
    expect(says).to_contain_text(number)
    expect(says).not_to_contain_text(BESIDE[language])


def test_a_kiosk_that_has_no_paper_either_is_not_named(
    hall: Running, printer: TcpPrinter, second: TcpPrinter, open_page: Screen
) -> None:
    without_paper(hall, printer, open_page)
    kiosk(hall, open_page, "kiosk-2")
    here = kiosk(hall, open_page, "kiosk-1")
    take_ticket(here, "fr")
    says = here.locator("[data-paper=no_paper]")
    expect(says).to_contain_text(BESIDE["fr"])
    second.fault("paper-out")
    expect(says).not_to_contain_text(BESIDE["fr"], timeout=NOTICED_MS)
