"""What a printer says is read in the reader's language, on the hall's page and on the doctor's."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.running import Running, free_port

PRINTER = '[[printers]]\nname = "hall-9"\ntransport = "network"\nhost = "127.0.0.1"\nport = {port}\n\n[[kiosks]]'
REFUSED = {"ar": "رُفض الاتصال", "zgh": "ⵉⵜⵜⵢⴰⴳⵉ ⵓⵣⴷⴰⵢ", "fr": "connexion refusée"}
ENGLISH = re.compile("answers|refused|check")


@pytest.fixture
def hall(running: Running) -> Running:
    """A printer that is switched off."""
    path = running.folder / "unit.toml"
    path.write_text(path.read_text().replace("[[kiosks]]", PRINTER.format(port=free_port()), 1))
    running.person("brahim", "manager")
    running.start()
    return running


@pytest.mark.parametrize("language", list(REFUSED))
def test_a_printer_that_is_off_is_told_in_the_readers_language(hall: Running, screen: Callable[..., Page], language: str) -> None:
    page = screen(f"/sign-in?next=/manager/&lang={language}")
    page.locator("[name=login]").fill("brahim")
    page.locator("[name=password]").fill("a good password")
    page.locator("main button[type=submit]").click()
    said = page.locator("[data-printer=hall-9] [data-technical]")
    expect(said).to_contain_text(REFUSED[language], timeout=20_000)
    assert not ENGLISH.search(said.inner_text())
    page.goto(f"{hall.url}/manager/doctor")
    told = page.locator("#printers .small", has_text=REFUSED[language])
    expect(told).to_have_count(1)
    assert not ENGLISH.search(told.inner_text())
